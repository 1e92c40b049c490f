"""Whether a log-linear model of lists has estimates at all, by the rules of Chan, Silverman and Vincent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from dearth.estimate.lists.histories import Floats, Histories

Cells = NDArray[np.int64]
INTERIOR = 1e-9  # an expected count above this is positive


@dataclass(frozen=True)
class Support:
    """The part of a model that its data can speak of.

    Attributes
    ----------
    terms : bit masks of the interactions that have a finite estimate
    empty : interactions whose lists share nobody: their estimate is minus infinity
    cells : (C,) histories that the empty interactions leave possible, without the history of no list
    design : (C, 1 + K + terms) columns of the constant, the lists and `terms`
    """

    terms: tuple[int, ...]
    empty: tuple[int, ...]
    cells: Cells
    design: Floats


def support(table: Histories, terms: tuple[int, ...]) -> Support:
    """Return what is left of the model with interactions `terms` (bit masks) after its empty interactions.

    References
    ----------
    chan2021
    """
    empty = tuple(term for term in terms if table.with_all(term) == 0)
    finite = tuple(term for term in terms if term not in empty)
    masks = np.arange(1, len(table.counts))
    impossible = np.zeros(len(masks), dtype=bool)
    for term in empty:
        impossible |= (masks & term) == term
    cells = masks[~impossible]
    return Support(finite, empty, cells, design(cells, len(table.lists), finite))


def design(cells: Cells, lists: int, terms: tuple[int, ...]) -> Floats:
    """Return the columns of the constant, of each list and of each interaction, for the histories `cells`."""
    masks = [0, *(1 << k for k in range(lists)), *terms]
    return np.stack([(cells & mask) == mask for mask in masks], axis=1).astype(float)


def refusal(table: Histories, one: Support) -> str:
    """Return why the model has no estimate, or an empty text.

    The model is identified where its columns are independent. Its estimate exists where positive expected
    counts give the sums that the data give; a linear programme finds the largest smallest one.

    References
    ----------
    chan2021, fienberg2012
    """
    parameters = one.design.shape[1]
    if np.linalg.matrix_rank(one.design) < parameters:
        return (
            f"the total is not identified: {parameters} unknowns, and the {len(one.cells)} possible "
            "histories do not determine them"
        )
    counts = table.counts[one.cells]
    if (counts > 0).all():
        return ""
    sums = one.design.T @ counts
    scale = max(1.0, float(counts.max()))
    rows = np.c_[one.design.T, np.zeros(parameters)]
    above = np.c_[-np.eye(len(counts)), np.ones(len(counts))]
    answer = linprog(
        np.r_[np.zeros(len(counts)), -1.0], above, np.zeros(len(counts)), rows, sums / scale,
        bounds=[(0, None)] * len(counts) + [(None, 1)], method="highs",
    )  # fmt: skip
    if answer.status == 0 and -answer.fun > INTERIOR:
        return ""
    return (
        "the maximum likelihood estimate does not exist: too many histories are empty, and the likelihood "
        "rises without end towards an infinite coefficient"
    )
