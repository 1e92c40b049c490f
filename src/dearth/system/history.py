"""A history: what one or many runs did, labelled, month by month and place by place."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.namespace import namespace, real, total
from dearth.system.levels import Levels
from dearth.system.state import CENTRE

Floats = NDArray[np.float64]
DECEMBER = 11
MEASURES = {  # measure of a year -> its unit
    "grain_output_t": "t",
    "grain_reported_t": "t",
    "procurement_gross_t": "t",
    "procurement_net_t": "t",
    "exports_t": "t",
    "imports_t": "t",
    "kcal_rural": "kcal/head/day",
    "kcal_urban": "kcal/head/day",
    "deaths": "persons",
    "deaths_registered": "persons",
    "births": "persons",
    "cdr": "per 1000",
    "cdr_rural": "per 1000",
    "cdr_urban": "per 1000",
    "cdr_registered": "per 1000",
    "sown_ha": "ha",
    "yield_kg_ha": "kg/ha",
    "population": "persons",
}


@dataclass(frozen=True)
class History:
    """Labelled result of the draws of one simulation.

    Attributes
    ----------
    records : by name [draw, month, ...], of NumPy, or of JAX where slopes are taken; axes as in
        `observe.DIMENSIONS`, units in `variables.UNITS`
    first_year : calendar year of month 0
    land : arable land [place], ha
    granary_areas, granary_area : names of the areas that one granary of the state serves each, and the number
        of the area that a place lies in [place]
    opening_grain : grain of rural places, towns and the state on the first day, t of original grain
    grain_year_start : month, from 0, in which a grain year begins
    levels : names of the levels of the administration
    """

    records: Mapping[str, Floats]
    first_year: int
    places: tuple[str, ...]
    granary_areas: tuple[str, ...]
    granary_area: NDArray[np.int64]
    urban: NDArray[np.bool_]
    land: Floats
    opening_grain: float
    grain_year_start: int
    levels: Levels

    @property
    def draws(self) -> int:
        """How many draws."""
        return len(self.records["population"])

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years."""
        many = self.records["population"].shape[1] // 12
        return tuple(range(self.first_year, self.first_year + many))

    def yearly(self, name: str) -> Floats:
        """Return a record's sums over the months of each year [draw, year, ...]."""
        rows = self.records[name]
        summed: Floats = total(rows.reshape(len(rows), -1, 12, *rows.shape[2:]), 2)
        return summed

    def december(self, name: str) -> Floats:
        """Return a record at the end of each year [draw, year, ...]."""
        found: Floats = real(self.records[name][:, DECEMBER::12])
        return found

    def person_years(self) -> Floats:
        """Return mean population of each year [draw, year, place]."""
        return self.yearly("population") / 12

    def by_year(self) -> dict[str, Floats]:
        """Return the measures of the whole [draw, year]; NaN where nobody lives or the grain year is cut."""
        people = self.person_years()
        output, land = self.yearly("output").sum(-1), (self.december("sown") * self.land).sum(-1)
        deaths, registered = self.yearly("deaths"), self.yearly("deaths_registered")
        gross = self._grain_year("procured") + self._grain_year("searched")
        back = self._grain_year("resale") + self._grain_year("relief")
        register = self.yearly("register").sum(-1) / 12
        return {
            "grain_output_t": output,
            "grain_reported_t": self.december("claims")[..., CENTRE, :].sum(-1),
            "procurement_gross_t": gross,
            "procurement_net_t": gross - back,
            "exports_t": self.yearly("exports").sum(-1),
            "imports_t": self.yearly("imports").sum(-1),
            "kcal_rural": self.yearly_energy(~self.urban),
            "kcal_urban": self.yearly_energy(self.urban),
            "deaths": deaths.sum(-1),
            "deaths_registered": registered.sum(-1),
            "births": self.yearly("births").sum(-1),
            "cdr": _rate(deaths.sum(-1), people.sum(-1)),
            "cdr_rural": _rate(deaths[..., ~self.urban].sum(-1), people[..., ~self.urban].sum(-1)),
            "cdr_urban": _rate(deaths[..., self.urban].sum(-1), people[..., self.urban].sum(-1)),
            "cdr_registered": _rate(registered.sum(-1), register),
            "sown_ha": land,
            "yield_kg_ha": _rate(output, land),
            "population": self.december("population").sum(-1),
        }

    def by_place(self, granary_areas: bool = False) -> dict[str, Floats]:
        """Return death rate and harvest of each place, or granary area [draw, year, place]."""
        parts = [self.yearly("deaths"), self.person_years(), self.yearly("output")]
        if granary_areas:
            parts = [self._by_granary_area(x) for x in parts]
        return {"cdr": _rate(parts[0], parts[1]), "grain_output_t": parts[2]}

    def balance(self) -> dict[str, float]:
        """Return the largest relative errors of the accounts."""
        grain = max(float(self.records[f"error_{part}_grain"].max()) for part in ("place", "state"))
        return {"grain_max_relative": grain, "people_max_relative": float(self.records["error_people"].max())}

    def _by_granary_area(self, x: Floats) -> Floats:
        marks = np.arange(len(self.granary_areas)) == self.granary_area[:, None]
        return np.asarray(x @ marks, float)

    def monthly_energy(self, chosen: NDArray[np.bool_]) -> Floats:
        """Return energy per head and day [draw, month], kcal, of the people of the chosen places [place]."""
        return _mean(*self._eaten(chosen))

    def yearly_energy(self, chosen: NDArray[np.bool_]) -> Floats:
        """Return energy per head and day of each year [draw, year], kcal, of the chosen places [place].

        All that was eaten in the year over all who lived in it: each month counts by its people.
        """
        eaten, people = (x.reshape(len(x), -1, 12).sum(-1) for x in self._eaten(chosen))
        return _mean(eaten, people)

    def _eaten(self, chosen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return energy eaten a day, kcal, and people of the chosen places, each [draw, month]."""
        people = real(self.records["population"][..., chosen])
        return (self.records["energy"][..., chosen] * people).sum(-1), people.sum(-1)

    def _grain_year(self, name: str) -> Floats:
        """Return sums over grain years, each labelled by the year in which it begins.

        NaN for the last one where the records end before it does.
        """
        rows = real(self.records[name]).sum(-1)
        xp = namespace(rows)
        start = self.grain_year_start
        whole = rows[:, start : rows.shape[1] - (12 - start) % 12].reshape(len(rows), -1, 12).sum(-1)
        cut = xp.full((len(rows), len(self.years) - whole.shape[1]), np.nan)
        found: Floats = xp.concatenate([whole, cut], axis=1)
        return found

    def yearly_csv(self) -> str:
        """Return the measures of every draw and year as tidy CSV: draw, year, measure, value."""
        return measures_csv(self.by_year(), self.years)

    def of_draw(self, at: int) -> "History":
        """Return the history of one draw alone."""
        return replace(self, records={name: values[at : at + 1] for name, values in self.records.items()})


def measures_csv(measures: Mapping[str, Floats], years: Sequence[int]) -> str:
    """Return measures [draw, year] as tidy CSV: draw, year, measure, value."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["draw", "year", "measure", "value"])
    for name, values in measures.items():
        for draw, row in enumerate(values):
            out.writerows(
                [draw, year, name, "" if np.isnan(v) else f"{v:.8g}"]
                for year, v in zip(years, row, strict=True)
            )
    return text.getvalue()


def _rate(events: Any, people: Any) -> Floats:
    """Return events per thousand, NaN where there is less than one person (or hectare)."""
    return 1000 * _mean(events, people)


def _mean(whole: Any, people: Any) -> Floats:
    """Return `whole` per head, NaN where there is less than one person (or hectare)."""
    enough, xp = people >= 1, namespace(people)
    found: Floats = xp.where(enough, real(whole) / xp.where(enough, people, 1.0), np.nan)
    return found
