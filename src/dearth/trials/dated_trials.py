"""Trials for the dated deaths of a case: its window in earlier quiet years, and in simulated registers."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from dearth.case.periods import Period
from dearth.case.read import Case
from dearth.estimate.dated_estimator import FIT
from dearth.estimate.dated_series import DatedSeries, counts_of, dated_series, fit_years_of
from dearth.estimate.progress import Progress, quiet
from dearth.estimate.records_available import window_period
from dearth.estimate.seasonal_baseline import CannotFitError, DatedCounts, middle_year
from dearth.estimate.year_trend_baseline import LEAST_YEARS
from dearth.trials.quiet_years import (
    QuietSummary,
    QuietWindow,
    registered_so_far,
    scored,
    simulated_deaths,
    summary,
)

EARLIER, SIMULATED = "earlier years of the series", "simulated registers of this size"
LATE = "simulated, deaths registered late"


@dataclass(frozen=True)
class DatedTrials:
    """Trials of one series of dated deaths.

    Attributes
    ----------
    case, name, title : which series
    seed : of the simulated registers
    window : of the case; in earlier years the same calendar dates
    rows : earlier years, simulated registers, and such with late registration, by baseline
    """

    case: str
    name: str
    title: str
    seed: int
    window: Period
    rows: tuple[QuietSummary, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The trials as ``recover --json`` prints them."""
        return {
            "schema": "dearth/recover-dated/v1", "case": self.case, "name": self.name, "seed": self.seed,
            "start": self.window.start.isoformat(), "end": self.window.end.isoformat(), "level": 0.95,
            "rows": [{"register": (row := asdict(one)).pop("window"), **row} for one in self.rows],
        }  # fmt: skip


def recover_dated(
    case: Case, replicates: int, seed: int, progress: Progress = quiet
) -> tuple[DatedTrials, ...]:
    """Return trials for every series of dated deaths: whether intervals hold zero where there is no crisis.

    Parameters
    ----------
    replicates : number of simulated registers of each series

    Raises
    ------
    CaseError
        When a file of the case is wrong.
    """
    window, found = window_period(case), []
    for series in dated_series(case):
        progress(f"{series.title}: earlier years")
        rows = list(_earlier(series, window))
        rng = np.random.default_rng(seed)
        for i in range(replicates):
            progress(f"{series.title}: simulated registers", i / replicates)
            rows += _simulated(series, window, rng, i)
        found.append(DatedTrials(case.name, series.name, series.title, seed, window, tuple(summary(rows))))
    return tuple(found)


def _earlier(series: DatedSeries, window: Period) -> Iterator[QuietWindow]:
    """Yield the window on the same dates of each earlier year that has three years of figures before it."""
    everybody = next(iter(series.figures.values()))
    many = max(LEAST_YEARS, len(fit_years_of(series, window)))
    years = sorted({middle_year(period) for period, value in everybody if np.isfinite(value)})
    for year in years:
        shifted = _moved(window, year - window.start.year)
        before = [one for one in years if year - many <= one < year]
        if len(before) >= LEAST_YEARS and shifted.end < window.start:
            counts = counts_of(everybody, before, shifted)
            yield from _scored(series, counts, tuple(before), shifted, year, EARLIER)


def _simulated(
    series: DatedSeries, window: Period, rng: np.random.Generator, number: int
) -> Iterator[QuietWindow]:
    """Yield the window of the case in a register of the same periods and as many deaths, without a crisis."""
    years = fit_years_of(series, window)
    counts = counts_of(next(iter(series.figures.values())), years, window)
    known = np.isfinite(counts.deaths)
    rate = float(counts.deaths[known].sum() / counts.days[known].sum())
    until = [at for at, one in enumerate(counts.periods) if one.common_days(window) and known[at]]
    if not until:
        return
    size = until[-1] + 1  # the file ends with the window
    made = np.where(known, simulated_deaths(rng, counts.periods, rate), np.nan)
    made[size:] = np.nan
    late = made.copy()
    late[:size] = registered_so_far(made[:size], counts.periods[:size], rng)
    for deaths, kind in ((made, SIMULATED), (late, LATE)):
        file = DatedCounts(counts.periods, deaths, counts.cadence)
        yield from _scored(series, file, years, window, number, kind, counts.periods[size - 1].end)


def _scored(
    series: DatedSeries, counts: DatedCounts, years: tuple[int, ...], window: Period, number: int, kind: str,
    last: date | None = None,
) -> Iterator[QuietWindow]:  # fmt: skip
    for method in series.methods:
        try:
            baseline = FIT[method](counts, years, window)
            yield scored(series.name, number, kind, method, baseline, window, last)
        except CannotFitError:
            continue


def _moved(window: Period, years: int) -> Period:
    """Return the same calendar dates some years earlier; a 29 February may become the 28th."""
    return Period(_same_day(window.start, years), _same_day(window.end, years))


def _same_day(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
