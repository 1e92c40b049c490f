"""A figure with its interval, or an exact figure without one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.9  # central interval of draws; stated beside every figure
NORMAL_90 = 1.645  # standard deviations that hold the central 90 % of a normal distribution
NORMAL_95 = 1.96  # and the central 95 %


@dataclass(frozen=True)
class Interval:
    """Median and equal-tailed interval of draws.

    Attributes
    ----------
    median : the figure itself where it is exact
    low, high : ends of the interval; None where the figure is exact
    level : probability between them; None where the figure is exact
    """

    median: float
    low: float | None = None
    high: float | None = None
    level: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """Return low and high; an exact figure twice."""
        if self.low is None or self.high is None:
            return self.median, self.median
        return self.low, self.high

    def document(self) -> dict[str, float | None]:
        """Return the interval as it stands in JSON."""
        return dict(vars(self))


def interval(draws: Floats) -> Interval:
    """Summarise draws, shape (D,); a single draw is an exact figure."""
    if draws.size == 1 or np.ptp(draws) == 0:
        return Interval(float(draws.flat[0]))
    tail = (1 - LEVEL) / 2
    low, median, high = np.quantile(draws, [tail, 0.5, 1 - tail])
    return Interval(float(median), float(low), float(high), LEVEL)
