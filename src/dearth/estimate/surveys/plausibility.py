"""Plausibility checks of a mortality survey: each has penalty points and a reason; there is no verdict.

The checks and their limits are those that users of SMART surveys know, as the R package healthyr publishes
them. They ask whether the sample looks like a population, not whether the rate is right: a famine moves
several of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, chi2

from dearth.numerics.interval import Floats

AGES_FIVE = 0.4  # of children under five, those under two, if each year of age has as many (assumed)
AGES_TEN = 0.5  # of children under ten, those under five, likewise (assumed)
P_AGE = ((0.1, 0), (0.05, 2), (0.001, 5))  # p value above which the points are given; below all: 10
P_SEX = ((0.05, 0), (0.001, 2), (0.0001, 5))
SHARE_MOVED = ((0.1, 0), (0.2, 2), (0.3, 5))  # share below which the points are given; above all: 10
SHARE_SEVERAL = ((0.005, 0), (0.01, 2), (0.015, 5))
RATE = ((1.0, 0), (2.0, 5), (3.5, 10))  # deaths per 10,000 a day; above all: 20


@dataclass(frozen=True)
class PlausibilityCheck:
    """One check: `score` penalty points of at most `worst`, and the figures behind them in a sentence."""

    name: str
    title: str
    score: int
    worst: int
    reason: str
    sources: tuple[str, ...] = ("rahman2022",)


@dataclass(frozen=True)
class People:
    """What the checks look at; arrays of the persons (N,), NaN where a file does not say.

    Attributes
    ----------
    sex : 1 male, 2 female
    age : years
    deaths : 1 for a death
    household, cluster : numbers from 0
    joined, left : 1 for people who came or went in the recall, 0 for others; None without the column
    """

    sex: Floats
    age: Floats
    deaths: Floats
    household: Floats
    cluster: Floats
    person_days: Floats
    joined: Floats | None
    left: Floats | None


def plausibility(people: People, crude_rate: float, expected_under_five: float) -> list[PlausibilityCheck]:
    """Return every check that the file has the columns for.

    Parameters
    ----------
    crude_rate : deaths per 10,000 a day
    expected_under_five : share of the people who are under five in a population like this

    References
    ----------
    rahman2022
    """
    checks = [_rate(crude_rate), _several(people), _clusters(people)]
    if np.isfinite(people.sex).any():
        checks.append(_sexes(people.sex))
    if np.isfinite(people.age).any():
        checks += _ages(people.age, expected_under_five)
    return [*checks, *_moved(people)]


def below(value: float, steps: tuple[tuple[float, int], ...], worst: int) -> int:
    """Return the points of the first step that `value` lies below, else `worst`."""
    return next((points for limit, points in steps if value < limit), worst)


def above(value: float, steps: tuple[tuple[float, int], ...], worst: int) -> int:
    """Return the points of the first step that `value` lies above, else `worst`."""
    return next((points for limit, points in steps if value > limit), worst)


def _rate(rate: float) -> PlausibilityCheck:
    reason = f"{rate:.2f} deaths per 10,000 a day; 1, 2 and 3.5 are the steps. A crisis may be above."
    return PlausibilityCheck("crude_rate", "Level of the crude rate", below(rate, RATE, 20), 20, reason)


def _several(people: People) -> PlausibilityCheck:
    deaths = np.bincount(people.household.astype(int), people.deaths)
    share = float((deaths > 1).mean())
    reason = (
        f"{int((deaths > 1).sum())} of {len(deaths):,} households report two deaths or more ({share:.1%})."
    )
    return PlausibilityCheck("households_with_several_deaths", "Households with several deaths",
                             below(share, SHARE_SEVERAL, 10), 10, reason)  # fmt: skip


def _clusters(people: People) -> PlausibilityCheck:
    """Compare deaths by cluster with those that chance would give for their person-time."""
    number = people.cluster.astype(int)
    deaths = np.bincount(number, people.deaths)
    time = np.bincount(number, people.person_days)
    expected = deaths.sum() * time / time.sum()
    has = expected > 0
    if deaths.sum() == 0 or has.sum() < 2:
        return PlausibilityCheck("deaths_by_cluster", "Deaths by cluster", 0, 10,
                                 "No deaths, so nothing to compare.", ("assumed",))  # fmt: skip
    statistic = float(((deaths - expected)[has] ** 2 / expected[has]).sum())
    p = float(chi2.sf(statistic, int(has.sum()) - 1))
    index = statistic / (int(has.sum()) - 1)
    reason = (f"Between clusters the deaths vary {index:.1f} times as much as chance alone would have them "
              f"(p = {p:.2g}); violence and epidemics cluster deaths too.")  # fmt: skip
    return PlausibilityCheck("deaths_by_cluster", "Deaths by cluster", above(p, P_AGE, 10), 10, reason)


def _sexes(sex: Floats) -> PlausibilityCheck:
    men, women = int((sex == 1).sum()), int((sex == 2).sum())
    p = float(binomtest(men, men + women, 0.5).pvalue) if men + women else 1.0
    reason = f"{men:,} males and {women:,} females (p = {p:.2g} against as many of each)."
    return PlausibilityCheck("sex_ratio", "Sexes", above(p, P_SEX, 10), 10, reason)


def _ages(age: Floats, expected_under_five: float) -> Iterator[PlausibilityCheck]:
    known = age[np.isfinite(age)]
    rows = (
        ("under_five", "Children under five among all", known, 5, expected_under_five),
        ("under_two", "Children under two among those under five", known[known < 5], 2, AGES_FIVE),
        ("under_five_of_ten", "Children under five among those under ten", known[known < 10], 5, AGES_TEN),
    )
    for name, title, among, limit, expected in rows:
        if len(among):
            young = int((among < limit).sum())
            p = float(binomtest(young, len(among), expected).pvalue)
            share = f"{young:,} of {len(among):,} ({young / len(among):.1%})"
            reason = f"{share}; {expected:.0%} expected (p = {p:.2g})."
            yield PlausibilityCheck(name, title, above(p, P_AGE, 10), 10, reason, ("rahman2022", "assumed"))


def _moved(people: People) -> Iterator[PlausibilityCheck]:
    rows = (("joined", "People who joined", people.joined), ("left", "People who left", people.left))
    for name, title, flags in rows:
        if flags is not None:
            share = float((flags == 1).mean())
            reason = f"{int((flags == 1).sum()):,} of {len(flags):,} ({share:.1%}) in the recall."
            yield PlausibilityCheck(name, title, below(share, SHARE_MOVED, 10), 10, reason)
