"""Seasonal baseline with a spline over time and a harmonic season, for periods of any length.

``log(deaths a day) = natural cubic spline(time) + harmonics(day of the year)``, by quasi-Poisson regression,
after Acosta and Irizarry (2022). The spline goes on in a straight line beyond the years of the fit. Days are
the exposure, so that a 29 February or a long month changes no rate.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

import numpy as np

from dearth.case.periods import Period, days_in_year, decimal_year
from dearth.estimate.seasonal_baseline import (
    Bools,
    CannotFitError,
    DatedCounts,
    SeasonalBaseline,
    usable_for_fit,
)
from dearth.numerics.interval import Floats

NAME = "spline"
HARMONICS = 2  # acosta_irizarry2022, default of their program
YEARS_A_KNOT = 7.0  # acosta_irizarry2022, default of their program
STEPS, TOLERANCE = 50, 1e-10
LEAST_YEARS = 2.0


def spline_baseline(counts: DatedCounts, years: Iterable[int], window: Period) -> SeasonalBaseline:
    """Return expected deaths by a spline over time with a harmonic season.

    Parameters
    ----------
    counts : deaths by periods of any length
    years : calendar years of the fit
    window : days that never enter the fit

    Raises
    ------
    CannotFitError
        Fewer than two years of figures, too few figures, or a fit that does not converge.

    References
    ----------
    acosta_irizarry2022
    """
    fitted = usable_for_fit(counts, years, window)
    middles = np.array([_middle(period) for period in counts.periods])
    if fitted.sum() < 2 or np.ptp(middles[fitted]) < LEAST_YEARS - 0.25:
        raise CannotFitError("the years of the fit have less than two years of figures; name more years")
    rows = np.hstack([_trend(middles, middles[fitted]), season(counts.periods)])
    if fitted.sum() <= 2 * rows.shape[1]:
        raise CannotFitError(
            f"{int(fitted.sum())} figures are too few for {rows.shape[1]} coefficients; name more years"
        )
    expected = _fit(rows, counts, fitted)
    return SeasonalBaseline(NAME, counts, fitted, expected, rows * expected[:, None], expected)


def _fit(rows: Floats, counts: DatedCounts, fitted: Bools) -> Floats:
    """Return expected deaths of every period, (T,), by iteratively reweighted least squares."""
    x, deaths, days = rows[fitted], counts.deaths[fitted], counts.days[fitted]
    if deaths.sum() <= 0:
        raise CannotFitError("the years of the fit have no death")
    mean: Floats = np.asarray(days * (deaths.sum() / days.sum()))
    before: Floats = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        working = np.log(mean / days) + (deaths - mean) / mean
        root = np.sqrt(mean)
        found, *_ = np.linalg.lstsq(x * root[:, None], working * root, rcond=None)
        mean = np.asarray(np.exp(x @ found) * days, np.float64)
        if np.max(np.abs(found - before)) < TOLERANCE:
            return np.asarray(np.exp(rows @ found) * counts.days)
        before = np.asarray(found, np.float64)
    raise CannotFitError("the fit of the spline does not converge; name more years or use the year trend")


def _middle(period: Period) -> float:
    return (decimal_year(period.start) + decimal_year(period.end + timedelta(days=1))) / 2


def season(periods: tuple[Period, ...]) -> Floats:
    """Return the harmonics of the day of the year, averaged over the days of each period, (T, 4)."""
    return np.array([_season(period) for period in periods])


@lru_cache(maxsize=20_000)
def _season(period: Period) -> tuple[float, ...]:
    days = [period.start + timedelta(days=i) for i in range(period.days)]
    phase = np.array([(d.timetuple().tm_yday - 0.5) / days_in_year(d.year) for d in days])
    angles = 2 * np.pi * np.outer(phase, np.arange(1, HARMONICS + 1))
    return (*np.cos(angles).mean(0).tolist(), *np.sin(angles).mean(0).tolist())


def _trend(times: Floats, fitted: Floats) -> Floats:
    """Return intercept, line and natural cubic spline terms at `times`; knots lie within the fit.

    The basis is that of truncated cubic powers with linear ends (Hastie, Tibshirani and Friedman 2009, 5.4).
    """
    start, end = fitted.min(), fitted.max()
    inner = int((end - start) / YEARS_A_KNOT)
    scaled = (times - start) / (end - start)
    columns = [np.ones_like(scaled), scaled]
    knots = np.linspace(0, 1, inner + 2)

    def cubic(knot: float) -> Floats:
        rise = np.maximum(scaled - knot, 0) ** 3 - np.maximum(scaled - 1, 0) ** 3
        return np.asarray(rise / (1 - knot))

    last = cubic(knots[-2]) if inner else None
    columns += [cubic(knot) - last for knot in knots[:-2]] if last is not None else []
    return np.stack(columns, axis=1)
