"""The claims of a case and their verdicts, as a reader sees them in a terminal."""

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.case import labels
from dearth.case.labels import variable_words
from dearth.claims.results import Alternative, Claims, Verdicts
from dearth.claims.verdict import DECIDES, Verdict
from dearth.show.claim_words import cited, extremes, marked, number

STYLES = {
    Verdict.SUPPORTED: "green", Verdict.CONTRADICTED: "red", Verdict.UNDECIDED: "yellow",
    Verdict.UNTESTABLE: "dim",
}  # fmt: skip
SHOWN = 12  # alternatives of a claim, one by one; the rest are counted


def print_claims(made: Claims, full: bool = False) -> None:
    """Print a table of the claims and their verdicts; with `full`, the numbers behind each instead."""
    console = Console()
    settings = made.case.settings
    console.print(
        f"[bold]{escape(settings.title)}[/bold]: claims, version {made.file.version} of {made.file.date}"
    )
    if full:
        for one in made.results:
            _full(console, one, made)
    else:
        console.print(_table(made))
        counted = Counter(one.verdict for one in made.results)
        console.print(", ".join(f"{counted[v]} {v}" for v in Verdict) + f", of {len(made.results)} claims.")
        console.print(
            f"A verdict needs {DECIDES:.0%} of the draws and all assumptions that decide. 'flips': another "
            "assumption changes it. Recalled figures decide nothing. Values of the reconstruction are of "
            "the draws that are kept with it; they differ from those of dearth estimate by sampling.",
            highlight=False,
        )  # fmt: skip
        console.print(f"Numbers behind a verdict:  dearth claims {made.case.name} ID", highlight=False)
    console.print(made.unborn, markup=False, highlight=False)


def _table(made: Claims) -> Table:
    table = Table()
    table.add_column("claim", overflow="fold", ratio=5)
    table.add_column("by", overflow="fold", ratio=2)
    table.add_column("verdict", overflow="fold", ratio=2)
    table.add_column("value", overflow="fold", ratio=2)
    for one in made.results:
        claim = one.claim
        table.add_row(
            f"[bold]{claim.id}[/bold]\n{escape(claim.statement)}",
            escape(", ".join(said.who for said in claim.by)),
            f"[{STYLES[one.verdict]}]{marked(one)}[/]", _value(one),
        )  # fmt: skip
    return table


def _value(one: Verdicts) -> str:
    if one.value is None:
        return ""
    unit = one.claim.test.unit if one.claim.test else ""
    return f"{number(one.value)} {unit}"


def _full(console: Console, one: Verdicts, made: Claims) -> None:
    claim = one.claim
    console.print(f"\n[bold]{claim.id}[/bold]  [{STYLES[one.verdict]}]{marked(one)}[/]")
    lines = [claim.statement]
    lines += [f"Said by {', '.join(f'{s.who} ({cited(s, made)})' for s in claim.by)}."]
    lines += [f"Test, declared {claim.date}: {one.test}."] if one.test else []
    lines += [f"Undecided if: {claim.undecided_if}."] if claim.undecided_if else []
    lines += [f"{one.reason[:1].upper()}{one.reason[1:].rstrip('.')}."]
    if one.mixes:
        lines.append("The claim adds births that did not happen to deaths.")
    lines += [claim.note.rstrip()] if claim.note else []
    for line in lines:
        console.print(line, markup=False, highlight=False)
    for decides, heading in ((True, "Decides"), (False, "Shows what the verdict depends on")):
        _alternatives(console, heading, [a for a in one.alternatives if a.decides is decides])
    for row in one.rows[:SHOWN]:
        place = f" {row.place}" if row.place else ""
        source = f"{labels.of(made.case).series(row.series)}, {row.quality}"
        console.print(
            f"  {row.file}, line {row.line}: {variable_words(row.variable)}{place} {row.year}: "
            f"{row.value:,g} {row.unit} ({source})", markup=False, highlight=False, style="dim",
        )  # fmt: skip
    if len(one.rows) > SHOWN:
        console.print(f"  and {len(one.rows) - SHOWN} more rows, which --json names", style="dim")


def _alternatives(console: Console, heading: str, alternatives: list[Alternative]) -> None:
    if not alternatives:
        return
    console.print(f"{heading}:", highlight=False)
    shown = alternatives if len(alternatives) <= SHOWN else extremes(alternatives)
    for a in shown:
        chance = "" if a.probability is None else f", probability {a.probability:.2f}"
        told = a.assumption or "as recorded"
        console.print(f"  {told}: {number(a.value)}: {a.verdict}{chance}", markup=False, highlight=False)
    if len(shown) < len(alternatives):
        console.print(
            f"  and {len(alternatives) - len(shown)} between them, which --json names", highlight=False
        )
