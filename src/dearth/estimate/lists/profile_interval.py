"""The interval of a log-linear total: profile likelihood of the whole number of people."""

from collections.abc import Callable
from math import exp, log

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import chi2

from dearth.estimate.lists.existence import support
from dearth.estimate.lists.histories import Histories
from dearth.estimate.lists.loglinear import NO_END, LogLinear, NoEstimateError, maximise
from dearth.numerics.interval import LEVEL, Interval

METHOD = "profile likelihood of the multinomial total"
SOURCE = "Fienberg 1972; Cormack 1992; Chan et al. 2021"
FEWEST = 0.1  # people unseen; an interval that reaches so low starts at the people seen
FURTHEST = 1e4  # an interval that ends beyond so many times the people seen has no end


def profile_interval(table: Histories, model: LogLinear, level: float = LEVEL) -> Interval:
    """Return the total with the values that the likelihood ratio does not reject at `level`.

    For each number of unseen people the model is fitted to the whole table, that number included, and the
    multinomial likelihood of the table is taken at the fit.

    Raises
    ------
    NoEstimateError
        The interval has no upper end below `FURTHEST` times the people seen.

    References
    ----------
    cormack1992
    """
    likelihood = _likelihood(table, model)
    top = _top(likelihood, max(model.unseen, 0.5))
    allowed = float(chi2.ppf(level, 1)) / 2

    def beyond(unseen_log: float) -> float:
        return likelihood(exp(unseen_log)) - top[1] + allowed

    low = exp(brentq(beyond, log(FEWEST), log(top[0]))) if beyond(log(FEWEST)) < 0 else 0.0
    far = top[0]
    while beyond(log(far)) > 0:
        far *= 2
        if far > FURTHEST * table.seen:
            raise NoEstimateError(NO_END)
    high = exp(brentq(beyond, log(top[0]), log(far))) if far > top[0] else far
    return Interval(model.total, table.seen + low, table.seen + high, level)


def _likelihood(table: Histories, model: LogLinear) -> Callable[[float], float]:
    """Return the multinomial log-likelihood as a function of the people unseen."""
    one = support(table, (*model.terms, *model.empty))
    design = np.r_[np.eye(1, one.design.shape[1]), one.design]
    seen = table.counts[one.cells]
    nothing = np.zeros(len(seen) + 1)

    def value(unseen: float) -> float:
        counts = np.r_[unseen, seen]
        found, _ = maximise(design, counts, nothing)
        if found is None:
            raise NoEstimateError("its profile likelihood could not be computed")
        total = counts.sum()
        share = design @ found - np.log(total)
        return float(gammaln(total + 1) - gammaln(unseen + 1) + counts @ share)

    return value


def _top(likelihood: Callable[[float], float], start: float) -> tuple[float, float]:
    """Return the number of unseen people of the largest likelihood and that likelihood; a golden search."""
    golden = (5**0.5 - 1) / 2
    low, high = log(start / 20), log(start * 5)
    one, two = high - golden * (high - low), low + golden * (high - low)
    at_one, at_two = likelihood(exp(one)), likelihood(exp(two))
    for _ in range(30):
        if at_one < at_two:
            low, one, at_one = one, two, at_two
            two = low + golden * (high - low)
            at_two = likelihood(exp(two))
        else:
            high, two, at_two = two, one, at_one
            one = high - golden * (high - low)
            at_one = likelihood(exp(one))
    return exp((low + high) / 2), max(at_one, at_two)
