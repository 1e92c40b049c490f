"""The verb that puts the estimators on trial: recover."""

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from dearth.cli_case import JsonOption, complete_case
from dearth.show.progress import print_json, say, working

if TYPE_CHECKING:
    from dearth.show.trials_document import TrialsDocument

REFUSED = 3  # exit status of a result that may not be used, as of the other verbs


def recover(
    case: Annotated[
        list[str],
        typer.Argument(
            metavar="CASE...",
            help="One or more cases with complete records; their periods are tested together.",
            autocompletion=complete_case,
        ),
    ],
    tier: Annotated[
        int,
        typer.Option(
            "--tier",
            help="Data quality: 1 totals; 2 a share of the deaths; 3 a smaller share in the crisis; 4 two "
            "censuses; 5 a later census too; 6 a region without records; 7 outside the priors.",
        ),
    ] = 4,
    rung: Annotated[int | None, typer.Option("--rung", hidden=True)] = None,  # the old name of tier
    replicates: Annotated[int, typer.Option(help="Number of trials.")] = 40,
    degrade: Annotated[
        str | None,
        typer.Option(
            metavar="SPEC",
            help="Degradations in place of a tier: letters, with ranges from mild to bad, for example "
            "A,R(complete=0.8:0.7),K.",
        ),
    ] = None,
    windows: Annotated[
        str,
        typer.Option(
            help="Periods to test: own (of each case), years (1772-1773,1808-1809), all, quiet, epidemic, "
            "emigration or displacement; of a case with a scenario: simulated or histories."
        ),
    ] = "own",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the degradations and draws.")] = 1,
    calibrate: Annotated[
        bool,
        typer.Option(
            "--calibrate",
            help="Draw truths and records from the estimator's own model, to check its intervals.",
        ),
    ] = False,
    like: Annotated[
        str | None,
        typer.Option(
            "--like", metavar="CASE:SCENARIO", help="Priors and scenario of a case in place of neutral ones."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for tables, charts and a page.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Test the estimator: degrade complete records, estimate, and compare with the truth.

    [bold]Examples[/bold]

    dearth new sweden --from-hmd ./SWE --window 1772-1773 --all-ages

    dearth recover sweden --tier 4 --replicates 200

    dearth recover valley --replicates 8

    dearth recover sweden --tier 5 --windows quiet

    dearth recover denmark norway --tier 7 --windows all

    dearth recover sweden denmark --tier 4 --windows displacement

    dearth recover sweden --tier 4 --like china-1958:no_opinion

    dearth recover china-1958 --windows simulated

    dearth recover sweden --degrade "A,R(complete=0.8:0.7),K,M"
    """
    from dearth.case.atomic_files import require_writable
    from dearth.case.read import load
    from dearth.numerics.compilation_cache import keep_compiled
    from dearth.reconstruction.identity import identify
    from dearth.show.terminal_trials import print_trials
    from dearth.trials.recovery import Asked
    from dearth.trials.recovery import recover as try_estimator

    if out is not None:
        require_writable(out)  # before hours of work
    tier = tier if rung is None else rung
    keep_compiled()
    read = [load(name) for name in case]
    with working(", ".join(one.name for one in read)) as progress:
        made = try_estimator(read, Asked(tier, replicates, degrade, windows, seed, calibrate, like), progress)
        document = cast("TrialsDocument", made.document)
        if out is not None:
            from dearth.show.trials_page import write_trials

            hashes = {one.name: identify(one).sha256 for one in read}
            write_trials(document, out, shlex.join(["dearth", *sys.argv[1:]]), hashes)
    if out is not None:
        say(f"written to {out}")
    if as_json:
        print_json(json.loads(json.dumps(document)))
    else:
        print_trials(document)
    if document["refused_table"]:
        sys.exit(REFUSED)


def add_trials(app: typer.Typer) -> None:
    """Give `app` the verb of this file."""
    app.command()(recover)
