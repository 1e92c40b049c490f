"""Model-based death rates of a survey: Gamma-Poisson clusters, districts that learn from each other.

The deaths of a cluster are Poisson with a rate of its own; the rates of a district's clusters have the mean
`rate` and the coefficient of variation `cv` (their deaths are then negative binomial). The districts' log
rates are normal around a common mean with the sd `tau`. The posterior is computed on a grid, so it has no
chains and nothing that could fail to converge; draws from the grid carry it on.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammaln

from dearth.estimate.surveys.rates import LEVEL, PER_DAY, Indices
from dearth.numerics.interval import Floats, Interval

CENTRE, SPREAD = 1.0, 1.5  # prior of a rate: median per 10,000 a day, sd of its log (assumed: 0.05 to 19)
CV_SCALE = 1.0  # prior of cv: half-normal with this scale (assumed)
TAU_SCALE = 0.5  # prior of tau: half-normal with this scale (assumed)
DRAWS = 8000


@dataclass(frozen=True)
class Clusters:
    """Deaths and person-days of the clusters of one district, each of shape (K,)."""

    deaths: Floats
    person_days: Floats


@dataclass(frozen=True)
class ModelledRates:
    """Draws of rates per 10,000 a day: `districts` (D, S), `whole` (S,), and the clusters' `cv` (S,)."""

    districts: Floats
    whole: Floats
    cv: Floats


class Grid:
    """The values on which the posterior is computed, with their prior weights."""

    def __init__(self, rates: int = 240, means: int = 60, cvs: int = 24, taus: int = 14):
        self.log_rate = np.linspace(np.log(5e-3), np.log(100.0), rates)
        self.log_mean = np.linspace(np.log(5e-3), np.log(100.0), means)
        self.cv = np.linspace(0.02, 3.0, cvs)
        self.tau = np.linspace(0.05, 1.5, taus)

    @cached_property
    def district_prior(self) -> Floats:
        """Return the prior of a district's log rate given mean and tau, (means, taus, rates)."""
        z = (self.log_rate - self.log_mean[:, None, None]) / self.tau[:, None]
        weight = np.exp(-0.5 * z**2)
        prior: Floats = weight / weight.sum(-1, keepdims=True)
        return prior

    def rate_prior(self, at: Floats) -> Floats:
        """Return the prior weights of log rates (or of their common mean), summing to 1."""
        weight: Floats = np.exp(-0.5 * ((at - np.log(CENTRE)) / SPREAD) ** 2)
        return np.asarray(weight / weight.sum())

    @cached_property
    def cv_prior(self) -> Floats:
        """Return the prior weights of the clusters' coefficient of variation."""
        weight: Floats = np.exp(-0.5 * (self.cv / CV_SCALE) ** 2)
        return np.asarray(weight / weight.sum())

    @cached_property
    def tau_prior(self) -> Floats:
        """Return the prior weights of the sd between districts."""
        weight: Floats = np.exp(-0.5 * (self.tau / TAU_SCALE) ** 2)
        return np.asarray(weight / weight.sum())


def log_likelihood(of: Clusters, grid: Grid) -> Floats:
    """Return the negative binomial log likelihood of a district's clusters, (rates, cvs).

    Each cluster's deaths have the mean ``m = rate t`` and the variance ``m + (cv m)^2``.
    """
    mean = np.exp(grid.log_rate)[:, None] / PER_DAY * of.person_days  # (rates, K)
    found = np.empty((len(grid.log_rate), len(grid.cv)))
    for at, cv in enumerate(grid.cv):
        shape = 1 / cv**2
        own = gammaln(of.deaths + shape) - gammaln(shape) - gammaln(of.deaths + 1)
        found[:, at] = (own + shape * np.log(shape / (shape + mean))
                        + of.deaths * np.log(mean / (shape + mean))).sum(-1)  # fmt: skip
    return found


def modelled_rates(districts: list[Clusters], shares: Floats, rng: np.random.Generator) -> ModelledRates:
    """Return draws of the districts' rates and of the whole.

    Parameters
    ----------
    districts : one or more; clusters without person-time left out
    shares : share of each district in the population's person-time (D,), summing to 1
    rng : of the draws
    """
    grid = Grid()
    logs = [log_likelihood(one, grid) for one in districts]
    likelihoods = [np.exp(one - one.max()) for one in logs]
    if len(districts) == 1:
        joint = likelihoods[0] * grid.rate_prior(grid.log_rate)[:, None] * grid.cv_prior
        at = _pick(joint.ravel(), DRAWS, rng)
        rate, cv = np.divmod(at, len(grid.cv))
        found = _spread(grid, rate, rng)
        return ModelledRates(found[None], found, grid.cv[cv])
    evidence = np.stack([np.einsum("mtr,rc->mtc", grid.district_prior, one) for one in likelihoods])
    log_joint = np.log(np.maximum(evidence, 1e-300)).sum(0) + np.log(
        grid.rate_prior(grid.log_mean)[:, None, None] * grid.tau_prior[:, None] * grid.cv_prior
    )
    joint = np.exp(log_joint - log_joint.max())
    mean, tau, cv = np.unravel_index(_pick(joint.ravel(), DRAWS, rng), joint.shape)
    prior = grid.district_prior[mean, tau]  # (draws, rates)
    drawn = np.stack([_spread(grid, _rows(prior * one[:, cv].T, rng), rng) for one in likelihoods])
    return ModelledRates(drawn, shares @ drawn, grid.cv[cv])


def _pick(weights: Floats, draws: int, rng: np.random.Generator) -> Indices:
    """Return indices drawn in proportion to weights."""
    return rng.choice(len(weights), size=draws, p=weights / weights.sum())


def _rows(weights: Floats, rng: np.random.Generator) -> Indices:
    """Return an index for each row, drawn in proportion to its weights."""
    sums = np.cumsum(weights, axis=1)
    return np.asarray((rng.random(len(sums))[:, None] * sums[:, -1:] > sums).sum(1))


def _spread(grid: Grid, at: Indices, rng: np.random.Generator) -> Floats:
    """Return rates of grid points, spread evenly over the step between two points."""
    step = grid.log_rate[1] - grid.log_rate[0]
    found: Floats = np.exp(grid.log_rate[at] + step * (rng.random(len(at)) - 0.5))
    return found


def summary(draws: Floats) -> Interval:
    """Return the median and the central 95 % interval of draws."""
    tail = (1 - LEVEL) / 2
    low, median, high = np.quantile(draws, [tail, 0.5, 1 - tail])
    return Interval(float(median), float(low), float(high), LEVEL)
