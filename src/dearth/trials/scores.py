"""How well intervals did over many trials: coverage, width, bias, interval score, ranks, warnings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.trials.replicates import LEVELS, Found
from dearth.trials.tiers import BEYOND

Floats = NDArray[np.float64]
BINS = 10  # of the rank histogram
SEEN = 0.5  # of the trials warned of, from which a degradation counts as seen; assumed
BOUNDS = (
    2.0,
    2.5,
    3.0,
    3.3,
    3.6,
    4.0,
    5.0,
)  # in place of `conflicts.CONFLICT`, to compare
TOLL = 0.1  # of the deaths of the window: below it excess deaths are too few to divide by


Coverage = dict[str, float | None]  # share of intervals that hold the truth, by level in per cent


@dataclass(frozen=True)
class BirthScores:
    """Scores of births; coverage of births lost (gross), births recovered and births lost (net).

    Attributes
    ----------
    bias, width : medians over the true births
    """

    coverage: Coverage
    gross_coverage: Coverage
    recovered_coverage: Coverage
    net_coverage: Coverage
    bias: float | None
    width: float | None


@dataclass(frozen=True)
class OwnNormalScores:
    """Scores of excess deaths over the estimate's own normal mortality, against the same truth."""

    coverage: Coverage
    width_over_toll: float | None
    bias_over_toll: float | None
    called_excess: float | None


@dataclass(frozen=True)
class Scores:
    """Scores of trials: shares from 0 to 1; None of no trials.

    Attributes
    ----------
    used, refused : numbers of trials; those of the worst corner are in neither
    width_over_toll, bias_over_toll, interval_score : over the true excess deaths
    warned, held_or_warned : shares of trials with a warning; that held the truth or had a warning
    rank_histogram : number of truths in each tenth of the draws, by quantity
    warned_by_bound : share warned of, had the rule of conflict another bound
    called_excess, called_famine, truly_excess : shares of trials with an excess found, with a famine found
        (deaths and births lost), and with a true excess above a tenth of the deaths
    """

    used: int
    refused: int
    coverage: Coverage
    excess_coverage: Coverage
    worst_corner_coverage90: float | None
    width_over_toll: float | None
    bias_over_toll: float | None
    interval_score: float | None
    warned: float | None
    held_or_warned: float | None
    births: BirthScores
    own_normal: OwnNormalScores
    rank_histogram: dict[str, list[int]]
    warned_by_bound: dict[str, float]
    called_excess: float | None
    called_famine: float | None
    truly_excess: float | None


@dataclass(frozen=True)
class Beyond:
    """How often a degradation beyond the priors was warned of, and whether the records show it at all."""

    trials: int
    warned: float
    seen: bool


def scores(found: Sequence[Found]) -> Scores:
    """Return the scores of trials that were not refused; the worst corner is scored apart.

    Coverage is the share of intervals that hold the truth. The interval score (Gneiting & Raftery 2007,
    section 6.2) is of the 90 % interval of excess deaths, over the true number; width and bias are medians
    over it, of windows whose true number is above a tenth of their deaths. `own_normal` scores the excess
    over the estimate's own normal mortality against the same truth.

    References
    ----------
    gneiting_raftery2007
    """
    used = [f for f in found if not f.refused]
    usual = [f for f in used if not f.corner]
    tolls = [f for f in usual if f.truth["excess"] > TOLL * f.truth["deaths"]]
    return Scores(
        used=len(usual),
        refused=len(found) - len(used),
        coverage=coverage(usual, "deaths"),
        excess_coverage=coverage(usual, "excess"),
        worst_corner_coverage90=coverage([f for f in used if f.corner], "deaths")["90"],
        width_over_toll=_median([_width(f, "excess") / f.truth["excess"] for f in tolls]),
        bias_over_toll=_median([f.medians["excess"] / f.truth["excess"] - 1 for f in tolls]),
        interval_score=_mean([_score(f, "excess") / f.truth["excess"] for f in tolls]),
        warned=_mean([float(bool(f.warnings)) for f in usual]),
        held_or_warned=_mean([float(held_or_warned(f)) for f in usual]),
        births=_births(usual),
        own_normal=_own_normal(usual, tolls),
        rank_histogram={name: ranks(usual, name) for name in ("deaths", "births", "excess")},
        warned_by_bound=trade_off(found),
        called_excess=_mean([float(_above_zero(f, "excess")) for f in usual]),
        called_famine=_mean([float(called_famine(f)) for f in usual]),
        truly_excess=_mean([float(f.truth["excess"] > TOLL * f.truth["deaths"]) for f in usual]),
    )


