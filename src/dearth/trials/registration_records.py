"""The books of a simulated history as a register, and what recipes take from them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dearth.estimate.baselines import Baseline, normal_rate
from dearth.estimate.methods import correct, rate_excess
from dearth.estimate.multiverse import over
from dearth.estimate.windows import Window
from dearth.population.vital_registration import VitalRegister
from dearth.trials.full_records import BEFORE, SECOND_COUNT, YEARS
from dearth.trials.simulated_histories import Draw

Floats = NDArray[np.float64]


def register(draw: Draw) -> VitalRegister:
    """Return the office's books [year], persons; each roll of 31 December opens the next year."""
    rolls = np.concatenate([[draw.truth.stocks[0].sum()], draw.names])
    start = draw.truth.first - BEFORE
    return VitalRegister(
        "books", "", "registered", tuple(range(start, start + YEARS)), (rolls[:-1] + rolls[1:]) / 2,
        draw.deaths_booked, draw.births_booked, rolls[:-1], rolls[1:], np.zeros(YEARS),
        np.full(YEARS, np.nan),
    )  # fmt: skip


def years_of(draw: Draw, skip: int = 0, more: int = 0, kind: str = "calendar") -> Window:
    """Return the crisis without its first `skip` years and with `more` after it; never without any year."""
    first, length = draw.truth.first, draw.truth.length
    return Window(first + min(skip, length - 1), first + length - 1 + more, kind)


def mean_before(draw: Draw, years: int) -> Baseline:
    """Return the mean rate of the `years` before the crisis."""
    return Baseline("mean", tuple(range(draw.truth.first - years, draw.truth.first)))


def line_over(draw: Draw) -> Baseline:
    """Return the straight line from the year before the crisis to that of the second count (1957-1964)."""
    first = draw.truth.first
    return Baseline("line", (first - 1, first - BEFORE + SECOND_COUNT))


def excess_of(
    books: VitalRegister, baseline: Baseline, window: Window, share: float | Floats = 1.0,
    method: Callable[..., Floats] = rate_excess,
) -> float:  # fmt: skip
    """Return what the estimate package's rate or balance method says, persons; `share` booked, or [year]."""
    full = np.ones((1, len(books.years)))
    corrected = correct(books, full * share, full)
    normal = normal_rate(baseline, books.years, corrected.death_rate)
    weights = np.sum(list(window.parts(books.years).values()), axis=0)
    return over(method(corrected, normal), weights).item()


def deaths_required(draw: Draw, births: Floats) -> float:
    """Return the deaths between the two counts that `births` [year] require, persons: N0 - N1 + B."""
    counted = draw.truth.stocks.sum((1, 2))
    return float(counted[0] - counted[SECOND_COUNT] + births[:SECOND_COUNT].sum())
