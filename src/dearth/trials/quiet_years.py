"""Whether intervals of seasonal baselines hold zero in quiet years, in which nobody died of a crisis.

A register of weekly deaths is read as it is. The five years before a year give its normal deaths, and the
interval of its excess deaths holds zero or not. Simulated registers have no crisis at all; in real ones
a quiet year has influenza and heat of its own, which normal years have too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from dearth.case.calendar_slots import cadence, iso_week, weeks_in_year
from dearth.case.periods import Period
from dearth.estimate.dated_excess import LEVEL, dated_excess
from dearth.estimate.seasonal_baseline import CannotFitError, DatedCounts, SeasonalBaseline
from dearth.estimate.spline_baseline import spline_baseline
from dearth.estimate.year_trend_baseline import year_trend_baseline

FIT_YEARS = 5  # karlinsky_kobak2021
METHODS: dict[str, Callable[[DatedCounts, Iterable[int], Period], SeasonalBaseline]] = {
    "year_trend": year_trend_baseline,
    "spline": spline_baseline,
}
# first ISO week and number of weeks
WINDOWS: dict[str, tuple[int, int]] = {
    "52 weeks": (1, 52),
    "first 26 weeks": (1, 26),
    "last 26 weeks": (27, 26),
    "13 weeks of winter": (1, 13),
    "13 weeks of summer": (27, 13),
    "4 weeks of winter": (2, 4),
    "4 weeks of summer": (30, 4),
}


@dataclass(frozen=True)
class QuietWindow:
    """One window of one quiet year.

    Attributes
    ----------
    holds : whether the 95 % interval of the excess deaths holds zero
    holds_independent : the same for the interval of independent weeks, as Karlinsky and Kobak print it
    width : half of the interval over the normal deaths, a share
    p_score : excess over normal deaths, a share
    """

    place: str
    year: int
    window: str
    method: str
    holds: bool
    holds_independent: bool
    width: float
    p_score: float


@dataclass(frozen=True)
class QuietSummary:
    """The windows of one kind and method together; shares."""

    window: str
    method: str
    tried: int
    held: float
    held_independent: float
    width: float
    rmse: float


def weekly_counts(weeks: Mapping[tuple[int, int], float]) -> DatedCounts:
    """Return weekly deaths by ISO year and week; a week 53 of a year that has none is left out."""
    kept = sorted(key for key in weeks if key[1] <= weeks_in_year(key[0]))
    periods = tuple(iso_week(*key) for key in kept)
    return DatedCounts(periods, np.array([weeks[key] for key in kept]), cadence(periods))


def try_quiet_years(
    place: str, weeks: Mapping[tuple[int, int], float], methods: Iterable[str] = METHODS
) -> Iterator[QuietWindow]:
    """Yield every window of every year with five years before it; years that no baseline fits are left out.

    Parameters
    ----------
    weeks : deaths by ISO year and week, without gaps
    """
    years = sorted({year for year, _ in weeks})
    for year in years[FIT_YEARS:]:
        part = {key: value for key, value in weeks.items() if year - FIT_YEARS <= key[0] <= year}
        counts = weekly_counts(part)
        whole = _weeks(year, 1, 52)
        for name in methods:
            try:
                baseline = METHODS[name](counts, range(year - FIT_YEARS, year), whole)
                yield from _windows(place, year, name, baseline)
            except CannotFitError:
                continue


def _windows(place: str, year: int, method: str, baseline: SeasonalBaseline) -> Iterator[QuietWindow]:
    share = baseline.counts.share_in(_weeks(year, 1, 52))
    normal = float(stats.norm.ppf((1 + LEVEL) / 2))
    for name, (first, many) in WINDOWS.items():
        found = dated_excess(baseline, _weeks(year, first, many), share)
        low, high = found.excess.ends
        yield QuietWindow(
            place, year, name, method, low <= 0 <= high,
            abs(found.excess.median) <= normal * found.sd_independent,
            (high - low) / 2 / found.expected.median, found.p_score.median,
        )  # fmt: skip


def _weeks(year: int, first: int, many: int) -> Period:
    return Period(iso_week(year, first).start, iso_week(year, first + many - 1).end)


def summary(rows: Iterable[QuietWindow]) -> list[QuietSummary]:
    """Return one row a window and method, in the order of `WINDOWS`."""
    found: dict[tuple[str, str], list[QuietWindow]] = {}
    for row in rows:
        found.setdefault((row.method, row.window), []).append(row)
    return [
        QuietSummary(
            window, method, len(some), float(np.mean([one.holds for one in some])),
            float(np.mean([one.holds_independent for one in some])),
            float(np.median([one.width for one in some])),
            float(np.sqrt(np.mean([one.p_score**2 for one in some]))),
        )
        for method in METHODS for window in WINDOWS if (some := found.get((method, window)))
    ]  # fmt: skip


def simulated_weeks(rng: np.random.Generator, deaths: float, years: int = 6) -> dict[tuple[int, int], float]:
    """Return a simulated register without a crisis: trend, season, an influenza wave each winter, chance.

    Parameters
    ----------
    deaths : mean deaths a week

    Returns
    -------
    dict
        Deaths by ISO year and week, from 2010; Poisson counts.
    """
    trend, season = rng.normal(0, 0.01), rng.uniform(0.05, 0.15)  # assumed: a year; share of the mean
    found = {}
    for year in range(2010, 2010 + years):
        wave, top = rng.lognormal(np.log(0.08), 0.8), rng.uniform(-2, 10)  # assumed: share at the top; week
        for week in range(1, weeks_in_year(year) + 1):
            from_top = min(abs(week - top), abs(week - 52 - top))
            level = (
                1 + season * np.cos(2 * np.pi * (week - 4) / 52) + wave * np.exp(-0.5 * (from_top / 3) ** 2)
            )
            found[year, week] = float(rng.poisson(deaths * level * np.exp(trend * (year - 2010))))
    return found
