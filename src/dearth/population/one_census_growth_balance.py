"""Growth balance with one census: completeness of deaths that households report, in a stable population."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dearth.population.census_interval import WIDTH, Floats, fitted, from_age

SPAN = (5, 65)
"""First and last age fitted unless the user names others (IUSSP Tools, Brass growth balance)."""


@dataclass(frozen=True)
class OneCensusBalance:
    """The fitted line and what follows from it.

    Attributes
    ----------
    ages : first ages of the groups [age]
    death_rate : reported deaths above each age over persons above it, a year [age]
    entry_rate : rate of reaching the age, a year [age]; nan at age 0
    used : ages the line was fitted to [age]
    growth : growth rate of the stable population, a year: the intercept
    completeness : of the reports of deaths, one over the slope
    """

    ages: Floats
    death_rate: Floats
    entry_rate: Floats
    used: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    growth: float
    completeness: float


def one_census_balance(
    ages: ArrayLike,
    persons: ArrayLike,
    deaths: ArrayLike,
    years: float = 1.0,
    span: tuple[int, int] = SPAN,
) -> OneCensusBalance:
    """Return the completeness of reported deaths from one census, by Brass's growth balance.

    The population is taken as stable and closed: one growth rate at all ages, nobody moves. Where a second
    census exists, the generalised method needs neither.

    Parameters
    ----------
    ages, persons
        First ages 0, 5, ... with an open last group; persons at the census [age].
    deaths
        Deaths that households report for the last `years` years [age].
    years
        Length of the period that the households were asked about.
    span
        First and last age of the fit.

    Raises
    ------
    ValueError
        Ages that are not 0, 5, 10, ..., counts that are missing or not positive, or points that do not rise.

    References
    ----------
    brass1975, moultrie2013
    """
    at, people, dead = (np.asarray(values, float) for values in (ages, persons, deaths))
    if not np.array_equal(at, WIDTH * np.arange(len(at))) or not at.shape == people.shape == dead.shape:
        raise ValueError(f"ages must be 0, 5, 10, ... with one count each; given {at.tolist()}")
    if not (np.isfinite(people + dead).all() and (people > 0).all() and (dead >= 0).all() and years > 0):
        raise ValueError("persons must be more than zero, deaths zero or more, and the period positive")
    above = from_age(people)
    entry = np.concatenate([[np.nan], np.sqrt(people[:-1] * people[1:]) / WIDTH]) / above
    death = from_age(dead) / years / above
    used = fitted(at, span)
    x, y = death[used], entry[used]
    if x.std() == 0 or np.corrcoef(x, y)[0, 1] <= 0:
        raise ValueError("the entry rates do not rise with the death rates: no line describes the ages")
    slope = float(y.std(ddof=1) / x.std(ddof=1))
    return OneCensusBalance(at, death, entry, used, float(y.mean() - slope * x.mean()), 1 / slope)
