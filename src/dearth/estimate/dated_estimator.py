"""Excess deaths of the window by seasonal baselines of weekly, monthly or quarterly deaths."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dearth.case.periods import Period, calendar_year
from dearth.case.problems import Problem
from dearth.case.read import Case
from dearth.case.schema_dated_deaths import SeasonalMethod
from dearth.estimate.dated_estimate import DatedEstimate, DatedSubtraction
from dearth.estimate.dated_excess import LEVEL, DatedExcess, dated_excess
from dearth.estimate.dated_series import (
    DatedSeries,
    counts_of,
    dated_problems,
    dated_series,
    fit_years_of,
    has_dated_series,
)
from dearth.estimate.dated_words import assumptions, sentences
from dearth.estimate.late_deaths import incomplete_end
from dearth.estimate.progress import Progress
from dearth.estimate.records_available import window_period
from dearth.estimate.seasonal_baseline import CannotFitError, DatedCounts, SeasonalBaseline
from dearth.estimate.spline_baseline import spline_baseline
from dearth.estimate.subtractions import days_of
from dearth.estimate.windows import parse_window
from dearth.estimate.year_trend_baseline import year_trend_baseline
from dearth.numerics.interval import Interval

FIT: dict[SeasonalMethod, Callable[[DatedCounts, tuple[int, ...], Period], SeasonalBaseline]] = {
    "year_trend": year_trend_baseline,
    "spline": spline_baseline,
}


@dataclass(frozen=True)
class DatedResult:
    """Every estimate from dated deaths of a case."""

    estimates: tuple[DatedEstimate, ...]
    warnings: tuple[str, ...]
    key: str = field(default="dated")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows as they stand in the JSON document."""
        return [one.row for one in self.estimates]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences of the answer."""
        return sentences(self.estimates)

    @property
    def gives_excess(self) -> bool:
        """Whether there is an estimate."""
        return bool(self.estimates)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the estimates assume in silence."""
        return assumptions() if self.estimates else ()


@dataclass(frozen=True)
class DatedDeaths:
    """The estimator of dated deaths."""

    name: str = "dated"
    title: str = "Seasonal baseline of dated deaths"
    formula: str = "E = sum_t (D_t - B_t); var(E) = s^2 (w' C w + sum_t w_t^2)"
    text: str = (
        "B is the normal number of deaths of each week or month, fitted to the years before the window: a "
        "line over years with an effect of each week or month, or a spline over time with a harmonic season. "
        "C is the covariance of its coefficients. s^2 is the dispersion of sums over spans as long as the "
        "window in the same season; the standard deviation for independent weeks stands beside it."
    )
    sources: tuple[str, ...] = ("karlinsky_kobak2021", "acosta_irizarry2022", "satterthwaite1946")
    needs: str = "deaths by week, month or quarter of the window and of three years before it"

    def fits(self, case: Case) -> bool:
        """Return whether the case has deaths by week, month or quarter."""
        return has_dated_series(case)

    def problems(self, case: Case) -> list[Problem]:
        """Return what is wrong with the files of dated deaths, and how they were read."""
        return dated_problems(case)

    def estimate(self, case: Case, *, seed: int, quick: bool, progress: Progress) -> DatedResult:
        """Return the excess deaths of the window by every baseline, series and group; nothing is random."""
        made: list[DatedEstimate] = []
        refused: list[str] = []
        for series in dated_series(case):
            progress(f"dated deaths: {series.title}")
            found, why = _estimates(case, series)
            made += found
            refused += [*why, *series.notes]
        return DatedResult(tuple(made), tuple(dict.fromkeys(refused)))


def _estimates(case: Case, series: DatedSeries) -> tuple[list[DatedEstimate], list[str]]:
    window = window_period(case)
    years = fit_years_of(series, window)
    found, refused = [], []
    for group, figures in series.figures.items():
        counts = counts_of(figures, years, window)
        for method in series.methods:
            try:
                baseline = FIT[method](counts, years, window)
                excess = dated_excess(baseline, window, counts.share_in(calendar_year(window.start.year)))
            except CannotFitError as error:
                refused.append(
                    f"{series.title}{group.words}: no excess deaths by the baseline {method}: {error}"
                )
                continue
            if group.everybody:
                refused += _late(series, baseline, window)
            taken = _subtractions(case, excess) if group.everybody else ()
            found.append(DatedEstimate(
                series.name, series.title, series.source, group, years, baseline, excess, taken
            ))  # fmt: skip
    return found, refused


def _late(series: DatedSeries, baseline: SeasonalBaseline, window: Period) -> list[str]:
    """Return a warning where the last periods of the file look incomplete."""
    end = incomplete_end(baseline, window, series.last)
    if end is None:
        return []
    return [
        f"{series.title}: the last days of the file ({end.span.text}) have {end.missing:.0%} fewer deaths "
        "than normal, more than chance allows. Deaths may be registered late: the excess deaths are then too "
        "low. Take a window that ends before these days, or a later file"
    ]


def _subtractions(case: Case, found: DatedExcess) -> tuple[DatedSubtraction, ...]:
    rows = []
    for name, spec in case.settings.subtractions.items():
        days = days_of(parse_window(spec.window, where=f"case.yaml: subtractions.{name}.window"))
        if days.common_days(found.window) == days.days:
            low, high = found.excess.ends
            after = Interval(found.excess.median - spec.deaths, low - spec.deaths, high - spec.deaths, LEVEL)
            rows.append(DatedSubtraction(name, spec.label, spec.deaths, spec.source, after))
    return tuple(rows)


DATED = DatedDeaths()
