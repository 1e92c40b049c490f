"""Surveys predicted from the others: each alone, and all of a district at once.

For a joint normal distribution the prediction of what is left out follows from the inverse covariance of all.
The weights of the grid are those without the survey too: each is divided by the density of what was left out.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from dearth.estimate.small_areas.rate_model import RateModel
from dearth.numerics.interval import Floats


@dataclass(frozen=True)
class LeftOutScores:
    """How well surveys are predicted that the model did not see.

    Attributes
    ----------
    what : ``survey`` or ``district``
    surveys : how many were predicted
    covered_50, covered_95 : share of the surveys inside the central 50 % and 95 % interval
    log_density : mean log density of a surveyed log rate; higher is better
    error : root mean squared error of the predicted log rate
    """

    what: str
    surveys: int
    covered_50: float
    covered_95: float
    log_density: float
    error: float


def left_out_scores(model: RateModel, what: str) -> LeftOutScores:
    """Return the scores of surveys left out one by one (``survey``) or by district (``district``).

    Each survey of a district that is left out is scored by its own marginal distribution.

    References
    ----------
    sundararajan_keerthi2001
    """
    place = model.s.place
    blocks = [np.array([n]) for n in range(len(place))]
    if what == "district":
        blocks = [np.flatnonzero(place == one) for one in np.unique(place)]
    found = [_block(model, block) for block in blocks]
    below = np.concatenate([one[0] for one in found])
    density = np.concatenate([one[1] for one in found])
    error = np.concatenate([one[2] for one in found])
    return LeftOutScores(
        what, len(below), float((np.abs(below - 0.5) < 0.25).mean()),
        float((np.abs(below - 0.5) < 0.475).mean()), float(np.log(density).mean()),
        float(np.sqrt((error**2).mean())),
    )  # fmt: skip


def _block(model: RateModel, block: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> tuple[Floats, ...]:
    """Return distribution function, density and error of each survey of a block at what it found."""
    y = model.residual
    means, sds, logs = [], [], []
    for inverse in model.inverses:
        covariance = np.linalg.inv(inverse[np.ix_(block, block)])
        off = covariance @ (inverse[block] @ y)  # found less predicted
        means.append(y[block] - off)
        sds.append(np.sqrt(np.diag(covariance)))
        _, log_det = np.linalg.slogdet(covariance)
        logs.append(-0.5 * (off @ np.linalg.solve(covariance, off) + log_det))
    log_weight = model.log_weights - np.array(logs)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    mean, sd = np.array(means), np.array(sds)
    below = weight @ norm.cdf(y[block], mean, sd)
    density = weight @ norm.pdf(y[block], mean, sd)
    return below, density, y[block] - weight @ mean
