"""Decomposable graphs of dependence between lists, averaged by their posterior probability."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from scipy.special import gammaln, logsumexp

from dearth.estimate.lists.histories import Floats, Histories
from dearth.estimate.lists.loglinear import NO_END, NoEstimateError
from dearth.numerics.interval import LEVEL, Interval

MAX_LISTS = 6  # 18,154 graphs; seven lists have 617,675
FURTHEST = 1e4  # people unseen, as a multiple of those seen, beyond which the posterior has no end
COARSE, FINE = 400, 1200  # points of the two grids of people unseen
FAR = 1e-3  # of the posterior at the far end of the coarse grid
SHOWN = 5
METHOD = "posterior over all decomposable graphs"
SOURCE = "Madigan and York 1997"


@dataclass(frozen=True)
class Graph:
    """One graph with its posterior.

    Attributes
    ----------
    edges : bit masks of the pairs of lists that depend on each other
    probability : posterior, over all decomposable graphs of these lists
    mean : posterior mean of the total given the graph, persons
    """

    edges: tuple[int, ...]
    probability: float
    mean: float


@dataclass(frozen=True)
class DecomposableGraphs:
    """The total averaged over all decomposable graphs.

    Attributes
    ----------
    total : posterior median and central interval, persons
    mean : posterior mean, persons
    graphs : the most probable ones, best first
    searched : number of graphs averaged over
    prior_count : prior people in every history (the hyper-Dirichlet prior's parameter)
    """

    total: Interval
    mean: float
    graphs: tuple[Graph, ...]
    searched: int
    prior_count: float


def decomposable_graphs(
    table: Histories, prior_count: float | None = None, level: float = LEVEL
) -> DecomposableGraphs:
    """Return the posterior of the total with a hyper-Dirichlet prior for every decomposable graph.

    All graphs have the same prior probability, and the prior of the total N is proportional to 1/N.

    Parameters
    ----------
    prior_count
        Prior people in every history; 2**-K for K lists where none is given, one person in the whole table.

    Raises
    ------
    NoEstimateError
        More lists than can be averaged over, or a posterior without an upper end.

    References
    ----------
    madigan1997
    """
    lists = len(table.lists)
    if lists > MAX_LISTS:
        raise NoEstimateError(
            f"{lists} lists have too many graphs to average over; {MAX_LISTS} lists are the most"
        )
    count = 2.0**-lists if prior_count is None else prior_count
    edges, coefficients = graphs_of(lists)

    def posterior(unseen: Floats) -> Floats:
        return coefficients @ _evidence(table, unseen, count) + _of_total(table, unseen)

    fine = _grid(posterior, table.seen)
    log_weight = posterior(fine) + np.log(_widths(fine))
    log_weight -= logsumexp(log_weight)
    by_graph = np.exp(logsumexp(log_weight, axis=1))
    by_unseen = np.exp(logsumexp(log_weight, axis=0))
    order = [at for at in np.argsort(-by_graph)[:SHOWN] if by_graph[at] > 0]
    means = (np.exp(log_weight[order]) @ fine) / by_graph[order]
    tails = [0.5, (1 - level) / 2, (1 + level) / 2]
    median, low, high = np.interp(tails, np.cumsum(by_unseen) - by_unseen / 2, fine)
    return DecomposableGraphs(
        Interval(table.seen + float(median), table.seen + float(low), table.seen + float(high), level),
        table.seen + float(by_unseen @ fine),
        tuple(
            Graph(edges[at], float(by_graph[at]), table.seen + float(mean))
            for at, mean in zip(order, means, strict=True)
        ),
        len(edges), count,
    )  # fmt: skip


def _grid(posterior: Callable[[Floats], Floats], seen: float) -> Floats:
    """Return the numbers of unseen people that have all but a millionth of the posterior at each end."""
    coarse = np.unique(np.round(np.geomspace(1.0, FURTHEST * seen, COARSE)) - 1).astype(np.float64)
    log_weight = logsumexp(posterior(coarse), axis=0) + np.log(_widths(coarse))
    weight = np.exp(log_weight - logsumexp(log_weight))
    if weight[-5:].sum() > FAR:
        raise NoEstimateError(NO_END)
    inside = np.cumsum(weight)
    first = max(0, int(np.searchsorted(inside, 1e-6)) - 1)
    last = min(len(coarse) - 1, int(np.searchsorted(inside, 1 - 1e-6)) + 1)
    return np.unique(np.round(np.linspace(coarse[first], coarse[last], FINE))).astype(np.float64)


def _evidence(table: Histories, unseen: Floats, count: float) -> Floats:
    """Return the log marginal likelihood of each set of lists, (2**K, grid), under its Dirichlet prior."""
    lists = len(table.lists)
    everyone = table.seen + unseen
    prior = count * 2**lists
    whole = gammaln(prior) - gammaln(prior + everyone)
    masks = np.arange(2**lists)
    found = np.zeros((2**lists, len(unseen)))
    for chosen in range(1, 2**lists):
        cells = 2 ** chosen.bit_count()
        each = prior / cells
        counts = np.bincount(masks & chosen, table.counts, 2**lists)
        present = counts[[mask for mask in range(1, 2**lists) if mask & chosen == mask]]
        seen = gammaln(present + each).sum() - cells * gammaln(each)
        found[chosen] = whole + seen + gammaln(counts[0] + unseen + each)
    return found


def _of_total(table: Histories, unseen: Floats) -> Floats:
    """Return what every graph shares: the multinomial coefficient and the prior of the total."""
    everyone = table.seen + unseen
    found: Floats = gammaln(everyone + 1) - gammaln(unseen + 1) - np.log(everyone)
    return found


@cache
def graphs_of(lists: int) -> tuple[tuple[tuple[int, ...], ...], Floats]:
    """Return the edges of every decomposable graph of `lists` lists, and how its evidence is made.

    Row g of the second part, (graphs, 2**lists), multiplies the evidence of every set of lists: plus one for
    a list with its earlier neighbours, minus one for those neighbours, along a perfect numbering.
    """
    pairs = [1 << i | 1 << j for i, j in combinations(range(lists), 2)]
    edges, rows = [], []
    for chosen in range(2 ** len(pairs)):
        graph = tuple(pair for at, pair in enumerate(pairs) if chosen >> at & 1)
        row = _perfect(lists, graph)
        if row is not None:
            edges.append(graph)
            rows.append(row)
    return tuple(edges), np.array(rows, dtype=float)


def _perfect(lists: int, edges: tuple[int, ...]) -> list[int] | None:
    """Return the row of a decomposable graph by maximum cardinality search; None for another graph."""
    near = [0] * lists
    for edge in edges:
        for k in range(lists):
            if edge >> k & 1:
                near[k] |= edge & ~(1 << k)
    row = [0] * 2**lists
    done = 0
    while done != 2**lists - 1:
        left = [k for k in range(lists) if not done >> k & 1]
        at = max(left, key=lambda k: (near[k] & done).bit_count())
        before = near[at] & done
        if any(before >> k & 1 and (before & ~(1 << k)) & ~near[k] for k in range(lists)):
            return None
        row[before | 1 << at] += 1
        row[before] -= 1
        done |= 1 << at
    return row


def _widths(grid: Floats) -> Floats:
    """Return how many whole numbers each point of an increasing grid stands for."""
    middle = (grid[1:] + grid[:-1]) / 2
    found: Floats = np.diff(np.r_[grid[0] - 0.5, middle, grid[-1] + 0.5])
    return found
