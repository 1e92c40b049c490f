"""Exact Shapley values over all combinations of causes.

References
----------
shapley1953
"""

from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def combinations(causes: int) -> NDArray[np.bool_]:
    """Return every combination [combination, cause]; true where a cause is as it was.

    Row r has cause i as it was where bit i of r is set: row 0 is the normal setting, the last row as it was.
    """
    return np.asarray((np.arange(2**causes)[:, None] >> np.arange(causes)) % 2 == 1)


def shapley(values: Floats) -> Floats:
    """Return the Shapley value of each cause [cause, ...].

    ``phi_i = sum over S without i of |S|! (k - |S| - 1)! / k! (v(S + i) - v(S))``

    Parameters
    ----------
    values : v of every combination, in the order of `combinations` [combination, ...]
    """
    causes = _causes(values)
    marks = combinations(causes)
    size = marks.sum(1)
    found = []
    for at in range(causes):
        without = np.flatnonzero(~marks[:, at])
        weights = 1 / (causes * np.array([comb(causes - 1, int(s)) for s in size[without]]))
        gains = values[without | (1 << at)] - values[without]
        found.append(np.tensordot(weights, gains, axes=1))
    return np.stack(found)


def interactions(values: Floats) -> Floats:
    """Return the Shapley interaction index of each pair [cause, cause, ...]; zero on the diagonal.

    ``I_ij = sum over S without i, j of |S|! (k - |S| - 2)! / (k - 1)! (v(S+ij) - v(S+i) - v(S+j) + v(S))``
    (Grabisch and Roubens 1999). Positive: two causes together do more than each alone.
    """
    causes = _causes(values)
    marks = combinations(causes)
    size = marks.sum(1)
    found = np.zeros((causes, causes, *values.shape[1:]))
    for i in range(causes):
        for j in range(i + 1, causes):
            without = np.flatnonzero(~marks[:, i] & ~marks[:, j])
            weights = 1 / ((causes - 1) * np.array([comb(causes - 2, int(s)) for s in size[without]]))
            both = values[without | (1 << i) | (1 << j)] - values[without | (1 << i)]
            gains = both - values[without | (1 << j)] + values[without]
            found[i, j] = found[j, i] = np.tensordot(weights, gains, axes=1)
    return found


def first_and_last(values: Floats) -> tuple[Floats, Floats]:
    """Return what each cause alone adds to the normal setting, and what its removal takes from as it was.

    Both [cause, ...]: v(i) - v(none), and v(all) - v(all but i).
    """
    causes = _causes(values)
    whole = 2**causes - 1
    alone = np.stack([values[1 << at] - values[0] for at in range(causes)])
    removed = np.stack([values[whole] - values[whole ^ (1 << at)] for at in range(causes)])
    return alone, removed


def _causes(values: Floats) -> int:
    found = len(values).bit_length() - 1
    if len(values) != 2**found:
        raise ValueError(f"{len(values)} values; the combinations of k causes are 2^k")
    return found
