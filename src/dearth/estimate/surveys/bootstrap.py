"""Cluster bootstrap of a survey's death rate: a check of the linearised interval.

Clusters are drawn with replacement within strata, one fewer than there are, and rescaled (Rao and Wu 1988).
A cluster enters with its sums alone, so thousands of replicates of a large survey take a moment.
"""

import numpy as np

from dearth.estimate.surveys.rates import LEVEL, PER_DAY, Flags, Sample
from dearth.numerics.interval import Floats, Interval
from dearth.numerics.random_streams import stream

REPLICATES, QUICK = 2000, 400


def replicate_weights(strata: Floats, replicates: int, rng: np.random.Generator) -> Floats:
    """Return factors of the clusters' weights, (replicates, clusters).

    Parameters
    ----------
    strata : stratum of each cluster (clusters,); each stratum has two clusters or more

    References
    ----------
    rao_wu1988
    """
    factors = np.empty((replicates, len(strata)))
    for stratum in np.unique(strata):
        inside = np.flatnonzero(strata == stratum)
        n = len(inside)
        drawn = rng.multinomial(n - 1, np.full(n, 1 / n), size=replicates)
        factors[:, inside] = drawn * n / (n - 1)
    return factors


def bootstrap_interval(sample: Sample, inside: Flags, factors: Floats, clusters: "ClusterSums") -> Interval:
    """Return the median and the percentile interval of the replicated rates, per 10,000 a day."""
    deaths, time = clusters.sums(sample, inside)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = PER_DAY * (factors @ deaths) / (factors @ time)
    rates = rates[np.isfinite(rates)]
    tail = (1 - LEVEL) / 2
    low, median, high = np.quantile(rates, [tail, 0.5, 1 - tail])
    return Interval(float(median), float(low), float(high), LEVEL)


class ClusterSums:
    """The clusters of a sample, numbered through all strata, and sums over their persons."""

    def __init__(self, sample: Sample):
        both = sample.stratum * (int(sample.cluster.max()) + 1) + sample.cluster
        keys, self.number = np.unique(both, return_inverse=True)
        self.strata = (keys // (int(sample.cluster.max()) + 1)).astype(float)

    def sums(self, sample: Sample, inside: Flags) -> tuple[Floats, Floats]:
        """Return weighted deaths and person-days of each cluster, within a domain."""
        weight, n = sample.weight * inside, len(self.strata)
        deaths = np.bincount(self.number, weight * sample.deaths, n).astype(float)
        return deaths, np.bincount(self.number, weight * sample.person_days, n).astype(float)

    def factors(self, seed: int, quick: bool) -> Floats:
        """Return the replicates' factors of the clusters' weights."""
        return replicate_weights(
            self.strata, QUICK if quick else REPLICATES, stream(seed, "survey bootstrap")
        )
