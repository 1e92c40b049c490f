"""May a posterior be printed, and with which warnings? The same answer for a report and for a trial."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.hmc import Draws
from dearth.reconstruction.conflicts import (
    conflict_refusals,
    conflict_warnings,
    edge_warnings,
    pulls,
)
from dearth.reconstruction.convergence_gates import diagnostics, refusals
from dearth.reconstruction.generated_quantities import GATED
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.posterior_tables import Diagnostics
from dearth.reconstruction.scenarios import Data
from dearth.reconstruction.unknown_labels import labels

Floats = NDArray[np.float64]
JUDGED = (*GATED, "theta")  # what the gates judge of a draw
BOUNDED = {
    "completeness_normal": "completeness before the crisis",
    "completeness_crisis": "completeness in the crisis",
    "birth_completeness": "completeness of births",
}


@dataclass(frozen=True)
class Judgement:
    """What the gates and the rule of prior-data conflict say of one posterior.

    Attributes
    ----------
    refused : why it may not be printed; empty where it may
    warnings : what a reader of the interval must know
    furthest : how far chance was exceeded by the unknown pulled furthest from its prior
    """

    diagnostics: Diagnostics
    refused: list[str]
    warnings: list[str]
    furthest: float


def judge(model: Model, mine: Data, draws: Draws, at: int = 0) -> Judgement:
    """Return what is to be said of the posterior of one problem.

    Parameters
    ----------
    mine
        The data of the problem.
    draws, at
        Draws of several problems, and which is meant.
    """
    found = diagnostics(draws, at, JUDGED)
    theta = np.asarray(draws.seen["theta"][at], float)
    flat = theta.reshape(-1, theta.shape[-1])
    named, means, sds = labels(model), flat.mean(0), flat.std(0)
    return Judgement(
        found, [*refusals(found), *conflict_refusals(named, means)],
        [*conflict_warnings(named, means, sds), *edge_warnings(_bounded(model, mine, draws, at))],
        float(np.abs(pulls(means, sds)).max()),
    )  # fmt: skip


def _bounded(model: Model, mine: Data, draws: Draws, at: int) -> dict[str, tuple[float, float, float, float]]:
    """Return the middle of each unknown share with the bounds and the sd of its prior."""
    found = {}
    for name, what in BOUNDED.items():
        low, mode, high, _, sd = np.asarray(mine[name], float)
        if name not in model.layout.free or sd > 0 or high <= low:
            continue
        if name == "completeness_crisis" and float(mine["same_completeness"]) > 0:
            continue
        spread = (high - low) / 12**0.5 if mode < 0 else _triangular_sd(low, mode, high)
        found[what] = (float(np.median(np.asarray(draws.seen[name][at]))), low, high, spread)
    return found


def _triangular_sd(low: float, mode: float, high: float) -> float:
    square = low**2 + mode**2 + high**2 - low * mode - low * high - mode * high
    return float((square / 18) ** 0.5)
