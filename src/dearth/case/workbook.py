"""A sheet of a workbook (.xlsx) as the text of a table, or refused where its cells do not form one.

A table has one header row, the first of the sheet, and one row a record. Rows keep their numbers: the text
has a line for each row of the sheet, so that a mistake is named by the row that the user sees.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from dearth.case.problems import CaseError, Problem, mistake, name_hint
from dearth.numerics.optional_packages import needed

ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # first bytes of .xlsx, and of .xls and protected workbooks
MOST_UNPACKED = 400_000_000  # bytes of the unpacked workbook: some millions of cells
SHOWN = 8  # cells or ranges named in one message
_DECIMAL_COMMA = re.compile(r"\s*-?\d+,\d+\s*", re.ASCII)
_ERROR = re.compile(r"#(REF|N/A|VALUE|DIV/0|NAME|NUM|NULL|SPILL|CALC)[!?]?")


@dataclass(frozen=True)
class Sheet:
    """A sheet as text: fields apart by `separator`, one line a row.

    Attributes
    ----------
    title : of the sheet
    rows : rows below the header, empty ones with them
    """

    title: str
    text: str
    rows: int


def is_workbook(data: bytes) -> bool:
    """Return whether a file begins as a workbook does, new or old."""
    return data[:4] in (ZIP, OLD)


def read_sheet(data: bytes, name: str, wanted: str = "") -> Sheet:
    """Return a sheet of a workbook as text.

    Numbers have a decimal point, dates are written year-month-day, yes and no are 1 and 0. Text is not
    changed, but for line breaks in a cell, which become spaces. Fields are apart by commas, or by semicolons
    where a cell of text has a decimal comma.

    Parameters
    ----------
    wanted : title of the sheet; empty for the only visible one that is not empty

    Raises
    ------
    CaseError
        No workbook; none or several sheets to choose from; a title above the header, merged cells, formulas
        without a stored value, or cells with an error: every one of them.
    """
    openpyxl = _package(name)
    _refuse_other_files(data, name)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
        stored = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # the package raises what the broken part raises
        raise mistake(name, f"cannot be read as a workbook ({error}); save it again as .xlsx, or as CSV "
                            "in UTF-8") from None  # fmt: skip
    sheet = _chosen(book, name, wanted)
    where = f"{name}, sheet '{sheet.title}'"
    problems = [*_merged(sheet, where), *_formulas(sheet, stored[sheet.title], where)]
    rows = _trimmed([list(row) for row in stored[sheet.title].iter_rows(values_only=True)])
    problems += _cells(rows, where)
    if not problems:
        problems += _header(rows, where)
    if problems:
        raise CaseError(problems)
    return Sheet(sheet.title, _text(rows), len(rows) - 1)


def _package(name: str) -> Any:
    try:
        return needed("openpyxl")
    except ImportError as error:
        raise mistake(name, f"is a workbook, and {error}; or save its sheet as CSV in UTF-8") from None


def _refuse_other_files(data: bytes, name: str) -> None:
    if data[:4] == OLD:
        raise mistake(name, "is an old workbook (.xls) or has a password; save it as .xlsx without a "
                            "password, or its sheet as CSV in UTF-8")  # fmt: skip
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        raise mistake(name, "is a broken workbook or zip file; download or save it again") from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise mistake(name, "is a zip file or a workbook of another kind (.ods); save it as .xlsx, or "
                            "its sheet as CSV in UTF-8")  # fmt: skip
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED:
        raise mistake(name, f"holds {size:,} bytes unpacked; at most {MOST_UNPACKED:,} are read from a "
                            "workbook. Save its sheet as CSV in UTF-8")  # fmt: skip


def _chosen(book: Any, name: str, wanted: str) -> Any:
    titles = [sheet.title for sheet in book.worksheets]
    if wanted:
        if wanted not in titles:
            raise mistake(name, f"has no sheet '{wanted}'{name_hint(wanted, titles, 'sheet')}")
        return book[wanted]
    full = [
        sheet for sheet in book.worksheets if sheet.sheet_state == "visible"
        and any(cell.value is not None for row in sheet.iter_rows() for cell in row)
    ]  # fmt: skip
    if len(full) == 1:
        return full[0]
    if not full:
        raise mistake(name, "has no visible sheet with a cell that is filled in")
    raise mistake(name, f"has {len(full)} sheets, {', '.join(repr(sheet.title) for sheet in full)}; with "
                        "dearth new say which one by --sheet, else save the sheet of the table as CSV in "
                        "UTF-8")  # fmt: skip


def _merged(sheet: Any, where: str) -> Iterator[Problem]:
    ranges = sorted((one.min_row, str(one)) for one in sheet.merged_cells.ranges)
    for kind, found, remedy in (
        ("the header", [text for row, text in ranges if row == 1],
         "write one row with one name a column and remove the other rows above the records"),
        ("the rows", [text for row, text in ranges if row > 1], "take them apart and fill in each cell"),
    ):  # fmt: skip
        if found:
            first = min(row for row, text in ranges if text in found)
            yield Problem(where, f"has merged cells in {kind}: {_list(found)}; {remedy}", first)


def _formulas(sheet: Any, stored: Any, where: str) -> Iterator[Problem]:
    formulas = {
        (cell.row, cell.column): cell.coordinate
        for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    }  # fmt: skip
    if not formulas:
        return
    empty = [
        formulas[r, c]
        for r, row in enumerate(stored.iter_rows(values_only=True), 1) for c, value in enumerate(row, 1)
        if value is None and (r, c) in formulas
    ]  # fmt: skip
    if empty:
        yield Problem(where, f"has formulas without a stored value: {_list(empty)}; open and save the "
                             "file in the program that made it, or paste the values")  # fmt: skip


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows without the empty rows below and the empty columns beside the table."""
    while rows and not any(_filled(value) for value in rows[-1]):
        rows.pop()
    width = max((at + 1 for row in rows for at, value in enumerate(row) if _filled(value)), default=0)
    return [[*row[:width], *[None] * (width - len(row))] for row in rows]


