"""One variable of one series in one place: dated figures, and what they say of a year or any period."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dearth.case.periods import Period, calendar_year
from dearth.case.vocabulary import Sum

Floats = npt.NDArray[np.float64]


class Figure(NamedTuple):
    """One figure in the base unit, with the days it covers."""

    period: Period
    value: float
    scope: str
    quality: str
    source_id: str


@dataclass(frozen=True)
class Series:
    """One variable of one series in one place.

    Attributes
    ----------
    figures : in the order of time; the periods of two figures share no day
    sum : how figures become one: ``sum`` (events), ``mean`` (rates, by days) or ``stock`` (a date)
    years : calendar years of which every day is covered, ascending; of a stock, the years of its dates
    values : (Y,) array by calendar year, in the base unit (persons, per 1000, tonnes, …)
    scopes, qualities, source_ids : (Y,); differences are taken only within one scope
    """

    name: str
    sum: Sum
    figures: tuple[Figure, ...]
    years: tuple[int, ...]
    values: Floats
    scopes: tuple[str, ...]
    qualities: tuple[str, ...]
    source_ids: tuple[str, ...]

    @classmethod
    def of(cls, name: str, how: Sum, figures: Iterable[Figure]) -> "Series":
        """Return the series of `figures`, which may come in any order."""
        ordered = tuple(sorted(figures, key=lambda figure: figure.period))
        touched = range(ordered[0].period.start.year, ordered[-1].period.end.year + 1)
        found: dict[int, tuple[float, Figure]] = {}
        if how == "stock" or all(figure.period == calendar_year(figure.period.year) for figure in ordered):
            found = {figure.period.year: (figure.value, figure) for figure in ordered}
        else:
            for year in touched:
                value, used = _over(ordered, calendar_year(year), how)
                if used and np.isfinite(value):
                    found[year] = (value, used[-1])
        years = tuple(sorted(found))
        last = [found[year][1] for year in years]
        return cls(
            name, how, ordered, years, np.array([found[year][0] for year in years]),
            tuple(f.scope for f in last), tuple(f.quality for f in last), tuple(f.source_id for f in last),
        )  # fmt: skip

    @cached_property
    def by_year(self) -> dict[int, float]:
        """Values keyed by year."""
        return dict(zip(self.years, self.values.tolist(), strict=True))

    @cached_property
    def scope_by_year(self) -> dict[int, str]:
        """Scopes keyed by year."""
        return dict(zip(self.years, self.scopes, strict=True))

    @property
    def gaps(self) -> list[int]:
        """Years missing between the first and the last."""
        if not self.years:
            return []
        present = set(self.years)
        return [y for y in range(self.years[0], self.years[-1] + 1) if y not in present]

    @cached_property
    def within_years(self) -> bool:
        """Whether a figure covers a part of a year: weeks, months, harvest years."""
        return self.sum != "stock" and not all(figure.period.whole_years for figure in self.figures)

    def over(self, period: Period) -> float:
        """Return the events in `period`, or the mean rate by days; nan where a day is not covered.

        A figure whose period lies partly inside is shared by days.
        """
        return _over(self.figures, period, self.sum)[0]

    def at(self, day: Period) -> float:
        """Return the stock on a day, by a straight line between two dates of one scope; else nan."""
        for before, after in zip(self.figures, self.figures[1:], strict=False):
            if before.period.start <= day.start <= after.period.start and before.scope == after.scope:
                span = (after.period.start - before.period.start).days
                share = (day.start - before.period.start).days / span
                return before.value + share * (after.value - before.value)
        return next((f.value for f in self.figures if f.period.start == day.start), float("nan"))


def _over(figures: tuple[Figure, ...], period: Period, how: Sum) -> tuple[float, list[Figure]]:
    total, covered, used = 0.0, 0, []
    # figures share no day, so that their first and their last days are both in order
    first = bisect_left(figures, period.start, key=lambda figure: figure.period.end)
    last = bisect_right(figures, period.end, key=lambda figure: figure.period.start)
    for figure in figures[first:last]:
        days = figure.period.common_days(period)
        if days:
            total += figure.value * (days / figure.period.days if how == "sum" else days)
            covered += days
            used.append(figure)
    if covered != period.days:
        return float("nan"), used
    return (total if how == "sum" else total / covered), used
