"""Deaths of a known other cause inside the window (a war), printed beside the estimate and taken off it."""

from collections.abc import Callable
from dataclasses import dataclass

from dearth.case.periods import Period, calendar_year
from dearth.case.read import Case
from dearth.estimate.one_estimate import Estimate
from dearth.estimate.windows import Window, parse_window
from dearth.numerics.interval import Interval, interval


@dataclass(frozen=True)
class Subtraction:
    """Deaths of another cause, beside the excess deaths with and without them.

    Attributes
    ----------
    deaths : of the other cause, persons
    window : the days or years in which they happened
    source : id of the source
    excess_deaths, excess_deaths_after : before and after; None after where nothing was subtracted
    note : of the case, or why nothing was subtracted
    """

    name: str
    label: str
    deaths: float
    window: str
    source: str
    excess_deaths: Interval
    excess_deaths_after: Interval | None
    note: str


def days_of(window: Window) -> Period:
    """Return the first to the last day of a window."""
    if window.period is not None:
        return window.period
    return Period(calendar_year(window.first).start, calendar_year(window.last).end)


def subtractions(case: Case, toll: Estimate) -> list[Subtraction]:
    """Return each declared subtraction with the excess before and after it; neither replaces the other.

    Parameters
    ----------
    toll : the estimate that is printed first; its window must contain the days of a subtraction
    """
    within = days_of(toll.choice.window)
    rows = []
    for name, spec in case.settings.subtractions.items():
        days = days_of(parse_window(spec.window, where=f"case.yaml: subtractions.{name}.window"))
        inside = days.common_days(within) == days.days
        after = interval(toll.total - spec.deaths) if inside else None
        note = spec.note if inside else f"not subtracted: {spec.window} lies outside {within.text}"
        rows.append(Subtraction(
            name, spec.label, spec.deaths, spec.window, spec.source, toll.excess_deaths, after, note
        ))  # fmt: skip
    return rows


def subtraction_sentences(rows: list[Subtraction], figure: Callable[[float], str]) -> list[str]:
    """Return one sentence for each subtraction; `figure` writes a number of persons."""
    return [
        f"{figure(row.deaths)} deaths in {row.window} are {row.label} ({row.source}); "
        f"without them the default estimate of {figure(row.excess_deaths.median)} excess deaths is "
        f"{figure(row.excess_deaths_after.median)}."
        for row in rows
        if row.excess_deaths_after is not None
    ]
