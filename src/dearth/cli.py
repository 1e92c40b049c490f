"""The command line: one verb a question, no logic of its own.

Heavy imports stand inside the commands, so that help comes at once.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dearth.cli_case import SCHEMAS, CaseArgument, JsonOption, add_check, complete_words
from dearth.cli_claims import add_claims
from dearth.cli_compare import add_compare
from dearth.cli_ends import discard_output, file_error, stop_as_on_interrupt
from dearth.cli_explain import add_explanation
from dearth.cli_new import add_new
from dearth.cli_options import (
    BaselineOption,
    BasisOption,
    BirthBaselineOption,
    BirthCompletenessOption,
    BirthsFromOption,
    CompletenessOption,
    LanguageOption,
    LeaveOneOutOption,
    MethodOption,
    OldLeaveOneOutOption,
    OutOption,
    PlacesOption,
    PriorSimulationOption,
    QuickOption,
    ReconstructOption,
    SeedOption,
    SeriesOption,
    TransferOption,
    WindowKindOption,
    WindowOption,
)
from dearth.cli_simulate import add_simulation
from dearth.cli_sources import add_sources
from dearth.cli_summary import add_summary
from dearth.cli_trials import add_trials
from dearth.show.progress import print_json as _print_json
from dearth.show.progress import say, working

if TYPE_CHECKING:
    from dearth.case.problems import Problem
    from dearth.estimate.choices import Asked
    from dearth.facade import Laboratory, Result

DONE, WRONG, USAGE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    help="A laboratory for food crises: how many people died, how it happened, why, and who is right.\n\n"
    "Start with:  dearth run china-1958",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell(problems: "tuple[Problem, ...] | list[Problem]") -> None:
    for problem in problems:
        say(f"{problem.severity}: {problem}")


def _load(name: str) -> "Laboratory":
    import dearth

    return dearth.load(name)


def _estimate(
    case: str,
    seed: int,
    quick: bool,
    asked: "Asked | None" = None,
    reconstruct: bool = False,
    leave_one_out: bool = True,
    places: bool = True,
) -> "Result":
    from dearth.estimate.estimates import estimate
    from dearth.facade import Result

    laboratory = _load(case)
    with working(laboratory.case.name) as progress:
        made = estimate(laboratory.case, asked, seed=seed, quick=quick, reconstruct=reconstruct,
                        leave_one_out=leave_one_out, places_too=places, progress=progress)  # fmt: skip
    return Result.of(made)


def _simulated(made: "Result", wanted: bool, seed: int, quick: bool) -> "Result":
    with working(made.case.name) as progress:
        return made.with_simulation(seed, quick, progress, wanted)


@app.command()
def cases(as_json: JsonOption = False) -> None:
    """List the cases that come with dearth.

    [bold]Example[/bold]

    dearth cases --json
    """
    from dearth.case.read import bundled, load

    rows = []
    for name in bundled():
        case = load(name)
        s = case.settings
        rows.append({"name": name, "title": s.title, "window": s.window, "figures": len(case.evidence)})
    if as_json:
        _print_json({"schema": "dearth/cases/v1", "cases": rows})
        return
    for row in rows:
        print(f"{row['name']:<16}{row['title']} (window {row['window']}, {row['figures']:,} figures)")


add_new(app)  # here, so that the help lists the verbs in the order of work
add_check(app)


@app.command()
def estimate(
    case: CaseArgument,
    method: MethodOption = None,
    series: SeriesOption = None,
    baseline: BaselineOption = None,
    completeness: CompletenessOption = None,
    window: WindowOption = None,
    window_kind: WindowKindOption = None,
    basis: BasisOption = None,
    transfer: TransferOption = None,
    birth_baseline: BirthBaselineOption = None,
    birth_completeness: BirthCompletenessOption = None,
    births_from: BirthsFromOption = None,
    reconstruct: ReconstructOption = False,
    leave_one_out: LeaveOneOutOption = True,
    ladder: OldLeaveOneOutOption = True,
    places: PlacesOption = True,
    out: OutOption = None,
    seed: SeedOption = 1,
    quick: QuickOption = False,
    as_json: JsonOption = False,
) -> None:
    """Estimate how many people died and how many births were lost, under every stated assumption.

    Each option holds one choice fixed; every other choice stays open.

    [bold]Examples[/bold]

    dearth estimate china-1958

    dearth estimate china-1958 --method rate --baseline level:1957 --completeness 0.85 --json

    dearth estimate ./my-case --reconstruct
    """
    from dearth.case.atomic_files import require_writable
    from dearth.estimate.choices import Asked

    if out is not None:
        require_writable(out)

    asked = Asked(
        method=method, series=series, baseline=baseline, completeness=completeness, window=window,
        window_kind=window_kind, basis=basis, transfer=transfer, birth_baseline=birth_baseline,
        birth_completeness=birth_completeness, births_from=births_from,
    )  # fmt: skip
    made = _estimate(case, seed, quick, asked, reconstruct, leave_one_out and ladder, places)
    if out is not None:
        _write_estimates(made, out)
    if as_json:
        _print_json(made.document)
    else:
        from dearth.show.terminal import print_estimates

        print_estimates(made)
    if reconstruct and made.posterior and any(one.refused for one in made.posterior.scenarios):
        sys.exit(REFUSED)


def _write_estimates(made: "Result", out: Path) -> None:
    from dearth.case.atomic_files import MARK, new_folder
    from dearth.run import estimates_csv, manifest, write_districts

    with new_folder(out, replace=True) as work:
        text = json.dumps(made.document, indent=1)
        (work / "estimates.json").write_text(text, encoding="utf-8")
        (work / "estimates.csv").write_text(estimates_csv(made), encoding="utf-8")
        write_districts(made, work)
        (work / MARK).write_text(json.dumps(manifest(made, _command())), encoding="utf-8")
    say(f"written to {out}")


def _command() -> str:
    return " ".join(["dearth", *sys.argv[1:]])


@app.command()
def report(
    case: CaseArgument,
    reconstruct: ReconstructOption = False,
    with_prior_simulation: PriorSimulationOption = False,
    out: OutOption = None,
    language: LanguageOption = "en",
    seed: SeedOption = 1,
    quick: QuickOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the report of a case as one HTML file that needs no network.

    [bold]Example[/bold]

    dearth report finland-1866 --out finland
    """
    from dearth.case.atomic_files import require_writable, write_file
    from dearth.show.language import language as words_of

    if out is not None:
        require_writable(out / "report.html", overwrite=True)
    words_of(language)  # before the work: an unknown one is a mistake of the call
    made = _simulated(_estimate(case, seed, quick, None, reconstruct), with_prior_simulation, seed, quick)
    target = (out or Path(f"{made.case.name}-report")) / "report.html"
    with working("report"):
        write_file(target, made.report(language))
    if as_json:
        _print_json({"schema": "dearth/report/v1", "case": made.case.name, "report": str(target)})
    say(f"report: {target}")


