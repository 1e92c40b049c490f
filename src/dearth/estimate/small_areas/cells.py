"""Districts by months: the cells of a small-area model, and which of them each survey saw."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from dearth.case.periods import Period
from dearth.numerics.interval import Floats


@dataclass(frozen=True)
class Cells:
    """P districts by T months in a row; a cell has the index ``place x T + month``.

    Attributes
    ----------
    places : names of the districts
    first : first month, as ``(year, month)``
    count : number of months T
    """

    places: tuple[str, ...]
    first: tuple[int, int]
    count: int

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The days of each month."""
        found = []
        year, month = self.first
        for at in range(self.count):
            y, m = divmod(year * 12 + month - 1 + at, 12)
            last = calendar.monthrange(y, m + 1)[1]
            found.append(Period(date(y, m + 1, 1), date(y, m + 1, last)))
        return tuple(found)

    @cached_property
    def days(self) -> Floats:
        """Days of each month, (T,)."""
        return np.array([float(month.days) for month in self.months])

    def at(self, day: date) -> int:
        """Return the position of the month of a day; it may lie outside of the months."""
        year, month = self.first
        return day.year * 12 + day.month - year * 12 - month

    def inside(self, period: Period) -> list[int]:
        """Return the positions of the months that lie wholly in a period."""
        return [at for at, month in enumerate(self.months) if month.common_days(period) == month.days]

    def shares(self, period: Period) -> Floats:
        """Return the share of a period's days in each month, (T,)."""
        days = np.array([float(month.common_days(period)) for month in self.months])
        return np.asarray(days / days.sum())


def months_over(periods: Iterable[Period]) -> tuple[tuple[int, int], int]:
    """Return the first month of the periods, and how many months there are to the last."""
    periods = list(periods)
    first, last = min(one.start for one in periods), max(one.end for one in periods)
    return (first.year, first.month), (last.year - first.year) * 12 + last.month - first.month + 1


@dataclass(frozen=True)
class Predictors:
    """Predictors of the death rate, standardised over all cells.

    Attributes
    ----------
    names : of the K predictors
    values : (P, T, K), mean 0 and sd 1; a cell without a value has 0, the mean
    missing : share of the cells without a value, (K,)
    """

    names: tuple[str, ...]
    values: Floats
    missing: Floats


def standardised(
    cells: Cells, rows: Mapping[str, Mapping[tuple[int, int], float]], lags: Mapping[str, int]
) -> Predictors:
    """Return predictors as the model takes them.

    Parameters
    ----------
    rows : values by predictor and ``(place, month)``; months may lie before the first of the cells
    lags : months before the month itself that are averaged with it, by predictor
    """
    columns, missing = [], []
    shape = (len(cells.places), cells.count)
    for name, found in rows.items():
        lag = lags.get(name, 0)
        wide = np.full((shape[0], shape[1] + lag), np.nan)
        for (place, month), value in found.items():
            if -lag <= month < shape[1]:
                wide[place, month + lag] = value
        known = np.isfinite(wide)
        sums = _windows(np.where(known, wide, 0.0), lag)
        counts = _windows(known.astype(float), lag)
        mean = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
        missing.append(float(np.isnan(mean).mean()))
        if np.isnan(mean).all():
            columns.append(np.zeros(shape))
            continue
        spread = np.nanstd(mean)
        scaled = (mean - np.nanmean(mean)) / (spread if spread > 0 else 1.0)
        columns.append(np.nan_to_num(scaled))
    values = np.stack(columns, -1) if columns else np.zeros((*shape, 0))
    return Predictors(tuple(rows), values, np.array(missing))


def _windows(values: Floats, lag: int) -> Floats:
    """Return sums over each month and the `lag` months before it, (P, T)."""
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return np.asarray(sums[:, lag + 1 :] - sums[:, : sums.shape[1] - lag - 1])
