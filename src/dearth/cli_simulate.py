"""The verbs of the simulated food system: simulate, mechanisms."""

import sys
from contextlib import nullcontext
from typing import Annotated

import typer

from dearth.cli_case import CaseArgument, JsonOption, complete_case
from dearth.cli_options import (
    ClusterOption,
    DrawsOption,
    OffOption,
    OutOption,
    ParquetOption,
    PriorOption,
    RegimeOption,
    ResolutionOption,
    SetOption,
    SimulationSeedOption,
    StoryOption,
    YearlyOption,
)
from dearth.show.progress import print_json, say, working

ScenarioArgument = Annotated[
    str,
    typer.Argument(
        metavar="[CASE]",
        help="A case with a scenario, bundled or a folder. Without it the names of the levels are neutral.",
        autocompletion=complete_case,
    ),
]


def simulate(
    case: CaseArgument,
    regime: RegimeOption = "as_it_was",
    changes: SetOption = None,
    off: OffOption = None,
    draws: DrawsOption = None,
    prior: PriorOption = False,
    yearly: YearlyOption = False,
    cluster: ClusterOption = None,
    resolution: ResolutionOption = "place",
    story: StoryOption = "",
    out: OutOption = None,
    parquet: ParquetOption = False,
    seed: SimulationSeedOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Simulate how it happened: grain, labour, reports, hunger, deaths and births, month by month.

    Where a fit of the case passed its gates, the history is simulated from its draws. Without a fit it is one
    run, or draws from priors: no estimate.

    [bold]Examples[/bold]

    dearth simulate valley

    dearth simulate valley --regime no_exports --set relief.rho=0.5 --off dining_halls --draws 50

    dearth simulate china-1958 --prior --draws 10000 --yearly --cluster local:4

    dearth simulate china-1958 --prior --draws 100000 --yearly --cluster tcp://10.0.0.5:8786 --out draws
    """
    from dearth.case.atomic_files import require_writable
    from dearth.case.read import load
    from dearth.ensemble.executors import open_executor
    from dearth.explain.simulated import chosen, simulated
    from dearth.numerics.compilation_cache import keep_compiled
    from dearth.run import write_simulation
    from dearth.show.terminal_simulation import print_simulation
    from dearth.system.plan import Asked

    if parquet and out is None:
        raise typer.BadParameter("--parquet writes into the folder of --out; give one")
    if parquet and yearly:
        raise typer.BadParameter("--parquet writes monthly records, which --yearly does not keep")
    if cluster is not None and draws in (None, 1):
        raise typer.BadParameter("--cluster computes many draws; give --draws 2 or more")
    if out is not None:
        require_writable(out)
    keep_compiled()
    read = load(case)
    fit, many = chosen(read, prior, draws)
    asked = Asked(regime, tuple(changes or ()), tuple(off or ()), many, seed, resolution, story, yearly)
    with (
        working(read.name) as progress,
        nullcontext() if cluster is None else open_executor(cluster) as executor,
    ):
        made = simulated(read, asked, fit, progress, executor)
        if out is not None:
            command = " ".join(["dearth", *sys.argv[1:]])
            write_simulation(read, made, out, command, seed, progress, parquet)
    if out is not None:
        say(f"written to {out}")
    if as_json:
        print_json(made.document)
    else:
        print_simulation(made.document)


def mechanisms(case: ScenarioArgument = "", as_json: JsonOption = False) -> None:
    """List the mechanisms of the simulation with their parameters and sources.

    With a case, parameters of levels of the administration have the names of its scenario.

    [bold]Examples[/bold]

    dearth mechanisms --json

    dearth mechanisms china-1958
    """
    from dearth.case.read import load
    from dearth.show.terminal_simulation import print_mechanisms
    from dearth.system.levels import NEUTRAL
    from dearth.system.scenario import read_scenario
    from dearth.system.simulation import mechanisms as listed

    found = listed(read_scenario(load(case).folder).levels if case else NEUTRAL)
    if as_json:
        print_json(found)
    else:
        print_mechanisms(found)


def add_simulation(app: typer.Typer) -> None:
    """Give `app` the verbs of this file."""
    app.command()(simulate)
    app.command()(mechanisms)
