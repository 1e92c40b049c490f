"""The verb that sets famines on one scale: compare."""

from typing import Annotated

import typer

from dearth.cli_case import JsonOption, complete_case
from dearth.cli_options import QuickOption, SeedOption
from dearth.show.progress import print_json, working


def compare(
    cases: Annotated[
        list[str],
        typer.Argument(
            metavar="CASE...", help="Two or more cases: bundled names (dearth cases) or paths.",
            autocompletion=complete_case,
        ),
    ],
    famines: Annotated[
        bool, typer.Option(help="Also give the famines of the package's table of mortality.")
    ] = True,
    seed: SeedOption = 1,
    quick: QuickOption = False,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Compare cases by the same measures: deaths, births, years of life lost, growth before and after.

    [bold]Examples[/bold]

    dearth compare china-1958 finland-1866

    dearth compare china-1958 ./my-case --no-famines --json
    """
    from dearth.case.read import load
    from dearth.compare.compare import compare as compared
    from dearth.show.terminal_compare import print_comparison

    read = [load(name) for name in cases]
    with working("compare") as progress:
        made = compared(read, seed=seed, quick=quick, famines=famines, progress=progress)
    if as_json:
        print_json(made.document)
    else:
        print_comparison(made)


def add_compare(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(compare)
