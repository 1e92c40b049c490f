"""CSV files read row by row, every mistake with its file, line and column."""

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path

from dearth.case.hxl import is_tags
from dearth.case.number_format import read_numbers
from dearth.case.problems import CaseError, Problem, did_you_mean, mistake
from dearth.case.table_text import (
    FREE_TEXT,
    SEPARATORS,
    plain_digits,
    read_table_text,
    separator_of,
)

MAX_BYTES = 64_000_000
MAX_ROWS = 250_000  # evidence is yearly figures; more rows are micro-data and belong elsewhere
MAX_PROBLEMS = 50  # a broken column would otherwise drown the first cause
NUMBERS = ("value", "low", "central", "high", "births_lost", "pop1", "pop2", "deaths", "migrants",
           "women", "children_born", "children_dead", "asked", "alive", "reached_15", "persons",
           "rate", "person_days", "population", "arrivals", "departures", "quality")  # fmt: skip
DIGITS = (*NUMBERS, "year", "start", "end", "age_from", "age_to", "age_start", "date1", "date2")

_PLAIN = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$", re.ASCII)
_GROUPED = re.compile(r"^[+-]?\d{1,3}([, '\u00a0\u202f]\d{3})+(\.\d+)?$", re.ASCII)
_COMMA = re.compile(r"^[+-]?\d+,\d+$", re.ASCII)
_EITHER = re.compile(r"^[+-]?\d{1,3},\d{3}$", re.ASCII)  # thousands in one language, decimals in another

Numbered = tuple[int, dict[str, str]]


def read_rows(
    path: Path,
    name: str,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    notices: list[Problem],
) -> Iterator[Numbered]:
    """Yield ``(line, row)`` of a CSV file; empty lines and a row of HXL tags are passed over.

    A spreadsheet's file (semicolons, decimal commas, UTF-16, digits of another script) is read where only one
    reading is possible.

    Parameters
    ----------
    notices
        Receives a warning that says how the file was read, where that is not as the format says.

    Raises
    ------
    CaseError
        Missing, unknown or repeated columns; a row with too many or too few fields; too many rows; figures
        with two interpretations.
    """
    told = read_table_text(path, name, MAX_BYTES)
    if told.text.count("\n") > MAX_ROWS + 1:
        raise mistake(name, f"holds more than {MAX_ROWS:,} rows; aggregate it to yearly figures")
    separator = separator_of(_first_line(told.text), required + optional)
    rows = list(_split(told.text, name, separator, required, optional))
    if not told.certain:
        _refuse_uncertain_letters(rows, name)
    said = [f"fields separated by {SEPARATORS[separator]}"] if separator != "," else []
    said += [f"encoding {told.encoding}"] if told.encoding else []
    said += _with_plain_digits(rows)
    said += _with_plain_numbers(rows, name, separator != ",")
    if said:
        message = f"the file is read as a spreadsheet saved it: {'; '.join(said)}. Check one row"
        notices.append(Problem(name, message, severity="warning", audience="maker"))
    yield from rows


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if not _names_separator(line)), "")


def _names_separator(line: str) -> bool:
    """Whether a line is the one by which a spreadsheet names its separator: ``sep=;``."""
    return re.fullmatch(r"\"?sep=.\"?", line.strip()) is not None


def _split(
    text: str, name: str, separator: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[Numbered]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        header = next(reader, [])
        if _names_separator(separator.join(header)):
            header = next(reader, [])
        header = [column.strip() for column in header]
        _check_header(header, name, required, optional)
        for row in reader:
            if not any(cell.strip() for cell in row) or is_tags(row):
                continue
            if len(row) != len(header):
                raise mistake(
                    name,
                    f"has {len(row)} fields where the header has {len(header)}; "
                    "quote text that holds a comma",
                    reader.line_num,
                )
            yield reader.line_num, dict(zip(header, (cell.strip() for cell in row), strict=True))
    except csv.Error as error:
        raise mistake(name, f"is not valid CSV: {error}", reader.line_num) from None


def _refuse_uncertain_letters(rows: list[Numbered], name: str) -> None:
    """Refuse letters that another encoding would read otherwise, where the cell is compared with others."""
    for line, row in rows:
        for column, cell in row.items():
            if column not in FREE_TEXT and not cell.replace("\u00a0", " ").isascii():
                raise mistake(name, f"'{cell}' is not UTF-8, and the encoding of the file is not known; save "
                              "the file as UTF-8", line, column)  # fmt: skip


def _with_plain_digits(rows: list[Numbered]) -> list[str]:
    """Replace digits of other scripts in `rows`; return what to say of it."""
    changed = []
    for line, row in rows:
        for column in DIGITS:
            cell = row.get(column, "")
            plain = plain_digits(cell)
            if plain != cell:
                row[column] = plain
                if any(letter.isdecimal() and not letter.isascii() for letter in cell):
                    changed.append((line, cell, plain))
    if not changed:
        return []
    line, cell, plain = changed[0]
    return [f"digits of another script ('{cell}' in line {line} is {plain}; {len(changed)} cell(s))"]


def _with_plain_numbers(rows: list[Numbered], name: str, spreadsheet: bool) -> list[str]:
    """Replace decimal commas and separators of thousands in `rows`; return what to say of it."""
    cells = [(line, column, row) for line, row in rows for column in NUMBERS if row.get(column)]
    reading = read_numbers((row[column] for _, column, row in cells), spreadsheet)
    wrong = [
        Problem(name, _two_readings(row[column], *reading.ambiguous[row[column]]), line, column)
        for line, column, row in cells
        if row[column] in reading.ambiguous
    ]
    if wrong:
        raise CaseError(wrong[:MAX_PROBLEMS])
    changed = [(line, row[column]) for line, column, row in cells if row[column] in reading.plain]
    for _, column, row in cells:
        row[column] = reading.plain.get(row[column], row[column])
    if not changed:
        return []
    line, text = changed[0]
    shown = f"'{text}' in line {line} is {reading.plain[text]}"
    return [f"figures with separators ({shown}; {len(changed)} cell(s))"]


def _two_readings(text: str, one: str, other: str) -> str:
    return (
        f"'{text}' is {one} in one language and {other} in another; write it without a separator of "
        "thousands, and with a point for decimals"
    )


def _check_header(header: list[str], name: str, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    if not header:
        raise mistake(name, f"is empty; the first line names the columns: {', '.join(required)}", 1)
    for column in header:
        if column not in required + optional:
            hint = did_you_mean(column, required + optional)
            raise mistake(name, f"unknown column '{column}'{hint}", 1, column)
        if header.count(column) > 1:
            raise mistake(name, f"the column '{column}' occurs twice", 1, column)
    missing = [column for column in required if column not in header]
    if missing:
        raise mistake(name, f"missing columns: {', '.join(missing)}", 1)


def number(text: str, name: str, line: int, field: str) -> float | Problem:
    """Return `text` as a finite float, or the problem that names what is wrong with it."""
    if _PLAIN.match(text):
        value = float(text)
        if math.isfinite(value):
            return value
    if text == "":
        message = "is empty; leave the row out where nothing is known"
    elif _EITHER.match(text):
        message = _two_readings(text, text.replace(",", ""), text.replace(",", "."))
    elif _GROUPED.match(text):
        plain = re.sub(r"[^\d.+-]", "", text)
        message = f"'{text}' has thousands separators; write {plain}"
    elif _COMMA.match(text):
        message = f"'{text}' has a decimal comma; write {text.replace(',', '.')}"
    else:
        message = f"'{text}' is not a number; write a plain number such as 1234.5"
    return Problem(name, message, line, field)
