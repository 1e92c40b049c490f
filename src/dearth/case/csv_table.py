"""CSV files read row by row, every mistake with its file, line and column."""

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path

from dearth.case.problems import Problem, did_you_mean, mistake
from dearth.case.yamlfile import read_text

MAX_BYTES = 64_000_000
MAX_ROWS = 250_000  # evidence is yearly figures; more rows are micro-data and belong elsewhere
MAX_PROBLEMS = 50  # a broken column would otherwise drown the first cause

_PLAIN = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}([, '\u00a0\u202f]\d{3})+(\.\d+)?$")
_COMMA = re.compile(r"^[+-]?\d+,\d+$")


def read_rows(
    path: Path, name: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield ``(line, row)`` of a CSV file; empty lines are passed over.

    Raises
    ------
    CaseError
        Missing, unknown or repeated columns; a row with too many or too few fields; too many rows.
    """
    text = read_text(path, name, MAX_BYTES)
    if text.count("\n") > MAX_ROWS + 1:
        raise mistake(name, f"holds more than {MAX_ROWS:,} rows; aggregate it to yearly figures")
    if "\x00" in text:
        raise mistake(name, "holds null bytes: not a text file; export it as CSV in UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader, [])]
        _check_header(header, name, required, optional)
        for row in reader:
            if not any(cell.strip() for cell in row):
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


def _check_header(header: list[str], name: str, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    if not header:
        raise mistake(name, f"is empty; the first line names the columns: {', '.join(required)}", 1)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise mistake(name, "fields are separated by ';' or tabs; save it comma-separated", 1)
    for column in header:
        if column not in required + optional:
            hint = did_you_mean(column, required + optional)
            raise mistake(name, f"unknown column '{column}'{hint}", 1, column)
        if header.count(column) > 1:
            raise mistake(name, f"the column '{column}' stands twice", 1, column)
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
    elif _GROUPED.match(text):
        plain = re.sub(r"[^\d.+-]", "", text)
        message = f"'{text}' has thousands separators; write {plain}"
    elif _COMMA.match(text):
        message = f"'{text}' has a decimal comma; write {text.replace(',', '.')}"
    else:
        message = f"'{text}' is not a number; write a plain number such as 1234.5"
    return Problem(name, message, line, field)
