"""``dearth new --from-areas``: a case of small areas from surveys and people of districts."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dearth.case import small_area_rows as rows_of
from dearth.case.area_columns import MOVES, PEOPLE, PREDICTORS, SURVEYS, TakenOver, taken_over
from dearth.case.atomic_files import new_folder
from dearth.case.delimited_table import read_delimited
from dearth.case.food_security_phases import is_phases
from dearth.case.periods import parse_period
from dearth.case.problems import Problem, mistake
from dearth.case.scaffold import add_schemas, case_name, filled, quotable, template, write_sources
from dearth.case.table_bytes import table_bytes

MOST_BYTES = 64_000_000
SPAN = "from the first day of recall to the last: give --window for another time"


@dataclass(frozen=True)
class AreaFiles:
    """The files that a case of small areas is made from.

    Attributes
    ----------
    surveys : one row a survey of a district
    people : people by district
    predictors : files of predictors, also phases of food security
    displacement : arrivals and departures, None where not known
    """

    surveys: Path
    people: Path
    predictors: tuple[Path, ...] = ()
    displacement: Path | None = None


def new_from_areas(
    target: Path, files: AreaFiles, place: str = "", window: str = "",
    tell: Callable[[str], None] = lambda text: None, verify: Callable[[Path], None] = lambda folder: None,
) -> Path:  # fmt: skip
    """Write a case with the block ``small_areas``; return the folder.

    Columns are taken over under our names; which ones were left out is said.

    Parameters
    ----------
    place : the country or region; the name of the case where none is given
    window : first and last day; by default the time that the recalls of the surveys span
    tell : is given what was read how, where that needed a decision
    verify : raises where the finished case is not sound; nothing is written then

    Raises
    ------
    CaseError
        A file that is no table or lacks a column, mistakes in its rows, a wrong window, or `target` is there.
    """
    name = case_name(target)
    if window:
        try:
            parse_period(window)
        except ValueError as error:
            raise mistake("--window", str(error)) from None
    title = f"Deaths by district, {place or name}"
    with new_folder(target) as work:
        folder = work / "areas"
        folder.mkdir()
        _write(folder / "surveys.csv", taken_over(files.surveys, SURVEYS), files.surveys.name, tell)
        span = window or _span(folder / "surveys.csv")
        people = taken_over(files.people, PEOPLE, span.split("/")[0])
        _write(folder / "people.csv", people, files.people.name, tell)
        more = _predictors(folder, files.predictors, tell)
        if files.displacement is not None:
            moves = taken_over(files.displacement, MOVES)
            _write(folder / "displacement.csv", moves, files.displacement.name, tell)
            more += "    displacement: areas/displacement.csv\n"
        values = {
            "NAME": name, "TITLE": quotable(title), "PLACE": quotable(place or name), "WINDOW": span,
            "WHY": "as given" if window else SPAN, "MORE": more,
        }  # fmt: skip
        (work / "case.yaml").write_text(filled(template("small_areas.yaml"), values), encoding="utf-8")
        sources = [("surveys", f"Surveys of districts, file {files.surveys.name}")]
        write_sources(work, sources, "to be named", "")
        names = ", ".join(one.name for one in _all(files))
        text = f"{title}: made from the files {names}. Name their sources in `sources.csv`."
        (work / "README.md").write_text(f"# {name}\n\n{text}\n", encoding="utf-8")
        add_schemas(work, name, title)
        verify(work)
    return target


def _all(files: AreaFiles) -> Sequence[Path]:
    return [one for one in (files.surveys, files.people, *files.predictors, files.displacement) if one]


def _span(path: Path) -> str:
    """Return first and last day of all recalls."""
    notices: list[Problem] = []
    rows = rows_of.surveys(path, path.name, notices)
    if not rows:
        raise mistake(path.name, "has no survey below its header", 1)
    first, last = min(one.period.start for one in rows), max(one.period.end for one in rows)
    return f"{first.isoformat()}/{last.isoformat()}"


def _predictors(folder: Path, paths: Sequence[Path], tell: Callable[[str], None]) -> str:
    """Write the files of predictors; return their line of the block."""
    names = []
    for at, path in enumerate(paths, start=1):
        name = f"predictors_{at}.csv"
        if is_phases(read_delimited(path).header):
            (folder / name).write_bytes(table_bytes(path, path.name, MOST_BYTES))
        else:
            _write(folder / name, taken_over(path, PREDICTORS), path.name, tell)
        names.append(f"areas/{name}")
    return f"    predictors: [{', '.join(names)}]\n" if names else ""


def _write(path: Path, table: TakenOver, name: str, tell: Callable[[str], None]) -> None:
    """Write a table with the separator of its file, so that figures mean what they meant there."""
    if table.left_out:
        tell(f"{name}: columns that are not used were left out: {', '.join(table.left_out)}")
    if table.without:
        lines = ", ".join(map(str, table.without[:10])) + (", …" if len(table.without) > 10 else "")
        many = "1 row" if len(table.without) == 1 else f"{len(table.without):,} rows"
        tell(f"{name}: {many} without a figure left out: line(s) {lines}")
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(
            file, list(table.columns), restval="", extrasaction="ignore", delimiter=table.separator,
            lineterminator="\n",
        )  # fmt: skip
        out.writeheader()
        out.writerows(table.rows)
