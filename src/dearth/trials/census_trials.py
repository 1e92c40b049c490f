"""Methods for two censuses on trial: how often their spread holds the true completeness."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dearth.population.death_distribution import (
    METHODS,
    MethodResult,
    age_ranges,
    all_methods,
    range_with_published_error,
    spread,
)
from dearth.population.extinct_generations import SPAN as GENERATIONS
from dearth.population.growth_balance import SPAN as BALANCE
from dearth.population.growth_balance import growth_balance
from dearth.population.open_age_expectation import FAMILY
from dearth.trials.census_pairs import OPEN, SETTINGS, KnownPair, Setting, known_pair


@dataclass(frozen=True)
class CensusTrials:
    """What the trials of one setting gave; shares are of the populations.

    Attributes
    ----------
    setting, populations : which, and how many
    error : median of estimate over truth less 1, by method (with net migration where it is known)
    within : share of estimates within 20 % of the truth, by method
    spread_holds : the truth lies between the lowest and the highest result of the methods
    wide_holds : the same with the published error of 20 % on either side
    ranges_hold : the truth lies in the range over ages of the growth balance alone
    spread_width : median of highest less lowest, over the truth
    refused : results that were refused, of all results
    """

    setting: Setting
    populations: int
    error: dict[str, float]
    within: dict[str, float]
    spread_holds: float
    wide_holds: float
    ranges_hold: float
    spread_width: float
    refused: float


@dataclass(frozen=True)
class Records:
    """What the records of the trials are like: as those of a case, or drawn.

    Attributes
    ----------
    apart : whole years between the censuses; None = 5 to 12, drawn
    open_age : first age of the open group
    family : Coale-Demeny family of the open group
    balance, generations : first and last age fitted
    """

    apart: int | None = None
    open_age: int = OPEN
    family: str = FAMILY
    balance: tuple[int, int] = BALANCE
    generations: tuple[int, int] = GENERATIONS


def census_trials(
    setting: Setting, populations: int = 200, seed: int = 1, like: Records | None = None
) -> CensusTrials:
    """Return how the methods do on simulated populations of one setting.

    Parameters
    ----------
    setting
        One of `SETTINGS`, or another.
    populations
        How many populations are drawn.
    seed
        Of the populations: each has a stream of its own.
    like
        What the records are like.
    """
    like = like or Records()
    pairs = [known_pair(setting, seed, number, like.apart, like.open_age) for number in range(populations)]
    results = [
        all_methods(pair.interval, pair.sex, like.family, like.balance, like.generations, over_ranges=False)
        for pair in pairs
    ]
    names = [method.name for method in METHODS]
    ratios = {name: _ratios(name, pairs, results) for name in names}
    ends = [(pair.completeness, spread(found), range_with_published_error(found))
            for pair, found in zip(pairs, results, strict=True)]  # fmt: skip
    flat = [one for found in results for one in found]
    return CensusTrials(
        setting, populations,
        {name: float(np.median(ratio) - 1) for name, ratio in ratios.items()},
        {name: float(np.mean(np.abs(ratio - 1) <= 0.2)) for name, ratio in ratios.items()},
        _share(inner is not None and inner[0] <= truth <= inner[1] for truth, inner, _ in ends),
        _share(outer is not None and outer[0] <= truth <= outer[1] for truth, _, outer in ends),
        _share(_in_ranges(pair, like.balance) for pair in pairs),
        float(np.median([(inner[1] - inner[0]) / truth for truth, inner, _ in ends if inner is not None])),
        _share(bool(one.refused) for one in flat),
    )  # fmt: skip


def all_census_trials(populations: int = 200, seed: int = 1) -> tuple[CensusTrials, ...]:
    """Return the trials of every setting."""
    return tuple(census_trials(setting, populations, seed) for setting in SETTINGS)


def _chosen(name: str, found: tuple[MethodResult, ...]) -> MethodResult:
    """Return the result of a method that uses net migration where it is known."""
    return next(one for one in found if one.method == name)


def _ratios(name: str, pairs: list[KnownPair], results: list[tuple[MethodResult, ...]]) -> np.ndarray[
    tuple[int, ...], np.dtype[np.float64]
]:  # fmt: skip
    found = [
        _chosen(name, one).completeness / pair.completeness
        for pair, one in zip(pairs, results, strict=True)
        if not _chosen(name, one).refused
    ]
    return np.array(found)


def _in_ranges(pair: KnownPair, balance: tuple[int, int]) -> bool:
    """Return whether the growth balance over all ranges of ages holds the truth."""
    found = []
    for span in [balance, *age_ranges("growth_balance", int(pair.interval.ages[-1]))]:
        try:
            found.append(growth_balance(pair.interval, span).completeness)
        except ValueError:  # a range that cannot be fitted holds nothing
            continue
    return bool(found) and min(found) <= pair.completeness <= max(found)


def _share(held: Iterable[bool]) -> float:
    return float(np.mean(list(held)))


def markdown(found: Iterable[CensusTrials]) -> str:
    """Return the table of the docs page."""
    head = ("what is wrong", "populations", "spread holds", "spread and 20 %", "ages of growth balance",
            "width of spread", *(method.title for method in METHODS))  # fmt: skip
    lines = [f"| {' | '.join(head)} |", f"| --- |{' ---: |' * (len(head) - 1)}"]
    for one in found:
        methods = [f"{100 * one.error[m.name]:+.0f} % ({100 * one.within[m.name]:.0f} %)" for m in METHODS]
        shares = [f"{100 * value:.0f} %" for value in
                  (one.spread_holds, one.wide_holds, one.ranges_hold, one.spread_width)]  # fmt: skip
        lines.append(f"| {' | '.join([one.setting.what, str(one.populations), *shares, *methods])} |")
    return "\n".join(lines) + "\n"
