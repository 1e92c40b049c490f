"""A first guess of a posterior's shape: its mode, and a factor of the inverse curvature there.

Used to start and to precondition a sampler, never as a result: normal approximations of reconstructions
fail their own check (Pareto k above 0.7).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FLOOR = 0.3  # least curvature allowed: unknowns are standard normal a priori, with a curvature of 1
STEP = 1e-4  # difference taken for the curvature
DAMPING = np.array([0, *10.0 ** np.arange(-1, 8)])  # added to the curvature; the best step is taken
MOST, ENOUGH = 100, 1e-3  # iterations; gain in log density below which the mode is near enough


def laplace(
    values: Callable[[Floats], Any], gradients: Callable[[Floats], Any], size: int, held: Sequence[int] = ()
) -> tuple[Floats, Floats]:
    """Return the mode [size] of a log density and L [size, size] with L L' the inverse curvature there.

    Damped Newton steps; the curvature comes from differences of gradients.
    `values` and `gradients` are of the log density at many points [point, size], in unknowns that are
    standard normal a priori. Those named `held` stay at 0 with a scale of 1: scales of noise, whose mode is
    at the bottom of a funnel.

    References
    ----------
    levenberg1944, marquardt1963
    """
    free = np.ones(size)
    free[list(held)] = 0.0
    mode = np.zeros(size)
    steps = STEP * np.eye(size)
    for _ in range(MOST):
        slopes = np.asarray(gradients(np.concatenate([mode + steps, mode - steps])), float) * free
        values_at, vectors = _curvature((slopes[size:] - slopes[:size]) / (2 * STEP), free)
        uphill = vectors.T @ ((slopes[:size] + slopes[size:]).mean(0) / 2)
        tried = mode + (uphill / (values_at + DAMPING[:, None])) @ vectors.T
        heights = np.asarray(values(np.concatenate([mode[None], tried])), float)
        best = int(np.argmax(np.where(np.isfinite(heights), heights, -np.inf)))
        if best > 0:
            mode = tried[best - 1]
        if heights[best] - heights[0] < ENOUGH:
            break
    return mode, vectors / np.sqrt(values_at)


def _curvature(differences: Floats, free: Floats) -> tuple[Floats, Floats]:
    """Return eigenvalues, kept at `FLOOR` or above, and eigenvectors of the curvature."""
    square = differences * free * free[:, None] + np.diag(1 - free)
    found, vectors = np.linalg.eigh((square + square.T) / 2)
    return np.maximum(found, FLOOR), np.asarray(vectors)
