"""Which log-linear models are tried, and the total averaged over them by AIC or BIC."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from dearth.estimate.lists.histories import Floats, Histories
from dearth.estimate.lists.loglinear import NO_END, LogLinear, NoEstimateError, fit
from dearth.numerics.interval import LEVEL, Interval

MOST_PAIRS = 10  # all subsets of so many pairs (1024 models) are fitted; of more, those of a stepwise search
FEWEST = 0.01  # people unseen; a quantile below this is at the people seen
FURTHEST = 1e4  # people unseen, as a multiple of those seen
METHOD = "mixture of the models' log-normal distributions of the unseen people"
SOURCE = "Fienberg 1972; Burnham and Anderson 2002; Chan et al. 2021"
Terms = tuple[int, ...]


@dataclass(frozen=True)
class Search:
    """The models that were tried.

    Attributes
    ----------
    fits : models with an estimate
    refused : models without one, each with the reason
    exhaustive : whether all hierarchical models to the order asked for were tried
    """

    fits: tuple[LogLinear, ...]
    refused: tuple[tuple[Terms, str], ...]
    exhaustive: bool

    def best(self, criterion: Literal["aic", "bic"]) -> LogLinear:
        """Return the model with the smallest AIC or BIC."""
        return min(self.fits, key=lambda one: getattr(one, criterion))


class _Tried:
    """Fits each model once."""

    def __init__(self, table: Histories) -> None:
        self.table = table
        self.fits: dict[Terms, LogLinear] = {}
        self.refused: dict[Terms, str] = {}

    def aic(self, terms: Terms) -> float:
        if terms not in self.fits and terms not in self.refused:
            try:
                self.fits[terms] = fit(self.table, terms)
            except NoEstimateError as error:
                self.refused[terms] = str(error)
        return self.fits[terms].aic if terms in self.fits else float("inf")


def search(table: Histories, triples: bool = True) -> Search:
    """Fit hierarchical models with pairs of lists and, from four lists on, with `triples`.

    With up to five lists all models of pairs are fitted, and with four lists all models of triples too.
    Beyond that the search adds or drops one interaction at a time while AIC falls, from independence and from
    all pairs, and every model that it meets counts.

    References
    ----------
    fienberg1972, chan2021
    """
    lists = len(table.lists)
    pairs = tuple(1 << i | 1 << j for i, j in table.pairs)
    tried = _Tried(table)
    if len(pairs) <= MOST_PAIRS:
        for terms in _subsets(pairs):
            tried.aic(terms)
    else:
        for start in ((), pairs):
            _walk(tried, start, pairs)
    higher = _triples(lists) if triples and lists > 3 else ()
    if lists == 4:
        for terms in _subsets(pairs):
            for more in _subsets(tuple(t for t in higher if _pairs_of(t) <= set(terms))):
                tried.aic((*terms, *more))
    elif higher and tried.fits:
        best = min(tried.fits.values(), key=lambda one: one.aic)
        _walk(tried, tuple(sorted((*best.terms, *best.empty), key=_order)), (*pairs, *higher))
    exhaustive = len(pairs) <= MOST_PAIRS and (not higher or lists == 4)
    return Search(tuple(tried.fits.values()), tuple(tried.refused.items()), exhaustive)


def _order(term: int) -> tuple[int, int]:
    return term.bit_count(), term


def _subsets(terms: Terms) -> Iterator[Terms]:
    for size in range(len(terms) + 1):
        yield from combinations(terms, size)


def _triples(lists: int) -> Terms:
    return tuple(sum(1 << k for k in three) for three in combinations(range(lists), 3))


def _pairs_of(triple: int) -> set[int]:
    bits = [1 << k for k in range(triple.bit_length()) if triple >> k & 1]
    return {one | other for one, other in combinations(bits, 2)}


def _walk(tried: _Tried, start: Terms, terms: Terms) -> None:
    """Add or drop one term at a time while AIC falls; models stay hierarchical."""
    here, value = tuple(sorted(start, key=_order)), tried.aic(tuple(sorted(start, key=_order)))
    while True:
        near = []
        for term in terms:
            changed = set(here) ^ {term}
            if all(_pairs_of(t) <= changed for t in changed if t.bit_count() == 3):
                near.append(tuple(sorted(changed, key=_order)))
        best = min(near, key=tried.aic)
        if not tried.aic(best) < value:
            return
        here, value = best, tried.aic(best)


@dataclass(frozen=True)
class ModelAverage:
    """The total averaged over models.

    Attributes
    ----------
    criterion : ``aic`` or ``bic``
    total : median and interval of the weighted mixture, persons
    weights : (models,) of `Search.fits`
    """

    criterion: str
    total: Interval
    weights: Floats


def average(
    table: Histories, found: Search, criterion: Literal["aic", "bic"] = "aic", level: float = LEVEL
) -> ModelAverage:
    """Average over models with weights ``exp(-difference / 2)`` of the criterion.

    Raises
    ------
    NoEstimateError
        No model has an estimate, or the mixture has no upper end.

    References
    ----------
    burnham2002
    """
    if not found.fits:
        raise NoEstimateError("no model has an estimate")
    values = np.array([getattr(one, criterion) for one in found.fits])
    weights = np.exp(-(values - values.min()) / 2)
    weights /= weights.sum()
    centres = np.log([max(one.unseen, 1e-6) for one in found.fits])
    spreads = np.array([one.unseen_se for one in found.fits])

    def quantile(share: float) -> float:
        def below(at: float) -> float:
            return float(weights @ ndtr((at - centres) / spreads)) - share

        last = log(FURTHEST * table.seen)
        if below(last) < 0:
            raise NoEstimateError(NO_END)
        if below(log(FEWEST)) >= 0:
            return table.seen
        return table.seen + float(np.exp(brentq(below, log(FEWEST), last)))

    low, median, high = (quantile(share) for share in ((1 - level) / 2, 0.5, (1 + level) / 2))
    return ModelAverage(criterion, Interval(median, low, high, level), weights)
