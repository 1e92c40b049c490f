"""The records of a simulated history's office as a register, and the deaths that two counts require."""

import numpy as np
from numpy.typing import NDArray

from dearth.population.vital_registration import VitalRegister
from dearth.trials.full_records import YEARS
from dearth.trials.simulated_histories import Draw

Floats = NDArray[np.float64]
Counts = tuple[int, int]  # the years on whose 1 January people are counted


def register(draw: Draw) -> VitalRegister:
    """Return the office's records [year], persons; each stock of 31 December opens the next year."""
    stocks = np.concatenate([[draw.truth.stocks[0].sum()], draw.names])
    return VitalRegister(
        "books", "", "registered", tuple(range(draw.start, draw.start + YEARS)),
        (stocks[:-1] + stocks[1:]) / 2, draw.deaths_booked, draw.births_booked, stocks[:-1], stocks[1:],
        np.zeros(YEARS), np.full(YEARS, np.nan),
    )  # fmt: skip


def deaths_required(draw: Draw, counts: Counts) -> float:
    """Return the deaths between the two counts that surveyed births require, persons: N0 - N1 + B."""
    first, second = (draw.index(year) for year in counts)
    counted = draw.truth.stocks.sum((1, 2))
    return float(counted[first] - counted[second] + draw.truth.births[first:second].sum())
