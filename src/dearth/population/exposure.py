"""The population at risk: person-years of a calendar year from stocks and mid-year populations."""

from dataclasses import dataclass, field

import numpy as np

from dearth.case.evidence import Series
from dearth.case.periods import Period, calendar_year


@dataclass(frozen=True)
class Exposure:
    """What a case says of the number of people.

    Attributes
    ----------
    midyear : mean population of a calendar year, persons
    stocks : people of 31 December, persons; empty where stocks stand on other days
    scopes : scope of each of `stocks`
    dated : stocks on other days, between which a straight line is drawn within one scope
    """

    midyear: dict[int, float] = field(default_factory=dict)
    stocks: dict[int, float] = field(default_factory=dict)
    scopes: dict[int, str] = field(default_factory=dict)
    dated: Series | None = None

    @property
    def empty(self) -> bool:
        """Whether the case has no population."""
        return not (self.midyear or self.stocks or self.dated)

    def same_scope(self, year: int) -> bool:
        """Whether the stocks before and after `year` count the same people."""
        return self.scopes.get(year) == self.scopes.get(year - 1)

    def of_year(self, year: int) -> float:
        """Return the person-years of a calendar year, nan where the case does not give them.

        References
        ----------
        preston2001
        """
        if year in self.midyear:
            return self.midyear[year]
        if year in self.stocks and year - 1 in self.stocks and self.same_scope(year):
            return (self.stocks[year] + self.stocks[year - 1]) / 2
        return float("nan") if self.dated is None else _mean_stock(self.dated, calendar_year(year))


def exposure(stock: Series | None, midyear: Series | None) -> Exposure:
    """Return the population at risk from the two series that a register may name."""
    means = {} if midyear is None else midyear.by_year
    if stock is None:
        return Exposure(means)
    if all((f.period.start.month, f.period.start.day) == (12, 31) for f in stock.figures):
        return Exposure(means, stock.by_year, stock.scope_by_year)
    return Exposure(means, dated=stock)


def _mean_stock(stock: Series, period: Period) -> float:
    """Return the mean of the straight lines between dated stocks over a period, persons."""
    inside = [f.period.start for f in stock.figures if period.start < f.period.start < period.end]
    days = [period.start, *inside, period.end]
    values = [stock.at(Period(day, day)) for day in days]
    if not np.isfinite(values).all():
        return float("nan")
    at = [(day - period.start).days for day in days]
    return float(np.trapezoid(values, at) / at[-1])
