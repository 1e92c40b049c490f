"""The verb that says where figures come from: sources."""

from typing import Annotated

import typer

from dearth.cli_case import JsonOption, complete_case
from dearth.show.progress import print_json


def sources(
    case: Annotated[
        str,
        typer.Argument(
            metavar="CASE",
            help="Name of a bundled case (dearth cases), or path of a case folder.",
            autocompletion=complete_case,
        ),
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="List the whole bibliography of the package, without a case.")
    ] = False,
    as_bibtex: Annotated[bool, typer.Option("--bibtex", help="Print the works as BibTeX entries.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List every work and source that a case rests on, and how well each figure is known.

    [bold]Examples[/bold]

    dearth sources china-1958

    dearth sources --all --bibtex > works.bib
    """
    from dearth.bibliography.bibtex import bibtex
    from dearth.bibliography.works import works
    from dearth.case.read import load
    from dearth.provenance import SCHEMA, provenance
    from dearth.show.terminal_sources import print_sources, print_works

    if everything == bool(case):
        raise typer.BadParameter("give a case, or --all for the whole bibliography, and not both")
    if as_bibtex and as_json:
        raise typer.BadParameter("give --bibtex or --json, not both")
    found = None if everything else provenance(load(case))
    listed = works() if found is None else found.works()
    if as_bibtex:
        print(bibtex(listed.values()), end="")
    elif found is None:
        if as_json:
            print_json({"schema": SCHEMA, "works": [work.document() for work in listed.values()]})
        else:
            print_works(listed.values())
    elif as_json:
        print_json(found.document())
    else:
        print_sources(found)


def add_sources(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(sources)
