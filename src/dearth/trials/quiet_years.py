"""Whether intervals of seasonal baselines hold zero in quiet years, in which nobody died of a crisis.

A register of weekly deaths is read as it is. The five years before a year give its normal deaths, and the
interval of its excess deaths holds zero or not. Simulated registers have no crisis at all; in real ones
a quiet year has influenza and heat of its own, which normal years have too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import stats

from dearth.case.calendar_slots import cadence, iso_week, weeks_in_year
from dearth.case.periods import DAYS_A_YEAR, Period
from dearth.estimate.dated_excess import LEVEL, dated_excess
from dearth.estimate.late_deaths import incomplete_end
from dearth.estimate.seasonal_baseline import CannotFitError, DatedCounts, SeasonalBaseline
from dearth.estimate.spline_baseline import spline_baseline
from dearth.estimate.year_trend_baseline import year_trend_baseline
from dearth.numerics.interval import Floats

FIT_YEARS = 5  # karlinsky_kobak2021
DELAY = 14.0  # days, mean delay of late registration (assumed)
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
    warned : whether the result says that the last periods look incomplete
    """

    place: str
    year: int
    window: str
    method: str
    holds: bool
    holds_independent: bool
    width: float
    p_score: float
    warned: bool = False


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
    warned: float = 0.0
    held_or_warned: float = 0.0


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
    for name, (first, many) in WINDOWS.items():
        yield scored(place, year, name, method, baseline, _weeks(year, first, many))


def scored(
    place: str, year: int, name: str, method: str, baseline: SeasonalBaseline, window: Period,
    last: date | None = None,
) -> QuietWindow:  # fmt: skip
    """Return whether the interval of a window in which nobody died of a crisis holds zero.

    Parameters
    ----------
    last : last day of the file; None where the file goes on after the window

    Raises
    ------
    CannotFitError
        When the deaths or the fit do not cover the window.
    """
    found = dated_excess(baseline, window, baseline.counts.share_in(window))
    low, high = found.excess.ends
    reach = float(stats.norm.ppf((1 + LEVEL) / 2)) * found.sd_independent
    return QuietWindow(
        place, year, name, method, low <= 0 <= high, abs(found.excess.median) <= reach,
        (high - low) / 2 / found.expected.median, found.p_score.median,
        last is not None and incomplete_end(baseline, window, last) is not None,
    )  # fmt: skip


def _weeks(year: int, first: int, many: int) -> Period:
    return Period(iso_week(year, first).start, iso_week(year, first + many - 1).end)


def summary(rows: Iterable[QuietWindow]) -> list[QuietSummary]:
    """Return one row a method and window, in the order in which the windows come."""
    rows = list(rows)
    windows = list(dict.fromkeys(row.window for row in rows))
    found: dict[tuple[str, str], list[QuietWindow]] = {}
    for row in rows:
        found.setdefault((row.method, row.window), []).append(row)
    return [
        QuietSummary(
            window, method, len(some), float(np.mean([one.holds for one in some])),
            float(np.mean([one.holds_independent for one in some])),
            float(np.median([one.width for one in some])),
            float(np.sqrt(np.mean([one.p_score**2 for one in some]))),
            float(np.mean([one.warned for one in some])),
            float(np.mean([one.holds or one.warned for one in some])),
        )
        for method in METHODS for window in windows if (some := found.get((method, window)))
    ]  # fmt: skip


def simulated_weeks(rng: np.random.Generator, deaths: float, years: int = 6) -> dict[tuple[int, int], float]:
    """Return a simulated register without a crisis by ISO year and week, from 2010.

    Parameters
    ----------
    deaths : mean deaths a week
    """
    keys = [(y, week) for y in range(2010, 2010 + years) for week in range(1, weeks_in_year(y) + 1)]
    made = simulated_deaths(rng, [iso_week(*key) for key in keys], deaths / 7)
    return dict(zip(keys, made.tolist(), strict=True))


def registered_so_far(deaths: Floats, periods: Sequence[Period], rng: np.random.Generator) -> Floats:
    """Return the deaths that a register has on the last day of the last period, (T,).

    Of deaths that happened a days ago the share ``1 - exp(-a / DELAY)`` is registered.
    """
    end = periods[-1].end.toordinal() + 1
    middle = np.array([(one.start.toordinal() + one.end.toordinal() + 1) / 2 for one in periods])
    share = 1 - np.exp(-(end - middle) / DELAY)
    known = np.isfinite(deaths)
    found = np.full(len(deaths), np.nan)
    found[known] = rng.binomial(deaths[known].astype(np.int64), share[known])
    return found


def simulated_deaths(rng: np.random.Generator, periods: Sequence[Period], deaths: float) -> Floats:
    """Return simulated deaths of `periods`, (T,), without a crisis: trend, season, winter waves, chance.

    Parameters
    ----------
    periods : weeks, months or others, in the order of time
    deaths : mean deaths a day

    Returns
    -------
    numpy.ndarray
        Poisson counts. The height of the winter wave differs from year to year.
    """
    first, last = periods[0].start.toordinal(), periods[-1].end.toordinal()
    days = np.arange(first, last + 1)
    trend, season = rng.normal(0, 0.01), rng.uniform(0.05, 0.15)  # assumed: a year; share of the mean
    level = 1 + season * np.cos(2 * np.pi * (days - date(2000, 1, 25).toordinal()) / DAYS_A_YEAR)
    for year in range(periods[0].start.year, periods[-1].end.year + 2):
        # assumed: share of the mean at the top; day of the top; 21 days of one standard deviation
        height, top = rng.lognormal(np.log(0.08), 0.8), date(year, 1, 1).toordinal() + rng.uniform(-14, 70)
        level += height * np.exp(-0.5 * ((days - top) / 21) ** 2)
    running = np.concatenate([[0.0], np.cumsum(level * np.exp(trend * (days - first) / DAYS_A_YEAR))])
    starts = np.array([period.start.toordinal() for period in periods]) - first
    ends = np.array([period.end.toordinal() for period in periods]) - first + 1
    return np.asarray(rng.poisson(deaths * (running[ends] - running[starts])), float)
