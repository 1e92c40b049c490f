"""Completeness from two censuses as a reader sees it in a terminal: all methods in one table."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.estimate.estimates import Estimates
from dearth.population.death_distribution import MethodResult
from dearth.show.charts.two_censuses import TREATMENTS, pairs_of


def print_two_censuses(console: Console, made: Estimates) -> None:
    """Print a table for each pair of censuses; nothing where the case has none."""
    for pair in pairs_of(made):
        table = Table(title=f"Share of deaths registered: {escape(pair.of)}")
        table.add_column("method", overflow="fold")
        table.add_column("net migration", no_wrap=True)
        for name in ("ages", "completeness", "over ranges of ages"):
            table.add_column(name, justify="right", no_wrap=True)
        for one in pair.results:
            migration = TREATMENTS[one.migration].split()[0]
            table.add_row(one.title, migration, f"{one.ages[0]}-{one.ages[1]}", *_figures(one))
        console.print(table)


def _figures(one: MethodResult) -> tuple[str, str]:
    if one.refused:
        return "refused", ""
    return f"{100 * one.completeness:.1f} %", f"{100 * one.low:.1f}-{100 * one.high:.1f} %"
