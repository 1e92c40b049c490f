"""``dearth new --from-survey``: a case made from a table of persons."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from dearth.case.atomic_files import new_folder
from dearth.case.problems import CaseError, Problem, mistake
from dearth.case.scaffold import add_schemas, case_name, filled, template, write_sources
from dearth.case.surveys.column_map import ColumnMap, DateFormat, read_map
from dearth.case.surveys.proposal import people_in_columns, proposal_text, propose
from dearth.case.surveys.read import dates_of, header, needs_map, read_survey, refuse_identifiers
from dearth.case.surveys.table import SurveyTable
from dearth.case.table_bytes import Brought
from dearth.case.years import UNDATED
from dearth.numerics.optional_packages import needed

Verify = Callable[[Path], None]
SOURCE = "survey"


def new_from_survey(
    target: Path, file: Path, map_file: Path | None, window: str | None, *, ena: bool = False,
    origin: Brought | None = None, allow_identifiers: bool = False,
    tell: Callable[[str], None] = lambda text: None, verify: Verify = lambda folder: None,
) -> Path:  # fmt: skip
    """Write a case from a table of persons; return the folder.

    The table is copied with the columns of a table of persons alone, households renumbered, dates as days
    since the start of recall.

    Parameters
    ----------
    map_file : what the columns mean; needed unless they have the names of a table of persons
    window : first and last day of the crisis; by default the recall, or ``undated`` without dates
    origin : the user's file where `file` is the sheet of a workbook as text
    ena : the file is one of ENA for SMART: its people stand in columns
    tell : is given what readers of the result must know
    verify : raises where the finished case is not sound; nothing is written then

    Raises
    ------
    CaseError
        When the columns need a map (a proposal is then written beside the case), a row contradicts itself,
        the file has columns that identify persons, or `target` is there already.
    """
    name = case_name(target)
    names, _ = header(file)
    refuse_identifiers(file, names, allow_identifiers)
    mapping = None if map_file is None else read_map(map_file)
    if ena and mapping is None and not people_in_columns(names):
        raise mistake(
            file.name, "has no columns P1_…, P2_…: not the person sheet of ENA; use --from-survey", 1
        )
    if mapping is None and needs_map(names):
        option, words = "--from-ena" if ena else "--from-survey", origin.words if origin else str(file)
        raise _with_proposal(target, file, names, f"{option} {words}")
    table = read_survey(file, file.name, mapping)
    for notice in table.notices:
        tell(f"{notice}")
    with new_folder(target) as work:
        _write_table(work / "surveys" / "persons.csv", table)
        text = filled(template("survey.yaml"), _values(name, file, table, mapping, window))
        (work / "case.yaml").write_text(text, encoding="utf-8")
        sha = origin.sha256 if origin else hashlib.sha256(file.read_bytes()).hexdigest()
        write_sources(work, [(SOURCE, f"Survey, file {file.name}")], "to be named", "")
        (work / "README.md").write_text(
            f"# {name}\n\nA mortality survey, made from {file.name}: {table.frame.height:,} persons. "
            f"Households are renumbered, and no other column was copied. SHA-256 of the file: {sha}.\n",
            encoding="utf-8",
        )
        add_schemas(work, name, f"Mortality survey {name}")
        verify(work)
    return target


def _with_proposal(target: Path, file: Path, names: list[str], given: str) -> CaseError:
    """Write a proposed map beside the new case's folder; return the error that names it.

    `given` is the option with the file, as the user's command has it.
    """
    path = target.parent / f"{target.name}-map.yaml"
    if path.exists():
        return mistake(
            str(path), "is already there; give it with --map, or move it away to have a new proposal"
        )
    dated = dates_of(file, names)
    proposed = propose(names, tuple(dated))
    command = f"dearth new {target} {given} --map {path}"
    form: DateFormat = next(iter(dated.values()), "yyyy-mm-dd")
    path.write_text(proposal_text(file.name, names, proposed, form, command), encoding="utf-8")
    return CaseError(Problem(
        file.name, f"its columns are not those of a table of persons. A map is proposed in {path}: read it, "
        f"correct it, then run: {command}", 1,
    ))  # fmt: skip


def _write_table(path: Path, table: SurveyTable) -> None:
    """Write the table of persons with households renumbered and flags and days as whole numbers."""
    path.parent.mkdir(parents=True)
    polars = needed("polars")
    keys = (
        table.frame.select("cluster", "household").unique(maintain_order=True).with_row_index("n", offset=1)
    )
    frame = table.frame.join(keys, on=["cluster", "household"], how="left", maintain_order="left")
    frame = frame.with_columns(household=polars.col("n")).select(table.columns)
    whole = [c for c in frame.columns if frame[c].dtype == polars.Float64
             and (frame[c].drop_nulls() % 1 == 0).all()]  # fmt: skip
    frame.with_columns(polars.col(whole).cast(polars.Int64)).write_csv(path)


def _values(
    name: str, file: Path, table: SurveyTable, mapping: ColumnMap | None, window: str | None
) -> dict[str, str]:
    start, left_out = table.recall_start, 0 if mapping is None else len(mapping.leave_out)
    return {
        "NAME": name, "FILE": file.name.replace("\\", "/").replace('"', "'"),
        "WINDOW": window or _recall(table) or UNDATED,
        "RECALL": "" if start is None else f"    recall_start: {start.isoformat()}\n",
        "LEFT_OUT": "" if not left_out else f"    left_out: {left_out}\n",
    }  # fmt: skip


def _recall(table: SurveyTable) -> str:
    """Return first and last day of recall, or nothing where the file has no date."""
    start: date | None = table.recall_start
    ends = [c for c in ("interview_day", "end_day") if c in table.columns]
    if start is None or not ends:
        return ""
    last = float(table.frame[ends[0]].max())
    return f"{start.isoformat()}/{(start + timedelta(days=max(0, int(last)))).isoformat()}"