def _filled(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _cells(rows: list[list[Any]], where: str) -> Iterator[Problem]:
    column = needed("openpyxl").utils.get_column_letter
    wrong = [
        f"{column(c)}{r} ({value})" for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1)
        if isinstance(value, str) and _ERROR.fullmatch(value)
    ]  # fmt: skip
    if wrong:
        yield Problem(where, f"has cells with an error: {_list(wrong)}; correct or empty them")


def _header(rows: list[list[Any]], where: str) -> Iterator[Problem]:
    """Refuse a header that is no row of names: a title above the table, or columns without a name."""
    if len(rows) < 2:
        yield Problem(where, "has no rows below a header; its first row names the columns", 1)
        return
    named = sum(map(_filled, rows[0]))
    widest = max(sum(map(_filled, row)) for row in rows)
    if named <= 1 < widest or not named:
        title = next((str(value) for value in rows[0] if _filled(value)), "")
        above = next(at for at, row in enumerate(rows) if sum(map(_filled, row)) > 1)
        what = f"holds a title ('{title}')" if title else "is empty"
        which = "row 1" if above == 1 else f"rows 1 to {above}"
        yield Problem(where, f"the first row {what} and does not name the columns; remove {which}, so "
                             "that the names of the columns stand first", 1)  # fmt: skip
        return
    column = needed("openpyxl").utils.get_column_letter
    nameless = [
        column(c) for c, value in enumerate(rows[0], 1)
        if not _filled(value) and any(_filled(row[c - 1]) for row in rows[1:])
    ]  # fmt: skip
    if nameless:
        yield Problem(where, f"the columns {_list(nameless)} have cells and no name; a second row of "
                             "names is not read: write one row of names", 1)  # fmt: skip


def _text(rows: list[list[Any]]) -> str:
    comma = any(isinstance(value, str) and _DECIMAL_COMMA.fullmatch(value) for row in rows for value in row)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> str:
    """Return a cell as text that the readers of tables understand."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return re.sub(r"[\r\n]+", " ", str(value))


def _list(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