def _births(usual: Sequence[Found]) -> BirthScores:
    return BirthScores(
        coverage=coverage(usual, "births"),
        gross_coverage=coverage(usual, "gross"),
        recovered_coverage=coverage(usual, "recovered"),
        net_coverage=coverage(usual, "net"),
        bias=_median([f.medians["births"] / f.truth["births"] - 1 for f in usual]),
        width=_median([_width(f, "births") / f.truth["births"] for f in usual]),
    )


def _own_normal(usual: Sequence[Found], tolls: Sequence[Found]) -> OwnNormalScores:
    return OwnNormalScores(
        coverage=coverage(usual, "excess_printed"),
        width_over_toll=_median([_width(f, "excess_printed") / f.truth["excess"] for f in tolls]),
        bias_over_toll=_median([f.medians["excess_printed"] / f.truth["excess"] - 1 for f in tolls]),
        called_excess=_mean([float(_above_zero(f, "excess_printed")) for f in usual]),
    )


def coverage(found: Sequence[Found], name: str) -> Coverage:
    """Return the share of intervals of each level that hold the truth; None of no trials."""
    return {str(level): _mean([float(holds(f, name, str(level))) for f in found]) for level in LEVELS}


def ranks(found: Sequence[Found], name: str) -> list[int]:
    """Return how often the truth lay in each tenth of the draws."""
    counts, _ = np.histogram([f.ranks[name] for f in found], BINS, (0.0, 1.0))
    return [int(n) for n in counts]


def held_or_warned(found: Found) -> bool:
    """Return whether the printed interval of excess deaths contained the truth or carried a warning."""
    return holds(found, "excess_printed", "90") or bool(found.warnings)


def seen_in_records(found: Sequence[Found]) -> dict[str, Beyond]:
    """Return of each thing beyond the priors how often it was warned of, by the place's records of people.

    What is warned of less than in half of the trials is not seen in these records.
    """
    by_records: dict[str, Beyond] = {}
    for letter in BEYOND:
        mine = [f for f in found if not f.refused and f.letters.endswith(letter)]
        for held, counted in (("yearly stocks", False), ("two counts", True)):
            some = [f for f in mine if ("C" in f.letters) == counted]
            if some:
                share = float(np.mean([bool(f.warnings) for f in some]))
                by_records[f"{letter}, {held}"] = Beyond(len(some), share, share >= SEEN)
    return by_records


def trade_off(found: Sequence[Found]) -> dict[str, float]:
    """Return the share of trials warned of, had the rule another bound."""
    used = [f.furthest for f in found if not f.refused and not f.corner]
    return {str(bound): float(np.mean(np.array(used) > bound)) for bound in BOUNDS} if used else {}


def called_famine(found: Found) -> bool:
    """Return whether both excess deaths and births lost are found: 90 % intervals above zero.

    An epidemic raises deaths, emigration lowers births: only both together are a famine's mark.
    """
    return _above_zero(found, "excess") and _above_zero(found, "gross")


def holds(f: Found, name: str, level: str) -> bool:
    """Return whether the interval of a quantity at a level, in per cent, contained the truth."""
    low, high = f.intervals[name][level]
    return low <= f.truth[name] <= high


def _above_zero(f: Found, name: str) -> bool:
    return f.intervals[name]["90"][0] > 0


def _width(f: Found, name: str) -> float:
    low, high = f.intervals[name]["90"]
    return high - low


def _score(f: Found, name: str) -> float:
    low, high = f.intervals[name]["90"]
    x = f.truth[name]
    return high - low + 20.0 * (max(low - x, 0.0) + max(x - high, 0.0))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None
