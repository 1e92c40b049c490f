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
from dearth.show.progress import print_json, say, working

if TYPE_CHECKING:
    from dearth.case.read import Case

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
    from dearth.ensemble.executors import open_executor
    from dearth.numerics.compilation_cache import keep_compiled
    from dearth.reconstruction.identity import identify
    from dearth.show.terminal_trials import print_trials
    from dearth.trials.recovery import Asked
    from dearth.trials.recovery import recover as try_estimator

    if out is not None:
        require_writable(out)  # before hours of work
    tier = tier if rung is None else rung
    read = [load(name) for name in case]
    for kind, only in (
        ("lists", _recover_lists),
        ("two_censuses", _recover_two_censuses),
        ("dated_deaths", _recover_dated),
    ):
        if all(getattr(one.settings, kind) and not one.settings.registers for one in read):
            if degrade or calibrate or like or cluster or windows != "own":
                raise typer.BadParameter(
                    "--degrade, --windows, --like, --calibrate and --cluster go with registers, not with "
                    f"{kind.replace('_', ' ')}"
                )
            only(read, replicates, seed, out, as_json)
            return
    keep_compiled()
    with (
        working(", ".join(one.name for one in read)) as progress,
        nullcontext() if cluster is None else open_executor(cluster) as executor,
    ):
        wanted = Asked(tier, replicates, degrade, windows, seed, calibrate, like)
        made = try_estimator(read, wanted, progress, executor=executor)
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


def _recover_lists(read: list["Case"], replicates: int, seed: int, out: Path | None, as_json: bool) -> None:
    """Try the lists of cases that have lists and no register."""
    from dearth.show.terminal_list_trials import documents, print_list_trials, write_list_trials
    from dearth.trials.list_trials import recover_lists

    with working(", ".join(one.name for one in read)) as progress:
        made = tuple(trials for one in read for trials in recover_lists(one, replicates, seed, progress))
    if out is not None:
        hashes = {one.name: one.sha256 for one in read}
        write_list_trials(made, out, shlex.join(["dearth", *sys.argv[1:]]), hashes)
        say(f"written to {out}")
    if as_json:
        print_json(documents(made))
    else:
        print_list_trials(made)


def _recover_two_censuses(
    read: list["Case"], replicates: int, seed: int, out: Path | None, as_json: bool
) -> None:
    """Try the methods for two censuses on populations like those of cases without a register."""
    from dearth.show.terminal_census_trials import (
        census_trials_document,
        print_census_trials,
        write_census_trials,
    )
    from dearth.trials.recover_two_censuses import recover_two_censuses

    with working(", ".join(one.name for one in read)) as progress:
        made = tuple(
            trials for one in read for trials in recover_two_censuses(one, replicates, seed, progress)
        )
    if out is not None:
        hashes = {one.name: one.sha256 for one in read}
        write_census_trials(made, out, shlex.join(["dearth", *sys.argv[1:]]), hashes)
        say(f"written to {out}")
    if as_json:
        print_json(census_trials_document(made))
    else:
        print_census_trials(made)


def _recover_dated(read: list["Case"], replicates: int, seed: int, out: Path | None, as_json: bool) -> None:
    """Try the intervals of dated deaths on earlier years and on simulated registers."""
    from dearth.show.terminal_dated_trials import (
        dated_trials_document,
        print_dated_trials,
        write_dated_trials,
    )
    from dearth.trials.dated_trials import recover_dated

    with working(", ".join(one.name for one in read)) as progress:
        made = tuple(trials for one in read for trials in recover_dated(one, replicates, seed, progress))
    if out is not None:
        hashes = {one.name: one.sha256 for one in read}
        write_dated_trials(made, out, shlex.join(["dearth", *sys.argv[1:]]), hashes)
        say(f"written to {out}")
    if as_json:
        print_json(dated_trials_document(made))
    else:
        print_dated_trials(made)


def add_trials(app: typer.Typer) -> None:
    """Give `app` the verb of this file."""
    app.command()(recover)
