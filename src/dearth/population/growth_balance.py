"""Generalised growth balance: completeness of death registration from two censuses.

In any population the rate at which people reach age a, less the growth rate above a, plus net migration, is
the death rate above a. Registered deaths are a share of deaths, the same at all adult ages, and the censuses
may differ in their coverage. The points of all ages then lie on a straight line.
"""

from dataclasses import dataclass

import numpy as np

from dearth.population.census_interval import CensusInterval, Floats, birthdays, fitted, from_age

SPAN = (5, 80)
"""First and last age fitted unless the user names others (IUSSP Tools, worked example of the method)."""


@dataclass(frozen=True)
class GrowthBalance:
    """The fitted line and what follows from it.

    Attributes
    ----------
    ages : first ages of the groups [age]
    death_rate : registered deaths above each age over persons above it, a year [age]
    entry_rate : rate of reaching the age, less growth, plus net migration, a year [age]; nan at age 0
    used : ages the line was fitted to [age]
    slope, intercept : of the line entry_rate = intercept + slope x death_rate
    census_ratio : coverage of the first census over that of the second
    completeness : of death registration, against the census that covers more
    """

    ages: Floats
    death_rate: Floats
    entry_rate: Floats
    used: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    slope: float
    intercept: float
    census_ratio: float
    completeness: float


def growth_balance(interval: CensusInterval, span: tuple[int, int] = SPAN) -> GrowthBalance:
    """Return completeness by the generalised growth balance, open to migration.

    The line is fitted by orthogonal regression in its simple form: the slope is the ratio of the standard
    deviations. Persons above an age are the geometric mean of the two censuses; growth is their change over
    that mean and the years.

    Parameters
    ----------
    interval
        Two censuses with deaths and net migrants.
    span
        First and last age of the fit, both included; the open group is never fitted.

    Raises
    ------
    ValueError
        When fewer than three ages can be fitted, or the points do not rise with the death rate.

    References
    ----------
    hill1987, hill_you_choi2009, moultrie2013
    """
    above = np.sqrt(from_age(interval.first) * from_age(interval.second))
    growth = (from_age(interval.second) - from_age(interval.first)) / (above * interval.years)
    entry = birthdays(interval) / above - growth + from_age(interval.migrants) / above
    death = from_age(interval.deaths) / above
    used = fitted(interval.ages, span)
    x, y = death[used], entry[used]
    if x.std() == 0 or np.corrcoef(x, y)[0, 1] <= 0:
        raise ValueError(
            f"the entry rates of ages {span[0]} to {span[1]} do not rise with the registered death rates: "
            "no straight line describes them, and completeness cannot be read from it"
        )
    slope = float(y.std(ddof=1) / x.std(ddof=1))
    intercept = float(y.mean() - slope * x.mean())
    ratio = float(np.exp(intercept * interval.years))
    first = min(ratio, 1.0)
    completeness = float(np.sqrt(first * (first / ratio)) / slope)
    return GrowthBalance(interval.ages, death, entry, used, slope, intercept, ratio, completeness)
