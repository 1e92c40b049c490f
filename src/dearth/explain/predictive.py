"""How well a fitted simulation says what the records say: fitted records and held-out ones apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.explain.fit import Fit
from dearth.explain.targets import Block, observed
from dearth.numerics.random_streams import stream
from dearth.reconstruction.joint_draws import PER_SCENARIO

Floats = NDArray[np.float64]
TAILS = (0.05, 0.95)
UNITS = {"excess": "per 1000 a year", "place": "per 1000 in the window"}
LOG = "log ratio"


@dataclass(frozen=True)
class Prediction:
    """One series beside what the fit predicts of it.

    Attributes
    ----------
    unit : of `rmse` and of the figures
    coverage90 : share of the records inside the central 90 % of the predictions, error of the record included
    rmse : of the median prediction
    labels, records, medians, low, high : by figure
    """

    series: str
    unit: str
    coverage90: float
    rmse: float
    labels: tuple[str, ...]
    records: Floats
    medians: Floats
    low: Floats
    high: Floats


def predictions(
    found: Fit, blocks: Sequence[Block], seed: int, draws: int = PER_SCENARIO
) -> list[Prediction]:
    """Return each series of `blocks` beside the predictions of a fit."""
    problem = found.problem
    given = problem.space.given(found.thinned(draws))
    parts = [observed(history, blocks, problem.normal) for history in problem.runs(given)]
    every, first, result = np.concatenate(parts), 0, []
    for block in blocks:
        here = every[:, first : first + block.size]
        first += block.size
        noise = stream(seed, "predictive", block.name, block.what).standard_normal(here.shape)
        result.append(_beside(block, here + noise @ np.linalg.cholesky(block.covariance).T))
    return result


def _beside(block: Block, drawn: Floats) -> Prediction:
    low, high = np.quantile(drawn, TAILS, axis=0)
    medians = np.median(drawn, axis=0)
    inside = (low <= block.values) & (block.values <= high)
    return Prediction(
        block.name, UNITS.get(block.what, LOG), float(inside.mean()),
        float(np.sqrt(np.mean((medians - block.values) ** 2))),
        block.labels, block.values, medians, low, high,
    )  # fmt: skip
