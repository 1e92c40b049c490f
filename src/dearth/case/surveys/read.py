"""Read a table of persons: columns by their own names, or by a map that the user has confirmed."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

from dearth.case.hxl import is_tags
from dearth.case.problems import CaseError, Problem, mistake
from dearth.case.surveys.column_map import STRPTIME, ColumnMap, DateFormat
from dearth.case.surveys.columns import COLUMNS, DATED, identifiers, needed_missing, own_name
from dearth.case.surveys.contradictions import contradictions, notices
from dearth.case.surveys.people_in_columns import person_rows
from dearth.case.surveys.table import Frame, SurveyTable, found_at
from dearth.case.surveys.values import Values
from dearth.case.table_bytes import table_bytes, workbook_at
from dearth.numerics.optional_packages import needed

SEPARATORS = (",", ";", "\t")
MOST_BYTES = 100_000_000  # of a workbook
LOOKED_AT = 500  # rows in which dates are looked for


def header(path: Path) -> tuple[list[str], str]:
    """Return the columns of a CSV file and what separates them.

    Raises
    ------
    CaseError
        When the file cannot be read, is a workbook without one sheet of a table, or its header repeats a
        name.
    """
    sheet = _sheet(path, path.name)
    try:
        with path.open(encoding="utf-8-sig", newline="") if sheet is None else StringIO(sheet) as file:
            line = file.readline()
    except UnicodeDecodeError as error:
        raise mistake(path.name, f"is not UTF-8 text ({error.reason}); save it as CSV (UTF-8)") from None
    except OSError as error:
        raise mistake(str(path), f"cannot be read ({error.strerror}); check the name") from None
    separator = max(SEPARATORS, key=line.count)
    cells = next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])
    names = [cell.strip() for cell in cells]
    double = sorted({name for name in names if name and names.count(name) > 1})
    if double:
        raise mistake(path.name, f"the column '{double[0]}' occurs twice; rename one", 1)
    if not any(names):
        raise mistake(path.name, "has no header; its first line must name the columns", 1)
    return names, separator


def _sheet(path: Path, name: str) -> str | None:
    """Return the only sheet of a workbook as text, None for a file that is none."""
    return table_bytes(path, name, MOST_BYTES).decode() if workbook_at(path) else None


def needs_map(names: list[str]) -> bool:
    """Return whether a file's columns are not those of a table of persons."""
    return any(own_name(name) is None for name in names) or bool(needed_missing(map(_mine, names)))


def _mine(name: str) -> str:
    return own_name(name) or name


def _key(name: str) -> str:
    """Return the key of a map for a column that needs none: dates stay dates."""
    return name if name in DATED else _mine(name)


def refuse_identifiers(path: Path, names: list[str], allow: bool) -> None:
    """Refuse columns that identify persons or spots; allowed ones are passed over and never copied.

    Raises
    ------
    CaseError
        With every such column.
    """
    found = [] if allow else identifiers(names)
    if found:
        raise CaseError(Problem(
            path.name, f"the columns {', '.join(map(repr, found))} may identify persons or their homes; "
            "remove them from the file, or give --allow-identifiers: they are then never copied", 1,
        ))  # fmt: skip


def read_survey(path: Path, name: str, mapping: ColumnMap | None = None) -> SurveyTable:
    """Read a table of persons.

    Parameters
    ----------
    name : the file as messages name it
    mapping : what its columns mean; None, or a map without columns, where they have the names of
        `columns.COLUMNS`

    Raises
    ------
    CaseError
        With every mistake of every row at once: its column, its lines, what is allowed.
    """
    names, separator = header(path)
    own = {_key(one): one for one in names if own_name(one)}
    chosen = mapping or ColumnMap()
    if not chosen.columns:
        chosen = chosen.model_copy(update={"columns": own})
    text = _text(path, name, separator)
    if chosen.layout == "people_in_columns":
        text, chosen = person_rows(text, chosen, name)
    absent = [f"'{theirs}'" for theirs in chosen.columns.values() if theirs not in text.columns]
    if absent:
        raise mistake(name, f"the map names columns that the file lacks: {', '.join(absent)}", 1)
    lacking = needed_missing(DATED.get(one, one) for one in chosen.columns)
    if chosen.recall_days:
        lacking = [one for one in lacking if not one.startswith("'interview_day'")]
    if lacking:
        raise CaseError([Problem(name, f"lacks the column {one}", 1) for one in lacking])
    return _typed(text, name, chosen, strict=mapping is None or not mapping.columns, comma=separator == ";")


def _typed(text: Frame, name: str, chosen: ColumnMap, *, strict: bool, comma: bool) -> SurveyTable:
    values = Values(text, name, chosen, strict=strict, comma=comma)
    frame = values.frame()
    left_out = [line for line in chosen.leave_out if line in set(frame["line"].to_list())]
    frame = frame.filter(~_in(frame, left_out)) if left_out else frame
    problems = [*values.problems(left_out), *contradictions(frame, name)]
    if problems:
        raise CaseError([*problems, Problem(
            name, "correct these rows, or name their lines under leave_out of a map of columns (--map): they "
            "are then left out, and the result says so",
        )])  # fmt: skip
    if frame.height == 0:
        raise mistake(name, "holds no person below its header", 1)
    said = [*values.notices, *notices(frame, name)]
    if left_out:
        said.append(found_at(name, "", f"{len(left_out)} of its lines left out, as the map says", left_out,
                             severity="warning"))  # fmt: skip
    order = [column.name for column in COLUMNS if column.name in frame.columns]
    return SurveyTable(frame.select("line", *order), values.recall_start, tuple(said))


def _in(frame: Frame, lines: list[int]) -> Any:
    return frame["line"].is_in(lines)


def _text(path: Path, name: str, separator: str) -> Frame:
    """Return the file as text, each row with its line, without a row of HXL tags."""
    polars = needed("polars")
    sheet = _sheet(path, name)
    source = path if sheet is None else sheet.encode()
    try:
        frame = polars.read_csv(source, separator=separator, infer_schema=False, encoding="utf8")
    except polars.exceptions.PolarsError as error:
        first = str(error).strip().split("\n")[0]
        raise mistake(name, f"is not a table: {first}; every row needs as many cells as the header, in "
                      "UTF-8") from None  # fmt: skip
    frame = frame.rename({column: column.strip() for column in frame.columns})
    frame = frame.with_row_index("line", offset=2).with_columns(polars.col("line").cast(polars.Int64))
    tags = frame.height > 0 and is_tags(frame.drop("line").row(0))
    return frame.slice(1) if tags else frame


def dates_of(path: Path, names: list[str]) -> dict[str, DateFormat]:
    """Return the columns whose cells are dates in the first rows, each with how they seem to be written.

    A form is given where one alone reads every cell; where both orders of day and month do, day first.
    """
    text = _text(path, path.name, header(path)[1]).head(LOOKED_AT)
    found: dict[str, DateFormat] = {}
    for name in names:
        cells = text[name].drop_nulls().str.strip_chars()
        for form, pattern in STRPTIME.items():
            cut = cells.str.slice(0, 10) if form == "yyyy-mm-dd" else cells
            if (
                len(cells)
                and name not in found
                and cut.str.to_date(pattern, strict=False).is_not_null().all()
            ):
                found[name] = form
    return found
