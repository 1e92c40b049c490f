"""The verb that puts the estimators on trial: recover."""

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from dearth.show.progress import print_json, say, working

if TYPE_CHECKING:
    from dearth.show.trials_document import TrialsDocument

REFUSED = 3  # exit status of a result that may not be used, as of the other verbs


def recover(
    case: Annotated[
        list[str], typer.Argument(metavar="CASE...", help="Cases made from full records; windows are pooled.")
    ],
    tier: Annotated[
        int,
        typer.Option(
            "--tier",
            "--rung",  # the name of the first version
            help="Data quality: 1 totals; 2 deaths in part; 3 fewer in the crisis; 4 two counts; "
            "5 a later one; 6 a region lost; 7 outside the priors.",
        ),
    ] = 4,
    replicates: Annotated[int, typer.Option(help="How often.")] = 40,
    degrade: Annotated[
        str | None,
        typer.Option(
            metavar="SPEC", help="In place of a tier: letters and ranges, mild:bad, A,R(complete=0.8:0.7),K."
        ),
    ] = None,
    windows: Annotated[
        str,
        typer.Option(
            help="own, years (1772-1773,1808-1809), all, quiet, epidemic, emigration; "
            "of a scenario: simulated or histories."
        ),
    ] = "own",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the degradations and draws.")] = 1,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Truths and records from the estimator's own model.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for tables, pictures and a page.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print exactly one JSON object, nothing else, on stdout.")
    ] = False,
) -> None:
    """Is the estimator to be trusted? Degrade full records, estimate, and compare with what is known.

    [bold]Examples[/bold]:  dearth new sweden --from-hmd ./SWE --window 1772-1773 --all-ages  |
    dearth recover sweden --tier 4 --replicates 200  |  dearth recover valley --replicates 8  |
    dearth recover sweden --tier 5 --windows quiet  |
    dearth recover denmark norway --tier 7 --windows all  |
    dearth recover china-1958 --windows simulated  |
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
    keep_compiled()
    read = [load(name) for name in case]
    with working(", ".join(one.name for one in read)) as progress:
        made = try_estimator(read, Asked(tier, replicates, degrade, windows, seed, calibrate), progress)
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
