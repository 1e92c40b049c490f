"""The verbs that ask why: fit, explain."""

import sys
from contextlib import nullcontext
from typing import Annotated

import typer

from dearth.cli_case import CaseArgument, JsonOption
from dearth.cli_options import ClusterOption
from dearth.show.progress import print_json, say, working

REFUSED = 3  # exit status of a result that may not be used, as of the other verbs

ScenarioOption = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help="Registration scenario whose true deaths and births are fitted; by default the case's first.",
    ),
]
RefitOption = Annotated[
    bool,
    typer.Option(
        "--refit", help="Make a new fit, although one is stored. China took about 80 minutes on two cores."
    ),
]
FitSeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the search and of the draws.")]
FitQuickOption = Annotated[
    bool,
    typer.Option(
        "--quick",
        help="With --refit: one search and few draws. The result is usually refused.",
    ),
]
CausesOption = Annotated[
    str | None,
    typer.Option(
        "--causes", metavar="A,B,C", help="Causes, by their names in scenario.yaml; by default all."
    ),
]
OutcomeOption = Annotated[
    str,
    typer.Option("--outcome", help="Outcome that is shared out: excess_deaths, births_lost or grain_output."),
]
CounterfactualOption = Annotated[
    list[str] | None,
    typer.Option(
        "--counterfactual",
        metavar="REGIME",
        help="One policy, by the name in brackets in the table. Repeat it for more; by default all.",
    ),
]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Compute now, which takes minutes, although an explanation is stored.")
]
ExplainDrawsOption = Annotated[
    int, typer.Option("--draws", min=2, help="Draws of the fit over which shares are computed.")
]


def fit(
    case: CaseArgument,
    scenario: ScenarioOption = None,
    refit: RefitOption = False,
    quick: FitQuickOption = False,
    seed: FitSeedOption = 1,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit the simulation to the true deaths and births of the reconstruction and to the case's targets.

    Without --refit dearth shows the stored fit.

    [bold]Examples[/bold]

    dearth fit china-1958

    dearth fit valley --scenario full --refit
    """
    from dearth.case.read import load
    from dearth.ensemble.executors import open_executor
    from dearth.explain.fit_document import to_document
    from dearth.explain.fitted import fitted
    from dearth.numerics.compilation_cache import keep_compiled
    from dearth.show.terminal_explain import print_fit

    keep_compiled()
    read = load(case)
    with (
        nullcontext() if cluster is None else open_executor(cluster) as executor,
        working(read.name) as progress,
    ):
        found = fitted(
            read, scenario, refit=refit, short=quick, seed=seed, progress=progress, executor=executor
        )
        progress("predictions")
        targets, heldout = found.predictions(read, seed)
    document = to_document(read.name, found.fit, targets, heldout, seed)
    if as_json:
        print_json(document)
    else:
        print_fit(document)
    if found.fit.refused:
        sys.exit(REFUSED)


def explain(
    case: CaseArgument,
    scenario: ScenarioOption = None,
    causes: CausesOption = None,
    outcome: OutcomeOption = "excess_deaths",
    counterfactual: CounterfactualOption = None,
    draws: ExplainDrawsOption = 48,
    again: AgainOption = False,
    seed: FitSeedOption = 1,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain why: the share of each cause, other policies, the value of information.

    It needs a fit that passed its gates (dearth fit CASE). A stored explanation is shown at once.
    Other options are computed, which takes minutes.

    [bold]Examples[/bold]

    dearth explain china-1958

    dearth explain china-1958 --causes weather,reports --outcome births_lost --draws 20
    """
    from dearth.case.read import load
    from dearth.ensemble.executors import open_executor
    from dearth.explain.explain import Wanted
    from dearth.explain.explain_document import to_document
    from dearth.explain.fitted import fitted
    from dearth.explain.stored_explanation import explained
    from dearth.numerics.compilation_cache import keep_compiled
    from dearth.show.terminal_explain import print_explanation

    keep_compiled()
    read = load(case)
    found = fitted(read, scenario)
    if found.fit.refused:
        for why in found.fit.refused:
            say(f"error: the fit was refused: {why}")
        sys.exit(REFUSED)
    chosen = tuple(part.strip() for part in causes.split(",")) if causes else ()
    wanted = Wanted(chosen, outcome, tuple(counterfactual or ()), draws, seed)
    with (
        nullcontext() if cluster is None else open_executor(cluster) as executor,
        working(read.name) as progress,
    ):
        made = explained(read, found, wanted, progress, executor, again)
    document = to_document(made, seed)
    if as_json:
        print_json(document)
    else:
        print_explanation(document)


def add_explanation(app: typer.Typer) -> None:
    """Give `app` the verbs of this file."""
    app.command()(fit)
    app.command()(explain)
