"""The range of totals that declared dependence between lists and declared errors of matching allow."""

from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt
from statistics import NormalDist

from dearth.estimate.lists.histories import Histories
from dearth.numerics.interval import LEVEL

FEWEST_SHARED = 7  # people; with fewer, the two lists give no upper limit (Robson and Regier 1964)
JUST_FITS = 0.6  # of the declared odds ratios: if narrower ones leave no total, the range is fragile
SOURCE = "Aleshin-Guendel et al. 2024; Ding and Fienberg 1994; Woolf 1955; Robson and Regier 1964"
ZERO = 0.5  # added to the four figures of two lists, so that none is zero


@dataclass(frozen=True)
class Declared:
    """What is assumed of the lists; each a lowest and a highest value, the defaults assumed.

    Attributes
    ----------
    odds_ratio : of being on one list, for people on the other against people who are not; 1 is independence,
        more than 1 means that the same people tend to be on both
    false_matches : share of the people found on both of two lists who are two people
    missed_matches : share of the people on both of two lists who were not recognised
    """

    odds_ratio: tuple[float, float] = (0.5, 4.0)
    false_matches: tuple[float, float] = (0.0, 0.1)
    missed_matches: tuple[float, float] = (0.0, 0.1)


@dataclass(frozen=True)
class PairBounds:
    """What two lists allow.

    Attributes
    ----------
    first, second : names of the lists
    both : people found on both
    total : by Lincoln and Petersen's ``n1 n2 / m``, infinite without a shared person
    low, high : least and greatest total; `high` is infinite with fewer than `FEWEST_SHARED` people on both
    """

    first: str
    second: str
    both: float
    total: float
    low: float
    high: float


@dataclass(frozen=True)
class DependenceRange:
    """The range, or why there is none.

    Attributes
    ----------
    low, high : persons; None where the range is refused
    level : probability with which sampling error alone leaves a total inside that fits what is declared
    declared : what was assumed
    pairs : bounds of every two lists
    lowest, highest : names of the two lists that set each end
    widening : the least factor by which both declared odds ratios would have to be widened for a total to
        fit; below 1 where narrower ones would do
    refused : why there is no range, empty where there is one
    help : what record would help, empty where nothing is refused
    """

    low: float | None
    high: float | None
    level: float
    declared: Declared
    pairs: tuple[PairBounds, ...]
    lowest: str
    highest: str
    widening: float
    refused: str = ""
    help: str = ""

    @property
    def fragile(self) -> bool:
        """Whether the declared odds ratios only just fit together, so that the range is too narrow to trust.

        In trials of dependence beyond what is declared most ranges that miss the truth are fragile; of those
        within it, one in twenty at most (``docs/lists.md``).
        """
        return self.low is not None and self.widening > JUST_FITS


def dependence_range(
    table: Histories, declared: Declared | None = None, level: float = LEVEL
) -> DependenceRange:
    """Return the totals that satisfy every two lists at once.

    Two lists with n1, n2 and m people in common and an odds ratio w have ``w (n1 - m)(n2 - m) / m`` people on
    neither, after m is corrected to ``m (1 - false) / (1 - missed)``. Sampling error is that of the logarithm
    of an odds ratio, shared out over all pairs (Bonferroni). The range is what all pairs have in common.

    References
    ----------
    aleshinguendel2024, ding1994, woolf1955, robson1964
    """
    declared = declared or Declared()
    pairs = tuple(_bounds(table, i, j, declared, level) for i, j in table.pairs)
    floor = _fewest_people(table, declared)
    lowest = max(pairs, key=lambda one: one.low)
    highest = min(pairs, key=lambda one: one.high)
    names = (f"{lowest.first} and {lowest.second}", f"{highest.first} and {highest.second}")
    factor = _least_widening(table, declared, level)
    whole = DependenceRange(None, None, level, declared, pairs, *names, factor)
    low, high = max(lowest.low, floor), highest.high
    if high == inf:
        most = max(pairs, key=lambda one: one.both)
        return replace(
            whole,
            refused=f"the lists overlap too little: {most.first} and {most.second} share {most.both:,.0f} "
            f"people, the most of any two lists, and {FEWEST_SHARED} are needed for an upper limit",
            help=f"A further list, made without regard to these, would have to name about "
            f"{_round_up(FEWEST_SHARED * low / table.seen):,.0f} people or more: so many share "
            f"{FEWEST_SHARED} people with the {table.seen:,.0f} seen if the total is as low as {low:,.0f}.",
        )
    if low > high:
        wide = (declared.odds_ratio[0] / factor, declared.odds_ratio[1] * factor)
        return replace(
            whole,
            refused="no total fits odds ratios of "
            f"{declared.odds_ratio[0]:g}-{declared.odds_ratio[1]:g} between every two lists: {names[0]} "
            f"need at least {low:,.0f} people, and {names[1]} allow at most {high:,.0f}",
            help=f"Odds ratios would have to reach from {wide[0]:.3g} to {wide[1]:.3g} for any total to fit. "
            "Examine these lists: lists that serve different people share too few, and lists that copy each "
            "other share too many. Join lists that copy each other, or split the lists by place or group.",
        )
    return replace(whole, low=low, high=high)


