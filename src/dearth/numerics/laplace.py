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
LENGTHS = 0.5 ** np.arange(8)  # of a Newton step, the best is taken
MOST, ENOUGH = 40, 1e-2  # iterations; gain in log density below which the mode is near enough


def laplace(
    values: Callable[[Floats], Any], gradients: Callable[[Floats], Any], size: int, held: Sequence[int] = ()
) -> tuple[Floats, Floats]:
    """Return the mode [size] of a log density and L [size, size] with L L' the inverse curvature there.

    Damped Newton steps with the curvature from differences of gradients. `values` and `gradients` are of the
    log density at many points [point, size], in unknowns that are standard normal a priori. Those `held` stay
    at 0 with a scale of 1: scales of noise, whose mode lies at the bottom of a funnel.
    """
    free = np.ones(size)
    free[list(held)] = 0.0
    mode = np.zeros(size)
    steps = STEP * np.eye(size)
    for _ in range(MOST):
        slopes = np.asarray(gradients(np.concatenate([mode + steps, mode - steps])), float) * free
        factor = _factor((slopes[size:] - slopes[:size]) / (2 * STEP), free)
        uphill = factor @ (factor.T @ ((slopes[:size] + slopes[size:]).mean(0) / 2))
        lengths = np.concatenate([[0.0], LENGTHS])
        heights = np.asarray(values(mode + lengths[:, None] * uphill), float)
        best = int(np.nanargmax(np.where(np.isfinite(heights), heights, -np.inf)))
        mode = mode + lengths[best] * uphill
        if heights[best] - heights[0] < ENOUGH:
            break
    return mode, factor


def _factor(curvature: Floats, free: Floats) -> Floats:
    """Return L with L L' the inverse of the curvature, which is kept at `FLOOR` or above."""
    square = curvature * free * free[:, None] + np.diag(1 - free)
    values, vectors = np.linalg.eigh((square + square.T) / 2)
    return np.asarray(vectors / np.sqrt(np.maximum(values, FLOOR)))
