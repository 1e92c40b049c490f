"""The verbs of the simulated food system: simulate, mechanisms."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dearth.show.progress import print_json, say, working

Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object, nothing else, on stdout.")]


def simulate(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A bundled case, or the folder of your own.")],
    regime: Annotated[
        str, typer.Option(help="A policy line: as_it_was, normal, no_exports, ...")
    ] = "as_it_was",
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MECHANISM.PARAMETER=VALUE", help="One setting, throughout."),
    ] = None,
    off: Annotated[
        list[str] | None, typer.Option("--off", metavar="MECHANISM", help="Switch a mechanism off.")
    ] = None,
    draws: Annotated[int, typer.Option(help="1: as set; more: draws from the priors, with bands.")] = 1,
    resolution: Annotated[
        str, typer.Option(help="place (as written), country, province, county or commune.")
    ] = "place",
    story: Annotated[
        str, typer.Option("--story", metavar="PLACE", help="Whose story is told; else most deaths.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder the results are written to.")
    ] = None,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="With --out: every month and place as Parquet too (pyarrow).")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of weather and prior draws.")] = 1,
    as_json: Json = False,
) -> None:
    """How it happened: grain, labour, reports, hunger, deaths and births, month by month.

    [bold]Examples[/bold]:  dearth simulate valley  |
    dearth simulate valley --regime no_exports --set relief.rho=0.5 --off dining_halls --draws 50
    """
    from dearth.case.atomic_files import require_writable
    from dearth.case.read import load
    from dearth.numerics.compilation_cache import keep_compiled
    from dearth.run import write_simulation
    from dearth.show.terminal_simulation import print_simulation
    from dearth.system.plan import Asked
    from dearth.system.simulation import simulate as simulate_case

    if parquet and out is None:
        raise typer.BadParameter("--parquet writes into the folder of --out; give one")
    if out is not None:
        require_writable(out)
    keep_compiled()
    asked = Asked(regime, tuple(changes or ()), tuple(off or ()), draws, seed, resolution, story)
    read = load(case)
    with working(read.name) as progress:
        made = simulate_case(read, asked, progress)
        if out is not None:
            command = " ".join(["dearth", *sys.argv[1:]])
            write_simulation(read, made, out, command, seed, progress, parquet)
    if out is not None:
        say(f"written to {out}")
    if as_json:
        print_json(made.document)
    else:
        print_simulation(made.document)


def mechanisms(as_json: Json = False) -> None:
    """List the mechanisms of the simulated food system, their parameters and sources.

    [bold]Example[/bold]:  dearth mechanisms --json
    """
    from dearth.show.terminal_simulation import print_mechanisms
    from dearth.system.simulation import mechanisms as listed

    if as_json:
        print_json(listed())
    else:
        print_mechanisms(listed())


def add_simulation(app: typer.Typer) -> None:
    """Give `app` the verbs of this file."""
    app.command()(simulate)
    app.command()(mechanisms)
