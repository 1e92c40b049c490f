"""The columns of tables of small areas, the names that other tables give them, and how they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from dearth.case.delimited_table import MISSING, DelimitedTable, read_delimited
from dearth.case.periods import parse_date
from dearth.case.problems import CaseError, Problem, mistake
from dearth.case.scaffold import Cells
from dearth.case.table_text import plain_digits

PLACE = (
    "place",
    "district",
    "admin2_name",
    "admin2",
    "adm2_name",
    "area_name",
    "geographic_unit_name",
    "county",
)
START = ("start", "start_date", "recall_start", "month", "date", "day")
END = ("end", "end_date", "recall_end", "date_end", "survey_date")
# columns of each table, each with the names under which it is found; the first is ours
SURVEYS = {
    "place": PLACE, "start": START, "end": END,
    "rate": ("rate", "report_cdr_est", "cdr", "crude_death_rate", "cdr_est"),
    "low": ("low", "report_cdr_lci", "cdr_lci", "cdr_low", "lci"),
    "high": ("high", "report_cdr_uci", "cdr_uci", "cdr_high", "uci"),
    "deaths": ("deaths", "report_deaths"), "person_days": ("person_days", "person_time"),
    "group": ("group", "population_group"), "quality": ("quality", "quality_score"),
}  # fmt: skip
PEOPLE = {
    "place": PLACE, "start": START, "population": ("population", "pop", "people", "persons"),
    "estimate": ("estimate",), "group": ("group", "population_group"),
}  # fmt: skip
PREDICTORS = {
    "place": PLACE, "start": START, "end": END, "variable": ("variable", "indicator"), "value": ("value",),
}  # fmt: skip
MOVES = {
    "place": PLACE, "start": START, "end": END, "arrivals": ("arrivals",), "departures": ("departures",),
    "group": ("group", "population_group"),
}  # fmt: skip
RECALL, YEAR, MONTH = "recall_days", "year", "month"
FIGURES = ("rate", "value")  # a row without one says nothing
WORDS = ("place", "group", "estimate", "variable")
NEEDED = ("place", "rate", "population", "value", "arrivals", "departures")  # of the tables that have them


@dataclass(frozen=True)
class TakenOver:
    """A table with our columns.

    Attributes
    ----------
    left_out : columns of the file that were not taken over
    separator : of the file; it says how figures are written
    without : lines without the figure of the table (a rate, a value of a predictor), which were left out
    """

    columns: tuple[str, ...]
    rows: list[Cells]
    separator: str
    left_out: tuple[str, ...]
    without: tuple[int, ...] = ()


def taken_over(path: Path, columns: Mapping[str, tuple[str, ...]], start: str = "") -> TakenOver:
    """Return a table with our columns, whatever of the known names the file gives them.

    Dates may stand as `year` and `month`, and the start of recall as `recall_days` before the end. Where a
    table of predictors has no `variable`, each further column of figures is a predictor.

    Parameters
    ----------
    start : day of rows whose file has no column of days; empty where every row needs its own

    Raises
    ------
    CaseError
        A file that is no table, or lacks a column that is needed.
    """
    table = read_delimited(path)
    named = {ours: next((one for one in names if table.has(one)), "") for ours, names in columns.items()}
    dating = _dating(table, named, start)
    if dating.uses == (YEAR, MONTH):
        named["start"] = ""
    used = {*filter(None, named.values()), *dating.uses}
    rows: list[tuple[Mapping[str, str], Cells]] = []
    problems: list[Problem] = []
    without: list[int] = []
    for line, row in table.rows:
        cells = _cells(named, row)
        if any(cells.get(figure) == "" for figure in FIGURES):
            without.append(line)
            continue
        try:
            cells["start"] = dating.start(row)
        except ValueError as error:
            problems.append(Problem(table.name, str(error), line, dating.uses[-1]))
        rows.append((row, cells))
    if problems:
        raise CaseError(problems[:50])
    if "variable" in columns and not named["variable"]:
        return _long(table, rows, used, columns)
    for ours in NEEDED:
        if ours in columns and not named[ours]:
            raise _lacking(table, ours, columns[ours])
    present = tuple(ours for ours in columns if named[ours] or ours == "start")
    left_out = tuple(name for name in table.header if name not in used)
    return TakenOver(present, [cells for _, cells in rows], table.separator, left_out, tuple(without))


def _cells(named: Mapping[str, str], row: Mapping[str, str]) -> Cells:
    """Return the cells of a row under our names; figures that are not known are empty."""
    found = {ours: row[name] for ours, name in named.items() if name}
    return {ours: "" if cell in MISSING and ours not in WORDS else cell for ours, cell in found.items()}


@dataclass(frozen=True)
class _Dating:
    """Where the start of a row stands: in columns that are used, or a day for all rows."""

    uses: tuple[str, ...]
    end: str
    day: str

    def start(self, row: Mapping[str, str]) -> str:
        """Return the start of a row, a day or a month.

        Raises
        ------
        ValueError
            When year and month, or days and end, are none.
        """
        if self.uses == (YEAR, MONTH):
            return _month(row[YEAR], row[MONTH])
        if self.uses == (RECALL,):
            days = float(plain_digits(row[RECALL]))
            return (parse_date(row[self.end]) - timedelta(days=days - 1)).isoformat()
        return row[self.uses[0]] if self.uses else self.day


def _dating(table: DelimitedTable, named: Mapping[str, str], day: str) -> _Dating:
    """Return where the start of a row stands; refuse a table that does not say it."""
    end = named.get("end", "")
    if table.has(YEAR, MONTH) and named["start"] in ("", MONTH):
        return _Dating((YEAR, MONTH), end, "")
    if named["start"]:
        return _Dating((named["start"],), end, "")
    if table.has(RECALL) and end:
        return _Dating((RECALL,), end, "")
    if not day:
        raise _lacking(table, "start", START)
    return _Dating((), end, day)


def _lacking(table: DelimitedTable, ours: str, names: tuple[str, ...]) -> CaseError:
    return mistake(
        table.name, f"lacks the column {ours}; it may also be called {', '.join(names[1:])}", 1, ours
    )


def _month(year: str, month: str) -> str:
    """Return ``2017-03`` for a year and a month.

    Raises
    ------
    ValueError
        When they are none.
    """
    text = f"{plain_digits(year)}-{plain_digits(month).zfill(2)}"
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII):
        raise ValueError(f"'{year}' and '{month}' are no year and month, such as 2017 and 3")
    return text


def _long(
    table: DelimitedTable, rows: list[tuple[Mapping[str, str], Cells]], used: set[str],
    columns: Mapping[str, tuple[str, ...]],
) -> TakenOver:  # fmt: skip
    """Return a table with a predictor a column as one with a row a predictor; empty cells are left out."""
    if not any(name in used for name in columns["place"]):
        raise _lacking(table, "place", columns["place"])
    others = [name for name in table.header if name and name not in used]
    numeric = [name for name in others if any(row[name] for row, _ in rows)
               and all(_is_number(row[name]) for row, _ in rows if row[name])]  # fmt: skip
    if not numeric:
        raise mistake(table.name, "has no column of figures beside the place and the month", 1)
    made: list[Cells] = [
        {**cells, "variable": name, "value": row[name]}
        for name in numeric
        for row, cells in rows
        if row[name]
    ]
    present = ("place", "start", *(["end"] if any("end" in cells for _, cells in rows[:1]) else []))
    left_out = tuple(name for name in others if name not in numeric)
    return TakenOver((*present, "variable", "value"), made, table.separator, left_out)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d*[.,]?\d+([eE][+-]?\d+)?", plain_digits(text)) is not None
