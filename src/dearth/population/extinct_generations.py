"""Synthetic extinct generations: completeness of death registration from two censuses.

The people who reach an age are those who will die above it. Registered deaths above the age, made larger or
smaller by the growth rates between the ages, therefore count them; the censuses count them too. The ratio of
the two counts is completeness.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from dearth.population.census_interval import WIDTH, CensusInterval, Floats, birthdays, fitted
from dearth.population.growth_balance import SPAN as BALANCE_SPAN
from dearth.population.growth_balance import growth_balance
from dearth.population.open_age_expectation import FAMILY, open_age_expectation

SPAN = (25, 60)
"""First and last age of the mean ratio unless the user names others (IUSSP Tools, worked example)."""
WIDEST_DELTA = 0.05
"""Largest correction of growth that is looked for, a year. Assumed: beyond it two censuses do not compare."""


@dataclass(frozen=True)
class ExtinctGenerations:
    """Ratios by age and their mean.

    Attributes
    ----------
    ages : first ages of the groups [age]
    ratio : persons who reach the age by deaths over those by the censuses [age]; nan at age 0
    used : ages of the mean [age]
    delta : correction added to the growth rate of every age, a year
    open_expectation : years still expected at the start of the open group
    completeness : mean ratio of the ages used
    """

    ages: Floats
    ratio: Floats
    used: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    delta: float
    open_expectation: float
    completeness: float


def extinct_generations(
    interval: CensusInterval,
    sex: str,
    span: tuple[int, int] = SPAN,
    family: str = FAMILY,
    delta: float = 0.0,
) -> ExtinctGenerations:
    """Return completeness by synthetic extinct generations, open to migration.

    Parameters
    ----------
    interval
        Two censuses with deaths and net migrants.
    sex
        ``female`` or ``male``: of the model life table for the open age group.
    span
        First and last age of the mean ratio, both included.
    family
        Coale-Demeny family for the open age group.
    delta
        Added to every growth rate, a year.

    Raises
    ------
    ValueError
        When fewer than three ages lie in the span, or the open group starts outside 60 to 95.

    References
    ----------
    bennett_horiuchi1981, bennett_horiuchi1984, moultrie2013
    """
    growth = _growth(interval) + delta
    cumulated = WIDTH * (np.cumsum(growth) - growth / 2)
    expected = open_age_expectation(
        interval.ages, interval.deaths * np.exp(cumulated), sex, float(interval.ages[-1]), family
    )
    persons = np.empty_like(growth)
    left = expected * growth[-1]
    persons[-1] = interval.deaths[-1] * (np.exp(left) - left**2 / 6)
    for at in range(len(growth) - 2, -1, -1):
        years = WIDTH * growth[at]
        persons[at] = persons[at + 1] * np.exp(years) + interval.deaths[at] * np.exp(years / 2)
    ratio = persons / birthdays(interval)
    used = fitted(interval.ages, span)
    return ExtinctGenerations(interval.ages, ratio, used, delta, expected, float(ratio[used].mean()))


def _growth(interval: CensusInterval) -> Floats:
    """Return the growth rate of each age group less its net migration rate, a year [age]."""
    change = np.log(interval.second / interval.first) / interval.years
    return np.asarray(change - interval.migrants / np.sqrt(interval.first * interval.second))


def extinct_generations_with_delta(
    interval: CensusInterval, sex: str, span: tuple[int, int] = SPAN, family: str = FAMILY
) -> ExtinctGenerations:
    """Return the same with the correction of growth that makes the ratios level over the ages of `span`.

    One number is added to the growth rate of every age: it stands for a difference in coverage between the
    two censuses. Level means that the straight line through the ratios by age has slope zero. Completeness
    is then relative to the mean coverage of the two censuses.

    Raises
    ------
    ValueError
        As `extinct_generations`; also when no correction within 5 % a year makes the ratios level.

    References
    ----------
    bennett_horiuchi1981, moultrie2013
    """

    def slope(delta: float) -> float:
        found = extinct_generations(interval, sex, span, family, delta)
        ages = found.ages[found.used]
        return float(((ages - ages.mean()) * found.ratio[found.used]).sum())

    if slope(-WIDEST_DELTA) * slope(WIDEST_DELTA) > 0:
        raise ValueError(
            f"no correction of the growth rates within {100 * WIDEST_DELTA:g} % a year makes the ratios of "
            f"ages {span[0]} to {span[1]} level"
        )
    delta = float(brentq(slope, -WIDEST_DELTA, WIDEST_DELTA, xtol=1e-10))
    return extinct_generations(interval, sex, span, family, delta)


def balance_then_generations(
    interval: CensusInterval,
    sex: str,
    balance_span: tuple[int, int] = BALANCE_SPAN,
    span: tuple[int, int] = SPAN,
    family: str = FAMILY,
) -> ExtinctGenerations:
    """Return extinct generations after the growth balance has made the two censuses comparable.

    The first census is divided by its coverage relative to the second, as the growth balance finds it.

    Raises
    ------
    ValueError
        As `growth_balance` and `extinct_generations`.

    References
    ----------
    hill_you_choi2009, moultrie2013
    """
    ratio = growth_balance(interval, balance_span).census_ratio
    return extinct_generations(interval.with_first_census(1 / ratio), sex, span, family)
