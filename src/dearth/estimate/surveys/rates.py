"""Death rates of a cluster survey: ratio of deaths to person-time, with the variance of the design.

The point estimate is the weighted ratio ``R = sum(w d) / sum(w t)``. Its variance is that of the
linearised values ``w (d - R t) / sum(w t)``, summed by cluster (the ultimate cluster), between the clusters
of each stratum. The interval is that of Student's t with as many degrees of freedom as there are clusters
less strata. The computation is that of the package ``svy``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from dearth.case.periods import DAYS_A_YEAR
from dearth.case.problems import mistake
from dearth.numerics.interval import Floats, Interval
from dearth.numerics.optional_packages import needed

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]
LEVEL = 0.95  # of the intervals of a survey, as the field prints them
PER_DAY = 10_000.0
PER_YEAR = 1000 * DAYS_A_YEAR


@dataclass(frozen=True)
class Sample:
    """A survey of N persons; every array has the shape (N,).

    Attributes
    ----------
    deaths : 1 for a death of the outcome studied, else 0
    person_days : time at risk
    weight : inverse of the probability of selection, up to a factor
    cluster : primary sampling unit, as integers from 0
    stratum : integers from 0; all 0 without strata
    post_stratum : integers from 0, empty without post-stratification
    post_totals : persons of each post-stratum in the population, empty without
    """

    deaths: Floats
    person_days: Floats
    weight: Floats
    cluster: Indices
    stratum: Indices
    post_stratum: Indices | None = None
    post_totals: Floats | None = None


@dataclass(frozen=True)
class DeathRate:
    """A death rate with what it rests on.

    Attributes
    ----------
    deaths, person_days : sums of the sample, without weights
    rate : per 10,000 people a day; the interval has the level 0.95
    standard_error : of the rate, per 10,000 a day; None where no death was reported
    design_effect : variance over that of a simple random sample of as many persons, drawn with replacement
        with the same weights; None where no death was reported
    clusters, df : clusters of the design, and degrees of freedom of the interval
    """

    deaths: int
    person_days: float
    rate: Interval
    standard_error: float | None
    design_effect: float | None
    clusters: int
    df: int

    @property
    def per_1000_year(self) -> Interval:
        """The same rate per 1000 person-years of 365.25 days."""
        factor = PER_YEAR / PER_DAY
        low, high = (None if end is None else end * factor for end in (self.rate.low, self.rate.high))
        return Interval(self.rate.median * factor, low, high, self.rate.level)


def death_rate(sample: Sample, domain: Flags | None = None) -> DeathRate:
    """Return the death rate of a sample, or of a domain of it.

    Parameters
    ----------
    domain : (N,) bool, the persons that the rate is about; all by default. The clusters without such persons
        stay part of the design.

    Raises
    ------
    CaseError
        When the domain has no person-time or lies in one cluster, or a stratum has one cluster.

    References
    ----------
    sarndal1992
    """
    inside = np.ones(sample.deaths.shape, bool) if domain is None else domain
    seen, time = float(sample.deaths[inside].sum()), float(sample.person_days[inside].sum())
    if not time > 0:
        raise mistake("surveys", "has no person-time in this group of people, so it has no death rate")
    number, clusters, strata = design(sample)
    df = clusters - strata
    if seen == 0:
        rate = Interval(0.0, 0.0, PER_DAY * none_reported(time), LEVEL)
        return DeathRate(0, time, rate, None, None, clusters, df)
    if clusters_at_risk(sample, inside) < 2:
        raise mistake("surveys", "has person-time of this group in one cluster alone: no interval")
    found = _ratio(_cells(sample, inside, number), sample.post_totals)
    low, high = (found.lci, found.uci) if found.se > 0 else (found.est, found.est)
    rate = Interval(PER_DAY * found.est, PER_DAY * max(0.0, low), PER_DAY * high, LEVEL)
    simple = _simple_variance(sample, inside, found.est)
    effect = found.se**2 / simple if simple > 0 else None
    return DeathRate(round(seen), time, rate, PER_DAY * found.se, effect, clusters, df)


def clusters_at_risk(sample: Sample, inside: Flags) -> int:
    """Return how many clusters have person-time of a domain."""
    at_risk = inside & (sample.person_days > 0)
    size = int(sample.cluster.max()) + 1
    return len(np.flatnonzero(np.bincount((sample.stratum * size + sample.cluster)[at_risk])))


def none_reported(person_days: float) -> float:
    """Return the upper limit of a rate a day where no death was reported: exact Poisson, 97.5 %.

    The design is not in it: without a death, a survey shows no variance between clusters.

    References
    ----------
    garwood1936
    """
    return float(chi2.ppf(1 - (1 - LEVEL) / 2, 2) / 2 / person_days)


def design(sample: Sample) -> tuple[Indices, int, int]:
    """Return the number of each person's cluster through all strata, and how many clusters and strata are.

    Raises
    ------
    CaseError
        When a stratum has one cluster: the design then has no variance.
    """
    size = int(sample.cluster.max()) + 1
    number: Indices = sample.stratum.astype(np.int64) * size + sample.cluster
    present = np.flatnonzero(np.bincount(number))
    strata, counts = np.unique(present // size, return_counts=True)
    alone = strata[counts == 1]
    if len(alone):
        what = "the survey has" if len(strata) == 1 else f"{len(alone)} of {len(strata)} strata have"
        raise mistake(
            "surveys", f"{what} one cluster, so no variance between clusters can be computed; join strata, "
            "or name as clusters the units that were drawn first", field="cluster",
        )  # fmt: skip
    return number, len(present), len(strata)


def _cells(sample: Sample, inside: Flags, number: Indices) -> dict[str, Floats | Indices]:
    """Return sums by cluster, group of the post-stratification and domain, as weighted means of a cell.

    The variance of the design needs no more of the persons, so a survey of millions takes a moment.
    """
    groups = 1 if sample.post_totals is None else len(sample.post_totals)
    post = np.zeros(len(number), np.int64) if sample.post_stratum is None else sample.post_stratum
    key = (number * groups + post) * 2 + inside
    size = (int(number.max()) + 1) * groups * 2
    weight, deaths, days = (
        np.bincount(key, sample.weight * values, size) for values in (1.0, sample.deaths, sample.person_days)
    )
    there = np.flatnonzero(weight > 0)
    cluster = there // (2 * groups)
    return {
        "deaths": deaths[there] / weight[there], "days": days[there] / weight[there], "weight": weight[there],
        "cluster": cluster, "stratum": cluster // (int(sample.cluster.max()) + 1),
        "post": there // 2 % groups, "inside": (there % 2).astype(bool),
    }  # fmt: skip


def _ratio(cells: dict[str, Any], post_totals: Floats | None) -> Any:
    """Return the ratio of deaths to person-time in the domain, as ``svy`` estimates it from cells."""
    svy, polars = needed("svy"), needed("polars")
    design = svy.Design(psu="cluster", stratum="stratum", wgt="weight")
    made = svy.Sample(data=polars.DataFrame(cells), design=design)
    if post_totals is not None:
        made = made.weighting.poststratify(dict(enumerate(post_totals.tolist())), cells="post")
    found = made.estimation.ratio(y="deaths", x="days", by="inside", alpha=1 - LEVEL)
    return next(one for one in found.estimates if one.by_level == (True,))


def _simple_variance(sample: Sample, inside: Flags, ratio: float) -> float:
    """Return the variance of a ratio from as many persons, drawn at random with replacement; 0 of one.

    References
    ----------
    sarndal1992
    """
    weight = weights_of(sample)[inside]
    error = sample.deaths[inside] - ratio * sample.person_days[inside]
    n, total = len(weight), float(weight.sum())
    if n == 1:
        return 0.0
    time = float((weight * sample.person_days[inside]).sum())
    return float((weight * error**2).sum()) / total / (n - 1) * (total / time) ** 2


def weights_of(sample: Sample) -> Floats:
    """Return the weights after post-stratification: those of each group sum to its known size."""
    if sample.post_stratum is None or sample.post_totals is None:
        return sample.weight
    sums = np.bincount(sample.post_stratum, sample.weight, len(sample.post_totals))
    scaled: Floats = sample.weight * (sample.post_totals / sums)[sample.post_stratum]
    return scaled
