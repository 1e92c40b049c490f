"""UN World Population Prospects, bulk CSV of demographic indicators (counts in thousands)."""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from dearth.case.downloaded_files import open_text
from dearth.case.problems import mistake, name_hint

INDICATORS = (
    "TPopulation1Jan", "TPopulation1July", "Births", "Deaths", "CBR", "CDR", "TFR",
    "NetMigrations", "IMR",
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
REQUIRED = ("Location", "Time", "Births", "Deaths")
FIRST_REVISION = 2022  # of the files with single years
VARIANTS = ("Medium", "Estimates", "")  # estimates of the past carry the name of the medium variant


def read_wpp(path: Path, location: str) -> dict[str, dict[int, float]]:
    """Return the indicators of `location` by name and year, as in the file (thousands, per 1000).

    The file is read line by line: it holds hundreds of thousands.

    Raises
    ------
    CaseError
        Columns that are missing, a location or variant the file does not hold, a year given twice
        with differing figures, a cell that is no number, a line cut short.
    """
    found: dict[str, dict[int, float]] = {}
    variants: dict[str, set[str]] = {}
    with open_text(path) as file:
        for line, row in _rows(file, path.name):
            variants.setdefault(row["Location"], set()).add(row.get("Variant", ""))
            if row["Location"] != location or row.get("Variant", "") not in VARIANTS:
                continue
            for name in INDICATORS:
                if not row.get(name):
                    continue
                year, value = _cell(row, name, path.name, line)
                if found.setdefault(name, {}).setdefault(year, value) != value:
                    raise mistake(path.name, f"gives '{location}' twice for {year}, differing; "
                                  "delete the rows of all LocIDs but one", line, name)  # fmt: skip
    if location not in variants:
        raise mistake(path.name, f"has no '{location}'{name_hint(location, sorted(variants), 'place')}")
    if not found:
        others = ", ".join(sorted(variants[location] - set(VARIANTS)))
        reason = f"only as {others}; take the file of the medium variant" if others else "without figures"
        raise mistake(path.name, f"holds '{location}' {reason}", field="Variant")
    return found


def _rows(file: TextIO, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give line number and cells; refuse another layout and lines cut short."""
    reader = csv.DictReader(file)
    try:
        header = reader.fieldnames or []
        missing = [column for column in REQUIRED if column not in header]
        if missing:
            raise mistake(name, _another_layout(header, missing), 1)
        for row in reader:
            if None in row.values() or None in row:
                raise mistake(name, f"the line does not have {len(header)} fields; download the file "
                              "again", reader.line_num)  # fmt: skip
            yield reader.line_num, row
    except csv.Error as error:
        raise mistake(name, f"is not valid CSV: {error}", reader.line_num) from None


def _another_layout(header: Sequence[str], missing: list[str]) -> str:
    """Return what a file without the columns is: of another separator, of another kind, or a part."""
    take = "take the CSV file of demographic indicators (WPP2022 or later)"
    if len(header) <= 1 and any(sign in "".join(header) for sign in ";\t"):
        return f"its fields are separated by semicolons or tabs; {take} as it was downloaded"
    if len(missing) == len(REQUIRED):
        first = ",".join(header)[:60]
        return f"is no file of World Population Prospects: its first line is '{first}'; {take}"
    return f"has no column {', '.join(missing)}; {take}"


def _cell(row: dict[str, str], name: str, file: str, line: int) -> tuple[int, float]:
    year = int(row["Time"]) if row["Time"].isascii() and row["Time"].strip().isdigit() else None
    if year is None:
        raise mistake(file, f"'{row['Time']}' is no single year; take the yearly file (WPP2022 or "
                      "later)", line, "Time")  # fmt: skip
    value = float(row[name]) if _NUMBER.fullmatch(row[name].strip()) else math.nan
    if not math.isfinite(value):
        raise mistake(file, f"'{row[name]}' is no number", line, name)
    return year, value


def first_projected(file: str) -> int:
    """Return the first year that a file of World Population Prospects projects.

    A revision estimates the years before its own and projects its own year and later ones; a file whose name
    does not give the revision is taken to be of the earliest.
    """
    match = re.search(r"WPP(\d{4})", file, re.IGNORECASE)
    return int(match[1]) if match else FIRST_REVISION
