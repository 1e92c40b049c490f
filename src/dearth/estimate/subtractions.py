"""Deaths of a known other cause inside the window (a war), printed beside the estimate and taken off it."""

from typing import Any

from dearth.case.periods import Period, calendar_year
from dearth.case.read import Case
from dearth.estimate.multiverse import Estimate
from dearth.estimate.windows import Window, parse_window
from dearth.numerics.interval import interval


def days_of(window: Window) -> Period:
    """Return the first to the last day of a window."""
    if window.period is not None:
        return window.period
    return Period(calendar_year(window.first).start, calendar_year(window.last).end)


def subtractions(case: Case, toll: Estimate) -> list[dict[str, Any]]:
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
        after = interval(toll.total - spec.deaths).document() if inside else None
        rows.append(
            {
                "name": name,
                "label": spec.label,
                "deaths": spec.deaths,
                "window": spec.window,
                "source": spec.source,
                "excess_deaths": interval(toll.total).document(),
                "excess_deaths_after": after,
                "note": spec.note if inside else f"not subtracted: {spec.window} lies outside {within.text}",
            }
        )
    return rows


def subtraction_sentences(rows: list[dict[str, Any]], figure: Any) -> list[str]:
    """Return one sentence for each subtraction; `figure` writes a number of persons."""
    return [
        f"{figure(row['deaths'])} deaths in {row['window']} are {row['label']} ({row['source']}); "
        f"without them the default estimate of {figure(row['excess_deaths']['median'])} excess deaths is "
        f"{figure(row['excess_deaths_after']['median'])}."
        for row in rows
        if row["excess_deaths_after"] is not None
    ]
