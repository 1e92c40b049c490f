"""A made-up place with complete records, long enough to be tried."""

import numpy as np

from dearth.trials.age_tables import death_rates
from dearth.trials.full_records import LATER_COUNT, YEARS, Truth


def truth(shock: float = 1.0) -> Truth:
    """Return a stable population whose deaths rise by `shock` of the normal in the two crisis years."""
    rates = death_rates()
    people = np.array([[1.0], [1.06]]) * np.exp(-np.cumsum(rates, axis=1))
    people = people / people.sum() * 1e6
    stocks = np.stack([people] * (LATER_COUNT + 1))
    births = np.full(YEARS, 33_000.0)
    deaths = np.full((2, YEARS), 1.0) * np.array([[7_000.0], [21_000.0]])
    deaths[:, 5:7] *= 1 + shock
    return Truth("Dale", 1900, 2, stocks, deaths[0], deaths[1], births)
