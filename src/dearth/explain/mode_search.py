"""Searches for modes from several starts, each a shard, so that they run side by side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.ensemble.shards import Arrays, Shard
from dearth.explain.gauss_newton import Mode, climb
from dearth.explain.problem import FitProblem
from dearth.numerics.checkpoint import digest

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SearchTask:
    """A pure function of a shard of searches: the mode that each reaches.

    Attributes
    ----------
    begin : unknowns where each search starts [search, unknown]
    """

    problem: FitProblem
    begin: Floats

    @property
    def about(self) -> str:
        """A name for whatever decides the numbers besides versions."""
        return f"modes {self.problem.about} {digest(self.begin)}"

    def __call__(self, shard: Shard) -> dict[str, Floats]:
        """Return the parts of the modes by name [search, ...]; where none is found the loss is infinite."""
        found = [self._mode(self.begin[at]) for at in range(shard.first, shard.last)]
        return {
            "z": np.stack([one.z for one in found]),
            "loss": np.array([one.loss for one in found]),
            "jacobian": np.stack([one.jacobian for one in found]),
            "iterations": np.array([float(one.iterations) for one in found]),
            "converged": np.array([float(one.converged) for one in found]),
        }

    def _mode(self, begin: Floats) -> Mode:
        try:
            return climb(self.problem.residuals, begin)
        except FloatingPointError:
            none = np.zeros((self.problem.values.size, len(begin)))
            return Mode(begin, float("inf"), none, 0, False)


def modes_of(parts: Arrays) -> list[Mode]:
    """Return the modes that searches found, best first.

    Raises
    ------
    FloatingPointError
        When no search found one.
    """
    every = [
        Mode(z, float(loss), jacobian, int(iterations), bool(converged))
        for z, loss, jacobian, iterations, converged in zip(
            *(parts[name] for name in ("z", "loss", "jacobian", "iterations", "converged")), strict=True
        )
    ]
    found = sorted((one for one in every if np.isfinite(one.loss)), key=lambda mode: mode.loss)
    if not found:
        raise FloatingPointError(f"all {len(every)} searches met runs with records that are not finite")
    return found
