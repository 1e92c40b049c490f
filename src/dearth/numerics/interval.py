"""A figure with its interval, or an exact figure without one."""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.9  # central interval of the Monte Carlo draws; stated beside every figure


class Interval(TypedDict):
    """Median and equal-tailed interval of draws; ``low``, ``high``, ``level`` None when exact."""

    median: float
    low: float | None
    high: float | None
    level: float | None


def interval(draws: Floats) -> Interval:
    """Summarise draws, shape (D,); a single draw is an exact figure."""
    if draws.size == 1 or np.ptp(draws) == 0:
        return {"median": float(draws.flat[0]), "low": None, "high": None, "level": None}
    tail = (1 - LEVEL) / 2
    low, median, high = np.quantile(draws, [tail, 0.5, 1 - tail])
    return {"median": float(median), "low": float(low), "high": float(high), "level": LEVEL}
