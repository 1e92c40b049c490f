"""Two lists: Chapman's total, its variance and its interval."""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

from dearth.numerics.interval import LEVEL, Interval

METHOD = "log-normal interval of the people on neither list"
SOURCE = "Chapman 1951; Seber 1970; Chao 1987"


@dataclass(frozen=True)
class TwoLists:
    """The total by two lists.

    Attributes
    ----------
    first, second, both : people on each list and on both
    total : with the interval of sampling error alone, lists being independent and matched without error
    standard_error : persons
    """

    first: float
    second: float
    both: float
    total: Interval
    standard_error: float


def chapman(first: float, second: float, both: float, level: float = LEVEL) -> TwoLists:
    """Return ``N = (n1 + 1)(n2 + 1) / (m + 1) - 1`` with Seber's variance.

    The interval takes the people on neither list as log-normal, so that it never ends below the people seen.

    Parameters
    ----------
    first, second, both : people on list one, on list two and on both (n1, n2, m)

    Raises
    ------
    ValueError
        An overlap larger than a list, or no people.

    References
    ----------
    chapman1951, seber1970, chao1987
    """
    if not 0 <= both <= min(first, second) or min(first, second) < 1:
        raise ValueError(f"two lists of {first:g} and {second:g} people cannot share {both:g}")
    total = (first + 1) * (second + 1) / (both + 1) - 1
    seen = first + second - both
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / (both + 1) ** 2 / (both + 2)
    unseen = total - seen
    if unseen <= 0 or variance == 0:
        return TwoLists(first, second, both, Interval(total, seen, total, level), sqrt(variance))
    spread = exp(NormalDist().inv_cdf((1 + level) / 2) * sqrt(log(1 + variance / unseen**2)))
    ends = Interval(total, seen + unseen / spread, seen + unseen * spread, level)
    return TwoLists(first, second, both, ends, sqrt(variance))
