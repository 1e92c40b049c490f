"""Excess deaths of a window of days over a seasonal baseline, with the uncertainty of the sum."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from dearth.case.periods import DAYS_A_YEAR, Period
from dearth.estimate.seasonal_baseline import CannotFitError, SeasonalBaseline
from dearth.numerics.interval import Floats, Interval

Spans = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

LEVEL = 0.95
SEASON = 45  # days; assumed: spans of the same three months


@dataclass(frozen=True)
class DatedExcess:
    """Deaths of a window beside the expected deaths of the same days; persons.

    Attributes
    ----------
    window : first and last day, both included
    deaths : observed; a period partly in the window counts by its days
    expected, excess : 95 % intervals: what deaths would have been without the crisis, and observed less that
    p_score : excess over the expected deaths of the same days, a share
    of_a_year : excess over the expected deaths of the calendar year in which the window starts, a share
    sd : standard deviation of the excess, by residual sums over spans as long as the window
    degrees : degrees of freedom of `sd`
    sd_independent : the same for independent periods, as Karlinsky and Kobak (2021) print it
    """

    method: str
    window: Period
    deaths: float
    expected: Interval
    excess: Interval
    p_score: Interval
    of_a_year: Interval
    sd: float
    degrees: float
    sd_independent: float


def dated_excess(baseline: SeasonalBaseline, window: Period, year: Floats) -> DatedExcess:
    """Return excess deaths of a window over a baseline.

    The interval is that of Student's t. Its variance is the variance of the sum for independent periods
    (`SeasonalBaseline.sum_variance`), with the dispersion of sums over spans as long as the window in place
    of that of single periods: a week above the normal is often followed by another one.

    Parameters
    ----------
    year : (T,) share of each period that lies in the calendar year for `of_a_year`

    Raises
    ------
    CannotFitError
        When a day of the window has no figure, or expected deaths are not positive.

    References
    ----------
    karlinsky_kobak2021, satterthwaite1946
    """
    weights = baseline.counts.share_in(window)
    used = weights > 0
    _refuse_gaps(baseline, window, weights)
    deaths = float(weights[used] @ baseline.counts.deaths[used])
    expected = float(weights[used] @ baseline.expected[used])
    if expected <= 0:
        raise CannotFitError(
            f"the expected deaths of {window.text} are {expected:.1f}; choose other years of fit"
        )
    variance = baseline.sum_variance(weights)
    dispersion, degrees = span_dispersion(baseline, window)
    sd = float(np.sqrt(dispersion * variance))
    reach = float(stats.t.ppf((1 + LEVEL) / 2, degrees)) * sd
    low, high = expected - reach, expected + reach
    whole_year = float(year @ baseline.expected)

    def over(base: float) -> Interval:
        return Interval((deaths - expected) / base, (deaths - high) / base, (deaths - low) / base, LEVEL)

    ratio = Interval(deaths / expected - 1, deaths / high - 1, deaths / low - 1 if low > 0 else None, LEVEL)
    return DatedExcess(
        baseline.method, window, deaths, Interval(expected, low, high, LEVEL),
        Interval(deaths - expected, deaths - high, deaths - low, LEVEL), ratio, over(whole_year), sd, degrees,
        float(np.sqrt(baseline.dispersion * variance)),
    )  # fmt: skip


def _refuse_gaps(baseline: SeasonalBaseline, window: Period, weights: Floats) -> None:
    counts = baseline.counts
    known = np.isfinite(counts.deaths)
    covered = round(float((weights * counts.days)[known].sum()))
    if covered < window.days:
        raise CannotFitError(
            f"{window.days - covered} of the {window.days} days of {window.text} have no deaths; choose a "
            "window that the figures cover"
        )


def span_dispersion(baseline: SeasonalBaseline, window: Period) -> tuple[float, float]:
    """Return the dispersion of sums over spans like `window`, and its degrees of freedom.

    A span is as long as the window, at most a year, and lies in the same season: its middle is at most
    `SEASON` days, or half its length, from that of the window in the calendar. Every span of consecutive
    fitted periods is taken. Its squared residual sum is divided by the value that independent periods of
    dispersion 1 would give, the fit included. The degrees of freedom are Satterthwaite's, at most those of
    spans of a year: weeks of one winter are not independent.
    """
    spans = _spans(baseline, Period(window.start, window.start + timedelta(days=min(window.days, 365) - 1)))
    if not len(spans[0]):
        raise CannotFitError(
            "the years of the fit have no stretch without a gap that is as long as the window (at most a "
            "year) and of its season; name other years"
        )
    ideal, degrees = _ideal(baseline, spans)
    observed = float(np.sum(_sums(baseline.residuals, spans) ** 2))
    return observed / ideal, min(degrees, _degrees_of_a_year(baseline))


@lru_cache(maxsize=4)
def _degrees_of_a_year(baseline: SeasonalBaseline) -> float:
    """Return the degrees of freedom of spans of a year; infinity where there is no such span."""
    spans = _spans(baseline, Period(date(2001, 1, 1), date(2001, 12, 31)))
    return _ideal(baseline, spans)[1] if len(spans[0]) else float("inf")


def _ideal(baseline: SeasonalBaseline, spans: Spans) -> tuple[float, float]:
    """Return the expected sum of squared residual sums, dispersion 1, and its degrees of freedom."""
    covariance = _sums(_sums(baseline.residual_covariance, spans).T, spans)
    ideal = float(np.trace(covariance))
    return ideal, ideal**2 / float(np.sum(covariance**2))


def _sums(values: Floats, spans: Spans) -> Floats:
    """Return the sum of each span over the first axis of `values`: (F, …) becomes (K, …)."""
    running = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    return np.asarray(running[spans[1]] - running[spans[0]])


def _spans(baseline: SeasonalBaseline, window: Period) -> Spans:
    """Return the spans of fitted periods like `window` without a gap: first period, and last plus one."""
    periods = [p for p, used in zip(baseline.counts.periods, baseline.fitted, strict=True) if used]
    start = np.array([period.start.toordinal() for period in periods])
    end = np.array([period.end.toordinal() for period in periods])
    length = max(1, round(window.days / float(np.median(end - start + 1))))
    first = np.arange(len(periods) - length + 1)
    last = first + length - 1
    running = np.concatenate([[0], np.cumsum(end - start + 1)])
    gapless = running[last + 1] - running[first] == end[last] - start[first] + 1
    middle = (window.start.toordinal() + window.end.toordinal()) / 2
    gap = np.abs((start[first] + end[last]) / 2 - middle) % DAYS_A_YEAR
    apart = np.minimum(gap, DAYS_A_YEAR - gap)
    first = first[gapless & (apart <= max(SEASON, window.days / 2))]
    return first, first + length


def period_band(baseline: SeasonalBaseline) -> tuple[Floats, Floats]:
    """Return the 95 % interval of the deaths of each period by itself: low and high, (T,) each."""
    g = baseline.gradient
    variance = np.einsum("tp,pq,tq->t", g, baseline.covariance, g) + baseline.unit_variance
    free = int(baseline.fitted.sum()) - baseline.rank
    reach = stats.t.ppf((1 + LEVEL) / 2, free) * np.sqrt(baseline.dispersion * variance)
    return np.maximum(baseline.expected - reach, 0), baseline.expected + reach
