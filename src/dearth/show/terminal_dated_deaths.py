"""Excess deaths from dated deaths as a reader sees them in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.estimate.dated_estimate import DatedEstimate
from dearth.estimate.estimates import Estimates
from dearth.numerics.number_words import persons, span
from dearth.show.charts.dated_deaths import dated_estimates

SHORT = {"year_trend": "line over years", "spline": "spline"}


def print_dated_deaths(console: Console, made: Estimates) -> None:
    """Print a table for each series, a row for each baseline, sex and age; nothing without dated deaths."""
    found = dated_estimates(made)
    for title in dict.fromkeys(one.title for one in found):
        rows = [one for one in found if one.title == title]
        window = rows[0].excess.window
        table = Table(title=f"{escape(title)}, {window.start} to {window.end} ({window.days} days)")
        table.add_column("baseline", overflow="fold")
        for name in ("deaths", "normal", "excess", "95 % interval"):
            table.add_column(name, justify="right", no_wrap=True)
        for name in ("P-score", "of a year"):
            table.add_column(name, justify="right", overflow="fold")
        for one in rows:
            table.add_row(*_row(one))
        console.print(table)
    if found:
        console.print(
            "P-score: excess over the normal deaths of the same days. Of a year: excess over the normal "
            "deaths of the calendar year in which the window starts.",
            highlight=False,
        )


def _row(one: DatedEstimate) -> tuple[str, ...]:
    found = one.excess
    return (
        f"{SHORT[found.method]}{one.group.words}", persons(found.deaths),
        persons(found.expected.median), persons(found.excess.median), span(*found.excess.ends, " - "),
        f"{100 * found.p_score.median:.1f} %", f"{100 * found.of_a_year.median:.1f} %",
    )  # fmt: skip
