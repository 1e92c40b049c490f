"""The verb that reads a case's own files, check; what several verbs take: a case, --json, completion."""

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from dearth.show.progress import counted, print_json

WRONG = 1  # exit status of a case whose files are wrong, as of the other verbs


SCHEMAS = (
    "case", "claims-file", "estimate", "claims", "compare", "simulate", "fit", "explain", "recover",
    "sources",
)  # fmt: skip


def complete_case(incomplete: str) -> list[str]:
    """Return the bundled cases whose names begin so."""
    from dearth.case.read import bundled

    return [name for name in bundled() if name.startswith(incomplete)]


def complete_words(kind: str) -> Callable[[str], list[str]]:
    """Return the completion of a word: of ``estimators``, ``schemas``, ``regimes`` or ``mechanisms``."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in _words(kind) if word.startswith(incomplete)]

    return complete


def _words(kind: str) -> Iterable[str]:
    if kind == "estimators":
        from dearth.estimate.estimators import estimators

        return estimators()
    if kind == "schemas":
        return SCHEMAS
    if kind == "regimes":
        from dearth.system.regimes import REGIMES

        return [regime.name for regime in REGIMES]
    from dearth.system.parameter import declared

    return [mechanism.id for mechanism in declared()]


CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="Name of a bundled case (dearth cases), or path of a case folder.",
        autocompletion=complete_case,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else.")
]


SHOWN = 8  # variables that nothing reads, named one by one
AUDIENCES = {
    "reader": "For readers of a result (the report repeats them):",
    "maker": "For makers of the case (no result repeats them):",
}


def check(case: CaseArgument, as_json: JsonOption = False) -> None:
    """Read a case and list every mistake and every warning at once.

    [bold]Example[/bold]

    dearth check ./my-case
    """
    from dataclasses import asdict

    from dearth.case.problems import CaseError
    from dearth.case.problems import Problem as Found
    from dearth.checks import problems

    found: list[Found]
    figures, kept = 0, list[str]()
    try:
        figures, found, kept = problems(case)
    except CaseError as error:
        found = list(error.problems)
    wrong = [p for p in found if p.severity == "error"]
    if as_json:
        print_json(
            {"schema": "dearth/check/v1", "case": case, "ok": not wrong, "figures": figures,
             "problems": [asdict(p) for p in found], "read_by_nothing": kept}
        )  # fmt: skip
    else:
        for problem in wrong:
            print(f"error: {problem}")
        for audience, heading in AUDIENCES.items():
            warned = [p for p in found if p.severity == "warning" and p.audience == audience]
            for line in [heading, *(f"warning: {problem}" for problem in warned)] if warned else []:
                print(line)
        if kept:
            more = f" and {len(kept) - SHOWN} more, which --json names" if len(kept) > SHOWN else ""
            print(f"Variables of the evidence that nothing reads: {', '.join(kept[:SHOWN])}{more}")
        state = counted(len(wrong), "mistake") if wrong else f"sound, {figures:,} figures read"
        print(f"{case}: {state}, {counted(len(found) - len(wrong), 'warning')}")
    if wrong:
        raise typer.Exit(WRONG)


def add_check(app: typer.Typer) -> None:
    """Give `app` the verb of this file."""
    app.command()(check)
