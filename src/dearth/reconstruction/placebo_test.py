"""A placebo among the places: whether registered deaths rose where townspeople had come in.

If names entered twice when people moved were later struck off and registered as deaths, registered deaths
rise with earlier inward migration; deaths of hunger have no reason to. The slope over the places, at the
whole's own migration, measures the struck names among registered deaths.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.schema import Placebo
from dearth.case.years import parse_years
from dearth.population.vital_registration import held_out, read_register, refuse_recalled
from dearth.reconstruction.posterior_tables import PlaceboPlace, PlaceboTable

Floats = NDArray[np.float64]
FEWEST = 8  # places; a slope over fewer says nothing


@dataclass(frozen=True)
class PlaceboResult:
    """Least squares of the rise of registered deaths on the growth of towns, places alike.

    Stocks of all people do not enter: a case may hold them out of every fit.

    Attributes
    ----------
    moved : log growth of townspeople, by place
    rise : registered deaths per 1000 in the years after, over those before, by place
    slope, slope_se : rise per unit of `moved`, standard error robust to unequal spread
    whole : mean of `moved`
    implied, implied_sd : struck names among registered deaths of a year, per person, and its sd
    """

    places: tuple[str, ...]
    moved: Floats
    rise: Floats
    slope: float
    slope_se: float
    whole: float
    implied: float
    implied_sd: float

    def table(self) -> PlaceboTable:
        """Return the result as it stands in a posterior."""
        rows = [
            PlaceboPlace(place, float(m), float(r))
            for place, m, r in zip(self.places, self.moved, self.rise, strict=True)
        ]
        return PlaceboTable(rows, self.slope, self.slope_se, self.whole, 1000 * self.implied,
                       1000 * self.implied_sd)  # fmt: skip


def placebo(case: Case, spec: Placebo) -> PlaceboResult:
    """Return the placebo of the places `case` holds.

    Raises
    ------
    CaseError
        Fewer than eight places, or years that are held out of every fit.
    """
    first, last = spec.moved
    rows: list[tuple[str, float, float]] = []
    for place in case.settings.places:
        if place.kind != "place" or not case.evidence.has(spec.urban, place.name):
            continue
        register = read_register(case, spec.register_name, place.name)
        _refuse_held_out(case, spec, place.name)
        refuse_recalled(case, spec.urban, place.name)
        urban = case.evidence.series(spec.urban, place.name).by_year
        rates = dict(zip(register.years, register.death_rate.tolist(), strict=True))
        needed = [*parse_years(spec.before), *parse_years(spec.after)]
        if not {first, last} <= urban.keys() or not set(needed) <= rates.keys():
            continue
        rise = np.mean([rates[y] for y in parse_years(spec.after)]) - np.mean(
            [rates[y] for y in parse_years(spec.before)]
        )
        rows.append((place.name, float(np.log(urban[last] / urban[first])), float(rise)))
    if len(rows) < FEWEST:
        raise mistake("case.yaml", f"only {len(rows)} places hold townspeople of {first} and {last} and "
                      f"rates of {spec.before} and {spec.after}; {FEWEST} are needed",
                      field="reconstruction.placebo")  # fmt: skip
    return _fit(rows, spec)


def _fit(rows: list[tuple[str, float, float]], spec: Placebo) -> PlaceboResult:
    names, moved, rise = zip(*rows, strict=True)
    x, y = np.array(moved, float), np.array(rise, float)
    centre = float(x.mean())
    spread = ((x - centre) ** 2).sum()
    slope = float(((x - centre) * y).sum() / spread)
    left = y - y.mean() - slope * (x - centre)
    free = len(x) / (len(x) - 2)
    se = float(np.sqrt(free * ((x - centre) ** 2 * left**2).sum()) / spread)
    implied = slope * centre / 1000
    sd = float(np.hypot(se * centre, spec.confounding_sd) / 1000)
    return PlaceboResult(names, x, y, slope, se, centre, implied, sd)


def _refuse_held_out(case: Case, spec: Placebo, place: str) -> None:
    used = {*parse_years(spec.before), *parse_years(spec.after)}
    out = used & held_out(case, spec.register_name, place)
    if out:
        raise mistake("case.yaml", f"{place}: rates of {sorted(out)} are held out of every fit",
                      field="reconstruction.placebo")  # fmt: skip