def unseen_by_pair(first: float, second: float, both: float, odds_ratio: float) -> float:
    """Return the people on neither of two lists, ``w (n1 - m)(n2 - m) / m``."""
    return odds_ratio * (first - both) * (second - both) / both if both else inf


def _bounds(table: Histories, one: int, other: int, declared: Declared, level: float) -> PairBounds:
    first, second, both = table.size(one), table.size(other), table.overlap(one, other)
    z = NormalDist().inv_cdf(1 - (1 - level) / 2 / len(table.pairs))
    least, most = _matches(both, min(first, second), declared)
    low = _end(first, second, both, most, declared.odds_ratio[0], -z)
    high = _end(first, second, both, least, declared.odds_ratio[1], z) if both >= FEWEST_SHARED else inf
    total = first * second / both if both else inf
    return PairBounds(table.lists[one], table.lists[other], both, total, low, high)


def _matches(both: float, most: float, declared: Declared) -> tuple[float, float]:
    """Return the fewest and the most people who truly are on both lists."""
    (false_low, false_high), (missed_low, missed_high) = declared.false_matches, declared.missed_matches
    fewest = both * (1 - false_high) / (1 - missed_low)
    return min(fewest, most), min(both * (1 - false_low) / (1 - missed_high), most)


def _end(first: float, second: float, both: float, matched: float, odds_ratio: float, z: float) -> float:
    """Return the total at one end: the number on neither list whose odds ratio is z standard errors away."""
    alone = (first - matched + ZERO, second - matched + ZERO)
    centre = log(odds_ratio * alone[0] * alone[1] / (matched + ZERO))
    variance = 1 / (both + ZERO) + 1 / alone[0] + 1 / alone[1]
    at = centre
    for _ in range(100):
        at = 0.5 * at + 0.5 * (centre + z * sqrt(variance + 1 / (exp(at) + ZERO)))
    return first + second - matched + exp(at)


def _fewest_people(table: Histories, declared: Declared) -> float:
    """Return the people seen if as many records as is declared belong to people who were counted twice."""
    records = sum(table.size(k) for k in range(len(table.lists)))
    links = records - table.seen
    false, missed = declared.false_matches[0], declared.missed_matches[1]
    found = table.seen + false * links - missed / (1 - missed) * (1 - false) * links
    return max(found, *(table.size(k) for k in range(len(table.lists))))


def _least_widening(table: Histories, declared: Declared, level: float) -> float:
    """Return the least factor by which both odds ratios must be widened for some total to fit."""
    low, high = sqrt(declared.odds_ratio[0] / declared.odds_ratio[1]), 1e6
    for _ in range(60):
        factor = sqrt(low * high)
        wider = replace(
            declared, odds_ratio=(declared.odds_ratio[0] / factor, declared.odds_ratio[1] * factor)
        )
        pairs = [_bounds(table, i, j, wider, level) for i, j in table.pairs]
        fits = max(one.low for one in pairs) <= min(one.high for one in pairs)
        low, high = (low, factor) if fits else (factor, high)
    return high


def _round_up(value: float) -> float:
    """Return `value` with two digits, rounded up."""
    size = 10 ** max(0, len(str(int(value))) - 2)
    return float(-(-value // size) * size)
