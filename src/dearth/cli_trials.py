"""The verb that puts the estimators on trial: recover."""

import json
import shlex
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dearth.cli_case import JsonOption
from dearth.cli_options import (
    CalibrateOption,
    CasesArgument,
    ClusterOption,
    DegradeOption,
    LikeOption,
    OldTierOption,
    ReplicatesOption,
    TierOption,
    TrialsOutOption,
    TrialsSeedOption,
    WindowsOption,
)
from dearth.cli_record_trials import trials_without_register
from dearth.show.progress import print_json, say, working

if TYPE_CHECKING:
    from dearth.case.read import Case
    from dearth.trials.recovery import Asked

REFUSED = 3  # exit status of a result that may not be used, as of the other verbs


def recover(
    case: CasesArgument,
    tier: TierOption = 4,
    rung: OldTierOption = None,
    replicates: ReplicatesOption = 40,
    degrade: DegradeOption = None,
    windows: WindowsOption = "own",
    seed: TrialsSeedOption = 1,
    calibrate: CalibrateOption = False,
    like: LikeOption = None,
    cluster: ClusterOption = None,
    out: TrialsOutOption = None,
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

    dearth recover my-two-censuses --replicates 200

    dearth recover sweden --tier 4 --replicates 2000 --cluster tcp://10.0.0.5:8786

    dearth recover sweden --degrade "A,R(complete=0.8:0.7),K,M"

    dearth recover valley-victims --replicates 200

    dearth recover my-weekly-deaths --replicates 200
    """
    from dearth.case.atomic_files import require_writable
    from dearth.case.read import load
    from dearth.trials.recovery import Asked

    if out is not None:
        require_writable(out)  # before hours of work
    read = [load(name) for name in case]
    other = trials_without_register(read)
    if other is None:
        asked = Asked(tier if rung is None else rung, replicates, degrade, windows, seed, calibrate, like)
        _recover_registers(read, asked, cluster, out, as_json)
        return
    block, trials = other
    if degrade or calibrate or like or cluster or windows != "own":
        raise typer.BadParameter(
            "--degrade, --windows, --like, --calibrate and --cluster go with registers, not with "
            f"{block.replace('_', ' ')}"
        )
    trials(read, replicates, seed, out, as_json)


def _recover_registers(
    read: "list[Case]", asked: "Asked", cluster: str | None, out: Path | None, as_json: bool
) -> None:
    """Try the reconstruction on cases with complete registers."""
    from dearth.ensemble.executors import open_executor
    from dearth.numerics.compilation_cache import keep_compiled
    from dearth.reconstruction.identity import identify
    from dearth.show.terminal_trials import print_trials
    from dearth.trials.recovery import recover as try_estimator

    keep_compiled()
    with (
        working(", ".join(one.name for one in read)) as progress,
        nullcontext() if cluster is None else open_executor(cluster) as executor,
    ):
        made = try_estimator(read, asked, progress, executor=executor)
        if out is not None:
            from dearth.show.trials_page import write_trials

            hashes = {one.name: identify(one).sha256 for one in read}
            write_trials(made, out, shlex.join(["dearth", *sys.argv[1:]]), hashes)
    if out is not None:
        say(f"written to {out}")
    if as_json:
        print_json(json.loads(json.dumps(made.document)))
    else:
        print_trials(made)
    if made.unscored:
        sys.exit(REFUSED)


def add_trials(app: typer.Typer) -> None:
    """Give `app` the verb of this file."""
    app.command()(recover)
