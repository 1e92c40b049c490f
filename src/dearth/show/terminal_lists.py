"""Incomplete lists as a reader sees them in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.estimate.estimates import Estimates
from dearth.estimate.lists.lists_result import NamedLists
from dearth.numerics.number_words import persons, span
from dearth.show.charts.lists import lists_of


def print_lists(console: Console, made: Estimates) -> None:
    """Print models, refusals and the table of assumptions of every set of lists, or nothing."""
    for one in lists_of(made):
        console.print(_models(one))
        for refused in one.estimates.refused:
            console.print(f"refused: {escape(refused.label)}: {escape(refused.why)}", highlight=False)
        console.print(_meanings(one))


def _models(one: NamedLists) -> Table:
    table = Table(title=f"{escape(one.title)}: people in all, by model (90 %: sampling error alone)")
    table.add_column("model", overflow="fold")
    for name in ("people in all", "90 % interval", "AIC"):
        table.add_column(name, justify="right")
    table.add_column("what depends on what", overflow="fold")
    for model in one.estimates.models:
        aic = "" if model.aic is None else f"{model.aic:.1f}"
        table.add_row(escape(model.label), persons(model.total.median), span(*model.total.ends, " - "), aic,
                      escape(model.detail))  # fmt: skip
    return table


def _meanings(one: NamedLists) -> Table:
    table = Table(title=f"{escape(one.title)}: what each assumption would mean, people in all")
    table.add_column("if there are …", overflow="fold")
    table.add_column("range", justify="right")
    table.add_column("total with no other dependence", justify="right")
    for row in one.estimates.meanings:
        ends = row.why_not
        if row.low is not None and row.high is not None:
            ends = span(row.low, row.high, " - ")
        total = "" if row.independent is None else persons(row.independent)
        table.add_row(escape(row.assumption), ends, total)
    return table
