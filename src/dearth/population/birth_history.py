"""Child mortality from birth histories: synthetic cohorts of a period, by segments of age.

Dates are century months: months since January 1900, which is 1. A child born in month b is in an age segment
[a, z) from month b + a on. Children who pass a segment wholly within the period count fully; those who enter
it before the period, or leave it after, count by half; deaths of the last ones count fully where the period
ends with the interview, because later deaths are not reported.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.interval import Floats

SEGMENTS = ((0, 1), (1, 3), (3, 6), (6, 12), (12, 24), (24, 36), (36, 48), (48, 60))  # months of age
# measures by the segments that they pass; postneonatal mortality is the difference of the first two
MEASURES: Mapping[str, tuple[int, int]] = {
    "neonatal": (0, 1), "infant": (0, 4), "child": (4, 8), "under_five": (0, 8),
}  # fmt: skip
POSTNEONATAL = "postneonatal"


@dataclass(frozen=True)
class Births:
    """Births of N children that women reported, each of shape (N,).

    Attributes
    ----------
    born, interview : century months
    age_died : age at death in completed months; NaN for children alive
    weight : of the woman
    cluster : numbers from 0
    """

    born: Floats
    interview: Floats
    age_died: Floats
    weight: Floats
    cluster: NDArray[np.int64]


@dataclass(frozen=True)
class SegmentSums:
    """Weighted deaths and exposure of each age segment and cluster, (8, C)."""

    deaths: Floats
    exposure: Floats


def segment_sums(births: Births, months: int, before: int = 0) -> SegmentSums:
    """Return deaths and exposure of a period by age segment and cluster.

    Parameters
    ----------
    months : length of the period
    before : months from its end to the interview; 0 for the months just before the interview

    References
    ----------
    rutstein_rojas2006
    """
    upper = births.interview - before
    lower = upper - months
    clusters = int(births.cluster.max()) + 1
    deaths, exposure = np.zeros((len(SEGMENTS), clusters)), np.zeros((len(SEGMENTS), clusters))
    last = 1.0 if before == 0 else 0.5
    for at, (first, end) in enumerate(SEGMENTS):
        reached = np.isnan(births.age_died) | (births.age_died >= first)
        early = (births.born >= lower - end) & (births.born < lower - first)
        middle = (births.born >= lower - first) & (births.born < upper - end)
        late = (births.born >= upper - end) & (births.born < upper - first)
        part = np.select([middle, early, late], [1.0, 0.5, 0.5], 0.0) * reached
        died = (births.age_died >= first) & (births.age_died < end)
        dead = np.select([middle, early, late], [1.0, 0.5, last], 0.0) * died
        exposure[at] = np.bincount(births.cluster, part * births.weight, clusters)
        deaths[at] = np.bincount(births.cluster, dead * births.weight, clusters)
    return SegmentSums(deaths, exposure)


def probabilities(deaths: Floats, exposure: Floats) -> dict[str, Floats]:
    """Return the probability of dying of each measure, from sums of the segments (8, …)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        alive = 1 - deaths / exposure
    found = {name: 1 - np.prod(alive[a:z], axis=0) for name, (a, z) in MEASURES.items()}
    found[POSTNEONATAL] = found["infant"] - found["neonatal"]
    return found


@dataclass(frozen=True)
class ChildMortality:
    """A probability of dying with its standard error by the jackknife over clusters; both are shares."""

    measure: str
    probability: float
    error: float


def child_mortality(sums: SegmentSums) -> tuple[ChildMortality, ...]:
    """Return neonatal, postneonatal, infant, child and under-five mortality.

    The variance is that of delete-one jackknife pseudo-values over all clusters, without strata.

    Raises
    ------
    ValueError
        When an age segment has no exposure, or there are fewer than two clusters.

    References
    ----------
    rutstein_rojas2006
    """
    deaths, exposure = sums.deaths.sum(1), sums.exposure.sum(1)
    if not (exposure > 0).all():
        first, end = SEGMENTS[int(np.argmin(exposure))]
        raise ValueError(f"no child was observed from {first} to {end} months of age in the period")
    used = sums.exposure.sum(0) > 0
    count = int(used.sum())
    if count < 2:
        raise ValueError("the births lie in one cluster, so the sampling error cannot be computed")
    whole = probabilities(deaths, exposure)
    without = probabilities(
        deaths[:, None] - sums.deaths[:, used], exposure[:, None] - sums.exposure[:, used]
    )
    order = ("neonatal", POSTNEONATAL, "infant", "child", "under_five")
    found = []
    for name in order:
        pseudo = count * float(whole[name]) - (count - 1) * without[name]
        variance = float(((pseudo - float(whole[name])) ** 2).sum()) / (count * (count - 1))
        found.append(ChildMortality(name, float(whole[name]), variance**0.5))
    return tuple(found)
