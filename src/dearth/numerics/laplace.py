"""A first guess of a posterior's shape: its mode, and a factor of the inverse curvature there.

Used to start and to precondition a sampler, never as a result: normal approximations of reconstructions
fail their own check (Pareto k above 0.7).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
FLOOR, STEP = 0.3, 1e-4  # least curvature allowed (unknowns are standard normal a priori); difference taken


def laplace(
    value_and_gradient: Callable[[Floats], tuple[Any, Any]], size: int, held: Sequence[int] = ()
) -> tuple[Floats, Floats]:
    """Return the mode [size] of a log density and L [size, size] with L L' the inverse curvature there.

    `value_and_gradient` is of the log density, in unknowns that are standard normal a priori. Those `held`
    stay at 0 with a scale of 1: scales of noise, whose mode lies at the bottom of a funnel.
    """
    free = np.ones(size)
    free[list(held)] = 0.0

    def descent(x: Floats) -> tuple[float, Floats]:
        value, gradient = value_and_gradient(x)
        return -float(value), -np.asarray(gradient, float) * free

    found = minimize(descent, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 3000})
    mode: Floats = found.x
    curvature = np.empty((size, size))
    for i in range(size):
        step = np.zeros(size)
        step[i] = STEP
        curvature[i] = (descent(mode + step)[1] - descent(mode - step)[1]) / (2 * STEP)
    curvature = curvature * free * free[:, None] + np.diag(1 - free)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    return mode, vectors / np.sqrt(np.maximum(values, FLOOR))
