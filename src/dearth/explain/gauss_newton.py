"""The highest point of a posterior with standard normal unknowns, by Levenberg and Marquardt's method.

References
----------
nocedal_wright2006
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Residuals = Callable[[Floats], Floats]  # unknowns [run, unknown] -> standard residuals [run, figure]
STEP = 0.1  # of a difference, prior standard deviations: far above the rounding of single precision
LARGEST = 1.0  # move of an unknown in one iteration, prior standard deviations
DAMPINGS = (0.0, 0.1, 1.0, 10.0, 100.0)  # tried together in one batch of runs
ITERATIONS = 30
ENOUGH = 0.05  # fall of the loss below which the search ends


@dataclass(frozen=True)
class Mode:
    """A mode and the curvature there.

    Attributes
    ----------
    z : unknowns [unknown]
    loss : half the sum of squared standard residuals and of squared unknowns
    jacobian : of the standard residuals [figure, unknown]
    iterations : made
    converged : whether the last fall of the loss was below `ENOUGH`
    """

    z: Floats
    loss: float
    jacobian: Floats
    iterations: int
    converged: bool

    @property
    def precision(self) -> Floats:
        """The precision of the normal approximation [unknown, unknown]."""
        return self.jacobian.T @ self.jacobian + np.eye(len(self.z))


def loss_of(residuals: Floats, z: Floats) -> Floats:
    """Return minus the log posterior, but for a constant [run]; infinite where a residual is not finite."""
    found = 0.5 * (residuals**2).sum(1) + 0.5 * (z**2).sum(1)
    return np.where(np.isfinite(found), found, np.inf)


def jacobian(residuals: Residuals, z: Floats) -> Floats:
    """Return derivatives of the residuals at `z` by central differences [figure, unknown].

    Raises
    ------
    FloatingPointError
        Where a run next to `z` leaves the range of numbers.
    """
    moves = STEP * np.eye(len(z))
    found = residuals(np.concatenate([z + moves, z - moves]))
    if not np.isfinite(found).all():
        raise FloatingPointError("a run next to the point has records that are not finite")
    return np.asarray((found[: len(z)] - found[len(z) :]).T / (2 * STEP))


def climb(residuals: Residuals, start: Floats, progress: Callable[[str], None] = lambda text: None) -> Mode:
    """Return the mode that the search reaches from `start` [unknown].

    Raises
    ------
    FloatingPointError
        Where the start, or a run next to the path, leaves the range of numbers.
    """
    z = np.asarray(start, float)
    now = residuals(z[None])
    loss = float(loss_of(now, z[None])[0])
    if not np.isfinite(loss):
        raise FloatingPointError("the run at the start has records that are not finite")
    for iteration in range(1, ITERATIONS + 1):
        slope = jacobian(residuals, z)
        steps = np.stack([_move(slope, now[0], z, damping) for damping in DAMPINGS])
        steps = np.concatenate([steps, steps / 4])
        tried = residuals(z + steps)
        losses = loss_of(tried, z + steps)
        best = int(np.argmin(losses))
        fall = loss - float(losses[best])
        if fall > 0:
            z, now, loss = z + steps[best], tried[best : best + 1], float(losses[best])
        progress(f"iteration {iteration}: loss {loss:.1f}")
        if fall < ENOUGH:
            return Mode(z, loss, slope, iteration, True)
    return Mode(z, loss, jacobian(residuals, z), ITERATIONS, False)


def _move(slope: Floats, residual: Floats, z: Floats, damping: float) -> Floats:
    """Return the damped step, shortened so that no unknown moves by more than `LARGEST`."""
    many = len(z)
    step = np.linalg.solve(slope.T @ slope + (1 + damping) * np.eye(many), -(slope.T @ residual + z))
    return np.asarray(step * min(1.0, LARGEST / max(float(np.abs(step).max()), 1e-12)))
