"""Cases on one scale, as a reader sees them in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.bibliography.works import short
from dearth.compare.results import ComparedCase, Comparison, Definition
from dearth.show.comparison_words import measured


def print_comparison(made: Comparison) -> None:
    """Print one table of all cases, a row a measure, then the famines of the package's table."""
    console = Console()
    table = Table(title="The same measures on one scale")
    table.add_column("measure", overflow="fold")
    for case in made.cases:
        table.add_column(f"{escape(case.place)}, {case.window}", overflow="fold")
    for one in made.definitions:
        if any(one.key in case.measures for case in made.cases):
            table.add_row(f"[bold]{one.label}[/bold]\n{one.unit}", *(_cell(case, one) for case in made.cases))
    console.print(table)
    for case in made.cases:
        console.print(f"{case.name}: {case.title}. Whom it counts: {case.scope or 'not stated'}",
                      markup=False, highlight=False)  # fmt: skip
    console.print(
        "An interval in brackets has 90 % of the draws. A range after 'from' covers sets of assumptions and "
        "is not a probability. --json has definitions, sources, and why a measure is missing.",
        highlight=False,
    )  # fmt: skip
    if made.famines:
        console.print(_famines(made))
    for row in made.chronic:
        console.print(
            f"For comparison, without a famine: {row.place} {row.first_year}-{row.last_year}, "
            f"{row.death_rate:.1f} deaths per 1000 a year ({short(row.source)}; {row.note}).",
            markup=False, highlight=False,
        )  # fmt: skip


def _cell(case: ComparedCase, one: Definition) -> str:
    lines = measured(case, one)
    if not lines:
        return f"[dim]{escape(case.missing[one.key])}[/dim]"
    return "\n".join(f"{number}  [dim]{escape(by)}[/dim]" for number, by in lines)


def _famines(made: Comparison) -> Table:
    table = Table(title="Other famines, by year: the table that comes with the package")
    for name in ("place", "year", "P-score", "rate", "normal", "source", "known as"):
        table.add_column(name, justify="right" if name in ("year", "P-score", "rate", "normal") else "left")
    for row in sorted(made.famines, key=lambda row: -row.p_score):
        rates = ("" if rate is None else f"{rate:.1f}" for rate in (row.crisis_rate, row.normal_rate))
        grade = row.grade.replace("_", " ")
        table.add_row(
            row.place, str(row.year), f"{row.p_score:.2f}", *rates, escape(short(row.source)), grade
        )
    return table
