"""Poisson log-linear models of lists: one model, its total, AIC and BIC."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from dearth.estimate.lists.existence import refusal, support
from dearth.estimate.lists.histories import Floats, Histories

TOLERANCE = 1e-10  # of the gradient, as a share of the people seen
LARGE = 12.0  # a coefficient beyond this calls for the proof that an estimate exists
STEPS = 200
NO_END = "its interval has no upper end: the lists do not limit the number of unseen people"


class NoEstimateError(ValueError):
    """A model that has no estimate; the message says why."""


@dataclass(frozen=True)
class LogLinear:
    """A fitted log-linear model.

    Attributes
    ----------
    terms : bit masks of the interactions with a finite estimate
    empty : interactions whose lists share nobody: their estimate is minus infinity
    coefficients : constant, lists, `terms`; logarithms of people
    unseen : expected people on no list, ``exp(constant)``
    total : people seen plus `unseen`
    unseen_se : standard error of the logarithm of `unseen`, sampling of the unseen people included
    log_likelihood : of all histories but the empty one
    aic, bic : twice the parameters, or their number times the logarithm of the people seen, less twice
        `log_likelihood`; `empty` interactions count as parameters
    """

    terms: tuple[int, ...]
    empty: tuple[int, ...]
    coefficients: Floats
    unseen: float
    total: float
    unseen_se: float
    log_likelihood: float
    aic: float
    bic: float


def fit(table: Histories, terms: tuple[int, ...] = (), offset: Floats | None = None) -> LogLinear:
    """Fit the model with the interactions `terms` (bit masks of two or more lists) to the histories seen.

    Parameters
    ----------
    offset
        (2**K,) logarithms that are added to the expected counts, such as odds ratios that are assumed.

    Raises
    ------
    NoEstimateError
        The total is not identified, or the likelihood has no maximum.

    References
    ----------
    fienberg1972, chan2021
    """
    one = support(table, terms)
    counts = table.counts[one.cells]
    added = np.zeros(len(counts)) if offset is None else offset[one.cells]
    parameters = one.design.shape[1]
    if np.linalg.matrix_rank(one.design) < parameters:
        raise NoEstimateError(refusal(table, one))
    found, information = maximise(one.design, counts, added)
    if found is None or np.abs(found).max() > LARGE + np.log1p(table.seen):
        why = refusal(table, one)
        if why or found is None:
            raise NoEstimateError(why or "the likelihood could not be maximised")
    mean = np.exp(one.design @ found + added)
    log_likelihood = float((counts * np.log(mean) - mean - gammaln(counts + 1)).sum())
    unseen = float(np.exp(found[0]))
    variance = float(np.linalg.inv(information)[0, 0]) + 1 / max(unseen, 0.5)
    costs = parameters + len(one.empty)
    return LogLinear(
        one.terms, one.empty, found, unseen, table.seen + unseen, float(np.sqrt(variance)), log_likelihood,
        2 * costs - 2 * log_likelihood, float(costs * np.log(table.seen) - 2 * log_likelihood),
    )  # fmt: skip


def maximise(design: Floats, counts: Floats, added: Floats) -> tuple[Floats | None, Floats]:
    """Return the coefficients of the largest Poisson likelihood and the information there.

    Newton steps from weighted least squares of the logarithms of the counts, each halved until the likelihood
    rises; None where no maximum is reached.
    """
    weight = np.sqrt(counts + 0.5)
    near = (np.log(counts + 0.5) - added) * weight
    at = np.asarray(np.linalg.lstsq(design * weight[:, None], near, rcond=None)[0], dtype=np.float64)
    size = max(1.0, float(counts.sum()))

    def value(here: Floats) -> float:
        line = design @ here + added
        with np.errstate(over="ignore"):
            return float((counts * line - np.exp(line)).sum())

    best = value(at)
    slack = 1e-13 * max(1.0, abs(best))  # rounding of the likelihood
    information: Floats = np.eye(design.shape[1])
    for _ in range(STEPS):
        mean = np.exp(design @ at + added)
        gradient = design.T @ (counts - mean)
        information = design.T @ (design * mean[:, None])
        if np.abs(gradient).max() <= TOLERANCE * size:
            return at, information
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            return None, information
        share = 1.0
        while share > 1e-8 and not value(at + share * step) >= best - slack:
            share /= 2
        if share <= 1e-8:
            close = np.abs(gradient).max() <= 1e-7 * size
            return (at if close else None), information
        at = at + share * step
        best = value(at)
    return None, information
