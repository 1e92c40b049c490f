"""Convergence of chains: rank-normalised R-hat, bulk and tail effective sample size.

The figures are those of `arviz-stats`, after Vehtari et al. (2021).

References
----------
vehtari2021
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TAILS = (0.05, 0.95)


class Convergence(NamedTuple):
    """One number per quantity, each an array of shape [...]."""

    rhat: Floats
    ess_bulk: Floats
    ess_tail: Floats


def convergence(draws: Floats) -> Convergence:
    """Return R-hat and effective sample sizes of draws.

    A quantity that never varies gives NaN: it was not sampled.

    Parameters
    ----------
    draws
        Draws of each quantity [chain, draw, ...]; at least two chains of four draws.

    Returns
    -------
    Convergence
        Arrays of the shape of one draw [...].

    Raises
    ------
    ValueError
        With fewer than two chains, fewer than four draws a chain, or draws that are not finite.
    """
    from arviz_stats.base import array_stats  # here, because the import takes a second

    if draws.ndim < 2 or draws.shape[0] < 2 or draws.shape[1] < 4:
        raise ValueError(f"draws have shape {draws.shape}; at least [2, 4, ...] is needed (chain, draw)")
    if not np.isfinite(draws).all():
        raise ValueError("some draws are not finite")
    flat = draws.reshape(*draws.shape[:2], -1).astype(np.float64)
    varied = np.ptp(flat, axis=(0, 1)) > 0
    quantities = np.moveaxis(flat[..., varied], -1, 0)  # [quantity, chain, draw], as the library wants them
    found = (
        array_stats.rhat(quantities, method="rank"),
        array_stats.ess(quantities, method="bulk"),
        array_stats.ess(quantities, method="tail", prob=TAILS),
    )
    out = np.full((len(found), varied.size), np.nan)
    out[:, varied] = found
    return Convergence(*(row.reshape(draws.shape[2:]) for row in out))