@app.command()
def run(
    case: CaseArgument,
    reconstruct: ReconstructOption = False,
    with_prior_simulation: PriorSimulationOption = False,
    out: OutOption = None,
    language: LanguageOption = "en",
    seed: SeedOption = 1,
    quick: QuickOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write estimates, charts, tables and the report of a case into one folder.

    [bold]Example[/bold]

    dearth run china-1958 --out china
    """
    from dearth.case.atomic_files import require_writable
    from dearth.run import write_run
    from dearth.show.language import language as words_of

    words_of(language)  # before the work: an unknown one is a mistake of the call
    if out is not None:
        require_writable(out)
    made = _simulated(_estimate(case, seed, quick, None, reconstruct), with_prior_simulation, seed, quick)
    with working("writing") as progress:
        folder = out or Path(f"{made.case.name}-run")
        target = write_run(made, folder, _command(), progress, made.simulation, language)
    if as_json:
        _print_json(made.document)
    else:
        from dearth.show.terminal import print_answer

        print_answer(made, made.simulation)
    say(f"report: {target}")
    if made.simulation is not None and made.simulation.refused:
        sys.exit(REFUSED)


@app.command()
def schema(
    which: Annotated[
        str,
        typer.Argument(
            help="What to describe: case, claims-file, or what a verb prints: estimate, claims, compare, "
            "simulate, fit, explain, recover or sources.",
            autocompletion=complete_words("schemas"),
        ),
    ] = "case",
) -> None:
    """Print a JSON Schema: of case.yaml, for editors, or of what a verb prints with --json.

    [bold]Example[/bold]

    dearth schema case > case-v1.json
    """
    from importlib.resources import files

    path = files("dearth") / "schemas" / f"{which}-v1.json"
    if which not in SCHEMAS:
        raise typer.BadParameter(f"'{which}' is not one of: {', '.join(SCHEMAS)}")
    print(path.read_text(encoding="utf-8"), end="")


add_summary(app)
add_claims(app)
add_compare(app)
add_simulation(app)
add_explanation(app)
add_sources(app)
add_trials(app)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from dearth._version import __version__

        print(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; a user's mistake ends in a message and a status, never a traceback."""
    stop_as_on_interrupt()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # a full disk behind it is reported here, not after the end
    except (SystemExit, KeyboardInterrupt) as end:
        if isinstance(end.__context__, BrokenPipeError):  # click ends with 1 where the reader has gone
            discard_output()
            sys.exit(DONE)
        if isinstance(end, SystemExit) and end.code != INTERRUPTED:
            raise
        say("interrupted; nothing half-written is left, and a fit goes on where it was when run again")
        sys.exit(INTERRUPTED)
    except ValueError as error:
        from dearth.case.problems import CaseError

        if not isinstance(error, CaseError):
            raise
        _tell(error.problems)
        sys.exit(WRONG)
    except BrokenPipeError:
        discard_output()
        sys.exit(DONE)
    except OSError as error:
        say(f"error: {file_error(error)}")
        discard_output()
        sys.exit(WRONG)


if __name__ == "__main__":
    main()
