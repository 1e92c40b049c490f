"""The verbs of a case's own files: new, check."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from dearth.show.progress import counted, print_json, say

WRONG = 1  # exit status of a case whose files are wrong, as of the other verbs


SCHEMAS = (
    "case", "claims-file", "estimate", "claims", "compare", "simulate", "fit", "explain", "recover",
    "sources",
)  # fmt: skip


def complete_case(incomplete: str) -> list[str]:
    """Return the bundled cases whose names begin so."""
    from dearth.case.read import bundled

    return [name for name in bundled() if name.startswith(incomplete)]


def complete_words(kind: str) -> Callable[[str], list[str]]:
    """Return the completion of a word: of ``estimators``, ``schemas``, ``regimes`` or ``mechanisms``."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in _words(kind) if word.startswith(incomplete)]

    return complete


def _words(kind: str) -> Iterable[str]:
    if kind == "estimators":
        from dearth.estimate.estimators import estimators

        return estimators()
    if kind == "schemas":
        return SCHEMAS
    if kind == "regimes":
        from dearth.system.regimes import REGIMES

        return [regime.name for regime in REGIMES]
    from dearth.system.parameter import declared

    return [mechanism.id for mechanism in declared()]


CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="Name of a bundled case (dearth cases), or path of a case folder.",
        autocompletion=complete_case,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else.")
]


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the new case; dearth makes the folder ./NAME.")
    ],
    from_hmd: Annotated[
        Path | None,
        typer.Option("--from-hmd", metavar="DIR", help="Folder with files of the Human Mortality Database."),
    ] = None,
    from_wpp: Annotated[
        Path | None,
        typer.Option("--from-wpp", metavar="FILE", help="CSV file of UN World Population Prospects."),
    ] = None,
    from_censuses: Annotated[
        Path | None,
        typer.Option(
            "--from-censuses",
            metavar="FILE",
            help="CSV file of two censuses by age and sex with the deaths between them.",
        ),
    ] = None,
    from_lists: Annotated[
        Path | None,
        typer.Option("--from-lists", metavar="FILE", help="CSV file of incomplete lists of victims."),
    ] = None,
    from_deaths: Annotated[
        Path | None,
        typer.Option("--from-deaths", metavar="FILE", help="File of deaths by week, month or quarter."),
    ] = None,
    location: Annotated[
        str | None,
        typer.Option(
            help="Place in the file of --from-wpp or --from-deaths, or the place of the lists; e.g. China."
        ),
    ] = None,
    window: Annotated[
        str | None,
        typer.Option(
            help="The crisis: years (1772-1773), or with --from-deaths also its first and last day "
            "(2020-03-01/2020-12-31)."
        ),
    ] = None,
    from_survey: Annotated[
        Path | None,
        typer.Option("--from-survey", metavar="FILE", help="CSV table of the persons of a mortality survey."),
    ] = None,
    from_ena: Annotated[
        Path | None,
        typer.Option("--from-ena", metavar="FILE", help="CSV of the person sheet of ENA for SMART."),
    ] = None,
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", help="With --from-survey or --from-ena: what the columns mean."
        ),
    ] = None,
    allow_identifiers: Annotated[
        bool,
        typer.Option(
            "--allow-identifiers",
            help="Pass over columns with names, telephones or coordinates; never copied.",
        ),
    ] = False,
    all_ages: Annotated[
        bool,
        typer.Option(
            "--all-ages", help="With --from-hmd: take single ages of every year, which dearth recover needs."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a case folder from a working template or from files that you downloaded.

    [bold]Examples[/bold]

    dearth new my-case

    dearth new sweden --from-hmd ./SWE --window 1772-1773

    dearth new north --from-survey persons.csv

    dearth new china --from-wpp WPP2024.csv.gz --location China --window 1958-1961

    dearth new my-country --from-censuses two-censuses.csv

    dearth new valley-victims --from-lists lists.csv --location Valley --window 1999-03-20/1999-06-22

    dearth new albania --from-deaths world_mortality.csv --location Albania --window 2020-03-01/2020-12-31
    """
    from dearth.case.from_censuses import new_from_censuses
    from dearth.case.from_dated_deaths import new_from_deaths
    from dearth.case.from_downloads import new_from_hmd, new_from_wpp
    from dearth.case.from_lists import new_from_lists
    from dearth.case.scaffold import new_case
    from dearth.case.surveys.new_case import new_from_survey

    survey = from_survey or from_ena
    if (
        sum(map(bool, (from_hmd, from_wpp, from_deaths, from_censuses, from_lists, from_survey, from_ena)))
        > 1
    ):
        raise typer.BadParameter("give only one of the options --from-…: each makes a case of its own")
    if (map_file or allow_identifiers) and not survey:
        raise typer.BadParameter("--map and --allow-identifiers go with --from-survey or --from-ena")
    if (from_hmd or from_wpp) and not window:
        raise typer.BadParameter("--window says which years are the crisis, e.g. 1772-1773")
    if from_wpp and not location:
        raise typer.BadParameter("--location says which place of the file, e.g. China")
    if not (from_hmd or from_wpp or from_deaths or from_lists or survey) and (window or location):
        raise typer.BadParameter(
            "--window and --location go with --from-hmd, --from-wpp, --from-deaths or --from-lists"
        )
    if all_ages and not from_hmd:
        raise typer.BadParameter("--all-ages goes with --from-hmd")
    target = Path(name)
    if from_censuses:
        made = new_from_censuses(target, from_censuses, say, _refuse_unsound)
    elif from_hmd:
        made = new_from_hmd(target, from_hmd, window or "", say, all_ages, _refuse_unsound)
    elif from_wpp:
        made = new_from_wpp(target, from_wpp, location or "", window or "", _refuse_unsound)
    elif from_lists:
        made = new_from_lists(target, from_lists, location or "", window or "", _refuse_unsound)
    elif from_deaths:
        made = new_from_deaths(target, from_deaths, location or "", window or "", say, _refuse_unsound)
    elif survey:
        made = new_from_survey(
            target, survey, map_file, window, ena=from_ena is not None, allow_identifiers=allow_identifiers,
            tell=say, verify=_refuse_unsound,
        )  # fmt: skip
    else:
        made = new_case(target)
    if as_json:
        print_json({"schema": "dearth/new/v1", "name": made.name, "folder": str(made)})
    then = f"dearth estimate {name}" if from_lists else f"dearth run {name}"
    reconstruct = "" if from_censuses or from_lists or from_deaths or survey else " --reconstruct"
    say(f"made {made}; next:  dearth check {name}  and  {then}{reconstruct}")


def _refuse_unsound(folder: Path) -> None:
    """Raise the mistakes that `dearth check` would find in a case made from downloaded files."""
    from dearth.case.problems import CaseError, Problem
    from dearth.case.read import load
    from dearth.estimate.case_checks import check as problems_of

    wrong = [problem for problem in problems_of(load(folder)) if problem.severity == "error"]
    if wrong:
        why = "the files allow no sound case, so none is made; choose other years or other files"
        raise CaseError([Problem("new", why), *wrong])


SHOWN = 8  # variables that nothing reads, named one by one
AUDIENCES = {
    "reader": "For readers of a result (the report repeats them):",
    "maker": "For makers of the case (no result repeats them):",
}


def check(case: CaseArgument, as_json: JsonOption = False) -> None:
    """Read a case and list every mistake and every warning at once.

    [bold]Example[/bold]

    dearth check ./my-case
    """
    from dataclasses import asdict

    from dearth.case.problems import CaseError
    from dearth.case.problems import Problem as Found
    from dearth.checks import problems

    found: list[Found]
    figures, kept = 0, list[str]()
    try:
        figures, found, kept = problems(case)
    except CaseError as error:
        found = list(error.problems)
    wrong = [p for p in found if p.severity == "error"]
    if as_json:
        print_json(
            {"schema": "dearth/check/v1", "case": case, "ok": not wrong, "figures": figures,
             "problems": [asdict(p) for p in found], "read_by_nothing": kept}
        )  # fmt: skip
    else:
        for problem in wrong:
            print(f"error: {problem}")
        for audience, heading in AUDIENCES.items():
            warned = [p for p in found if p.severity == "warning" and p.audience == audience]
            for line in [heading, *(f"warning: {problem}" for problem in warned)] if warned else []:
                print(line)
        if kept:
            more = f" and {len(kept) - SHOWN} more, which --json names" if len(kept) > SHOWN else ""
            print(f"Kept in the evidence and read by nothing: {', '.join(kept[:SHOWN])}{more}")
        state = counted(len(wrong), "mistake") if wrong else f"sound, {figures:,} figures read"
        print(f"{case}: {state}, {counted(len(found) - len(wrong), 'warning')}")
    if wrong:
        raise typer.Exit(WRONG)


def add_case_files(app: typer.Typer) -> None:
    """Give `app` the verbs of this file."""
    app.command()(new)
    app.command()(check)
