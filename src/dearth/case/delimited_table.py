"""A delimited text file of another program, read as rows of text: gzip, encodings, separators, numbers."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dearth.case.hxl import is_tags
from dearth.case.number_format import Reading, read_numbers
from dearth.case.problems import CaseError, Problem, mistake
from dearth.case.table_bytes import table_bytes
from dearth.case.table_text import SEPARATORS, decoded, plain_digits

MAX_BYTES = 256_000_000
MAX_PROBLEMS = 50
MISSING = frozenset(("", "NA", "NaN", "nan", ".", "null"))


@dataclass(frozen=True)
class DelimitedTable:
    """The header and the rows of a file, cells as text without spaces around them.

    Attributes
    ----------
    rows : line number, counted from 1, and cells by column
    notes : how the file was read where that is not as plain CSV in UTF-8
    certain : whether every letter is known; False for a file that may be in any encoding of one byte a letter
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    separator: str
    notes: tuple[str, ...]
    certain: bool

    def has(self, *columns: str) -> bool:
        """Return whether the header has all of the columns."""
        return set(columns) <= set(self.header)


def read_delimited(path: Path) -> DelimitedTable:
    """Read a file with commas, semicolons or tabs between its fields.

    Lines that begin with # are notes; a row of HXL tags is passed over.

    Raises
    ------
    CaseError
        A file that cannot be read, of an unknown encoding, without rows, or with a row of another length.
    """
    name = path.name
    data = table_bytes(path, name, MAX_BYTES)
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise mistake(name, "is a broken gzip file; download it again") from None
    found = decoded(data, name)
    lines = found.text.splitlines(keepends=True)
    skipped = 0
    while skipped < len(lines) and (not lines[skipped].strip() or lines[skipped].startswith(("#", "sep="))):
        skipped += 1
    if skipped == len(lines):
        raise mistake(name, "holds no rows")
    separator = max(SEPARATORS, key=lines[skipped].count)
    notes = [f"fields separated by {SEPARATORS[separator]}"] if separator != "," else []
    notes += [f"encoding {found.encoding}"] if found.encoding else []
    header, rows = _split("".join(lines[skipped:]), name, separator, skipped)
    return DelimitedTable(name, header, tuple(rows), separator, tuple(notes), found.certain)


def _split(
    text: str, name: str, separator: str, skipped: int
) -> tuple[tuple[str, ...], list[tuple[int, Mapping[str, str]]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, Mapping[str, str]]] = []
    try:
        header = tuple(cell.strip() for cell in next(reader))
        for cells in reader:
            line = reader.line_num + skipped
            if not any(cell.strip() for cell in cells) or is_tags(cells):
                continue
            if len(cells) != len(header):
                raise mistake(name, f"has {len(cells)} fields where the header has {len(header)}; the line "
                              "is cut short or a text holds the separator", line)  # fmt: skip
            rows.append((line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        raise mistake(name, f"is not valid CSV: {error}", reader.line_num + skipped) from None
    return header, rows


def numbers_of(
    table: DelimitedTable,
    columns: Iterable[str],
    wanted: Callable[[Mapping[str, str]], bool] = lambda row: True,
) -> tuple[dict[tuple[int, str], float | None], tuple[str, ...]]:
    """Return the figures of some columns by line and column, None where missing, and what to say of them.

    Every figure of the columns decides how numbers are written; those of the `wanted` rows are returned.

    Raises
    ------
    CaseError
        Cells that are no number, are negative, or have two interpretations.
    """
    columns = tuple(columns)
    cells = dict.fromkeys(row[column] for _, row in table.rows for column in columns)
    texts = {cell: plain_digits(cell) for cell in cells}
    reading = read_numbers((t for t in texts.values() if t not in MISSING), table.separator != ",")
    found: dict[tuple[int, str], float | None] = {}
    problems = []
    for line, row in table.rows:
        for column in columns if wanted(row) else ():
            text = texts[row[column]]
            value = None if text in MISSING else _figure(text, reading)
            if isinstance(value, str):
                problems.append(Problem(table.name, value, line, column))
            else:
                found[line, column] = value
    if problems:
        raise CaseError(problems[:MAX_PROBLEMS])
    changed = [text for text in texts.values() if text in reading.plain]
    notes = (
        (f"figures with separators ('{changed[0]}' is {reading.plain[changed[0]]}; {len(changed)} cell(s))",)
        if changed
        else ()
    )
    return found, notes


def _figure(text: str, reading: Reading) -> float | str:
    """Return a number of deaths, or what is wrong with it."""
    if text in reading.ambiguous:
        one, other = reading.ambiguous[text]
        return f"'{text}' is {one} in one language and {other} in another; save it with a point for decimals"
    try:
        value = float(reading.plain.get(text, text))
    except ValueError:
        value = float("nan")
    if 0 <= value < float("inf"):
        return value
    return f"'{text}' is no number of deaths; it is 0 or more, and an empty cell where it is not known"


def whole_number(text: str, table: DelimitedTable, line: int, column: str) -> int:
    """Return a cell as a whole number.

    Raises
    ------
    CaseError
        When it is none.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    plain = plain_digits(text).removesuffix(".0")
    if plain.isascii() and plain.isdigit():
        return int(plain)
    raise mistake(table.name, f"'{text}' is no whole number", line, column)
