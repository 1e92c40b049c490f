"""The sources of a case, and the bibliography, as a reader sees them in a terminal."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.bibliography.grade import Grade
from dearth.bibliography.works import Work
from dearth.provenance import KINDS, Provenance

SEEN = {"original": "its own text was read", "second_hand": "known from other texts"}


def print_sources(found: Provenance) -> None:
    """Print the grades of a case's figures, then the works and the rows of ``sources.csv`` behind them."""
    console = Console()
    console.print(f"[bold]{escape(found.case.settings.title)}[/bold]: what its figures rest on")
    console.print(_grades(found.grades()))
    for grade in Grade:
        console.print(f"{grade.label.capitalize()}: {grade.definition}", markup=False)
    document = found.document()
    uses = {row["key"]: row["uses"] for row in document["works"]}
    print_works(found.works().values(), console, uses)
    _rows(console, found)


def _grades(counted: dict[str, dict[str, int]]) -> Table:
    table = Table(title="Figures, settings and forms by grade", padding=(0, 0))
    table.add_column("what", overflow="fold")
    for grade in Grade:
        table.add_column(grade.label, justify="right")
    for kind, counts in counted.items():
        table.add_row(KINDS[kind], *(f"{counts[grade]:,}" if counts[grade] else "" for grade in Grade))
    return table


def print_works(works: Iterable[Work], console: Console | None = None, uses: Any = None) -> None:
    """Print each work: key, reference, how it is known, and what could not be confirmed.

    `uses` has the number of figures that name a work, by key; None leaves it out.
    """
    console = console or Console()
    listed = list(works)
    console.print(f"\n[bold]Works ({len(listed)})[/bold]")
    for work in listed:
        many = "" if uses is None else f"; uses: {uses[work.key]:,}"
        console.print(f"{work.key} ({SEEN[work.seen]}{many})", markup=False, style="bold", highlight=False)
        console.print(f"  {work.reference}", markup=False, highlight=False)
        if work.note:
            console.print(f"  {work.note}", markup=False, highlight=False, style="dim")


def _rows(console: Console, found: Provenance) -> None:
    sources = found.sources()
    evidence = {use.what: f" ({use.count:,} figures, {use.years})" for use in found.uses if use.years}
    console.print(f"\n[bold]Rows of sources.csv ({len(sources)})[/bold]: the pages and files that were read")
    for name, row in sources.items():
        told = ", ".join(row[field] for field in ("author", "year", "title") if row.get(field))
        console.print(
            f"{name}: {told}. {row.get('where', '')}{evidence.get(name, '')}", markup=False, highlight=False
        )
