"""The verbs of the simulated food system: simulate, mechanisms."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dearth.cli_case import CaseArgument, JsonOption, complete_words
from dearth.show.progress import print_json, say, working


def simulate(
    case: CaseArgument,
    regime: Annotated[
        str,
        typer.Option(
            help="Policy line, for example as_it_was, normal or no_exports; a case may declare more.",
            autocompletion=complete_words("regimes"),
        ),
    ] = "as_it_was",
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="MECHANISM.PARAMETER=VALUE",
            help="Set one parameter for every month. Repeat it for more; dearth mechanisms lists them.",
        ),
    ] = None,
    off: Annotated[
        list[str] | None,
        typer.Option(
            "--off",
            metavar="MECHANISM",
            help="Switch one mechanism off. Repeat it for more.",
            autocompletion=complete_words("mechanisms"),
        ),
    ] = None,
    draws: Annotated[
        int,
        typer.Option(
            help="Number of runs. One run uses the settings as they are; more runs draw uncertain parameters "
            "from their priors and give intervals."
        ),
    ] = 1,
    resolution: Annotated[
        str,
        typer.Option(
            help="Size of the places: place (as the scenario has them), country, province, county or commune."
        ),
    ] = "place",
    story: Annotated[
        str,
        typer.Option(
            "--story",
            metavar="PLACE",
            help="Place to show month by month; by default the commune with the highest death rate.",
        ),
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")] = None,
    parquet: Annotated[
        bool,
        typer.Option(
            "--parquet", help="With --out: write every month and place as Parquet too (needs pyarrow)."
        ),
    ] = False,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Seed of the weather and of the draws from priors.")
    ] = 1,
    as_json: JsonOption = False,
) -> None:
    """Simulate how it happened: grain, labour, reports, hunger, deaths and births, month by month.

    A simulation is not fitted to records and is not an estimate.

    [bold]Examples[/bold]

    dearth simulate valley

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


def mechanisms(as_json: JsonOption = False) -> None:
    """List the mechanisms of the simulation with their parameters and sources.

    [bold]Example[/bold]

    dearth mechanisms --json
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
