"""Seasonal baseline with a straight line over years and an effect of each week, month or quarter.

``deaths(year, part) = slope x year + effect(part)``, by least squares, after Karlinsky and Kobak (2021). A
week 53 takes the effects of weeks 52 and 1, by the days that it shares with them in other years.
"""

from collections.abc import Iterable

import numpy as np

from dearth.case.calendar_slots import SLOTS, Cadence, Slot, slot, week_53_shares
from dearth.case.periods import Period
from dearth.estimate.seasonal_baseline import CannotFitError, DatedCounts, SeasonalBaseline, usable_for_fit
from dearth.numerics.interval import Floats

NAME = "year_trend"
LEAST_YEARS = 3  # a line through two years has no residual


def year_trend_baseline(counts: DatedCounts, years: Iterable[int], window: Period) -> SeasonalBaseline:
    """Return expected deaths by a line over years and an effect of each part of the year.

    Parameters
    ----------
    counts : deaths by week, month or quarter
    years : calendar years of the fit; a week belongs to its ISO year
    window : days that never enter the fit

    Raises
    ------
    CannotFitError
        Periods that are no weeks, months or quarters, fewer than three years, or a part without a figure.

    References
    ----------
    karlinsky_kobak2021
    """
    kind = counts.cadence
    if kind == "other":
        raise CannotFitError(
            "the periods are not all weeks, all months or all quarters, so that no effect of a part of the "
            "year can be fitted; the spline baseline takes periods of any length"
        )
    fit_years = sorted(years)
    fitted = usable_for_fit(counts, fit_years, window)
    slots = [slot(period, kind) for period in counts.periods]
    present = {one.year for one, used in zip(slots, fitted, strict=True) if used}
    if len(present) < LEAST_YEARS:
        raise CannotFitError(
            f"the years of the fit have figures of {len(present)} year(s); a trend over years needs at least "
            f"{LEAST_YEARS}"
        )
    rows = design(slots, kind, fit_years)
    _refuse_empty_parts(rows[fitted], kind)
    coefficients, *_ = np.linalg.lstsq(rows[fitted], counts.deaths[fitted], rcond=None)
    return SeasonalBaseline(NAME, counts, fitted, rows @ coefficients, rows, np.ones(len(slots)))


def design(slots: list[Slot], kind: Cadence, fit_years: list[int]) -> Floats:
    """Return one row a period, (T, 1 + parts): the year, counted from the middle of the fit, then effects."""
    parts = SLOTS[kind]
    middle = fit_years[len(fit_years) // 2]
    shares = week_53_shares(fit_years) if kind == "week" else {}
    rows = np.zeros((len(slots), 1 + parts))
    for row, (year, number) in zip(rows, slots, strict=True):
        row[0] = year - middle
        if number <= parts:
            row[number] = 1.0
        else:
            row[0] += shares[1]  # the days of week 1 are days of the next year
            for week, share in shares.items():
                row[week] = share
    return rows


def _refuse_empty_parts(rows: Floats, kind: Cadence) -> None:
    empty = [i for i in range(1, rows.shape[1]) if not rows[:, i].any()]
    if empty:
        shown = ", ".join(map(str, empty[:6])) + (", …" if len(empty) > 6 else "")
        raise CannotFitError(
            f"the years of the fit have no figure of {kind} {shown}; give those deaths or other years of fit"
        )
