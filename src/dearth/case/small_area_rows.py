"""Rows of surveys, people, predictors and displacement by district, as files have them."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from dearth.case.csv_table import number, read_rows
from dearth.case.periods import Period, parse_date
from dearth.case.problems import CaseError, Problem, alike_together

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
Made = TypeVar("Made")


@dataclass(frozen=True)
class SurveyRow:
    """A survey of a district: deaths per 10,000 a day over its recall, with what it says of its error.

    Attributes
    ----------
    low, high : ends of its 95 % interval; None where not given
    deaths, person_days : of the sample; None where not given
    group : whom it asked where not all people of the district; else empty
    quality : 0 to 1; the variance of the survey is divided by it
    """

    place: str
    period: Period
    rate: float
    low: float | None
    high: float | None
    deaths: float | None
    person_days: float | None
    group: str
    quality: float
    line: int


@dataclass(frozen=True)
class PeopleRow:
    """People of a district on a day, by a named estimate.

    Attributes
    ----------
    group : empty for all people of the district; else the group of them that is meant, as displaced people
    """

    place: str
    day: date
    persons: float
    estimate: str
    line: int
    group: str = ""


@dataclass(frozen=True)
class PredictorRow:
    """A value of a predictor in a district; it holds for the months whose middle lies in the period."""

    place: str
    period: Period
    variable: str
    value: float
    line: int


@dataclass(frozen=True)
class MovesRow:
    """People who came to a district and who left it in a month; with a `group`, its people also."""

    place: str
    period: Period
    arrivals: float
    departures: float
    line: int
    group: str = ""


Row = tuple[int, dict[str, str]]


def surveys(path: Path, name: str, notices: list[Problem]) -> list[SurveyRow]:
    """Return the surveys of a file: columns place, start, end, rate, and those of `SurveyRow`.

    Raises
    ------
    CaseError
        Every mistake, with its line and column.
    """
    optional = ("low", "high", "deaths", "person_days", "group", "quality")
    rows = read_rows(path, name, ("place", "start", "end", "rate"), optional, notices)

    def made(cells: "_Cells") -> SurveyRow:
        low, high, deaths, time = (cells.maybe(one) for one in optional[:4])
        row = SurveyRow(
            cells.place, cells.period(), cells.value("rate"), low, high, deaths, time,
            cells.text("group"), cells.value("quality", 1.0), cells.line,
        )  # fmt: skip
        if not 0 < row.quality <= 1:
            cells.refuse("quality", "lies above 0 and up to 1")
        if (row.low is None) != (row.high is None):
            cells.refuse("low", "low and high go together")
        if row.low is not None and row.high is not None and not row.low <= row.rate <= row.high:
            cells.refuse("rate", "must lie between low and high")
        if not (row.rate > 0 and (row.low or row.deaths)) and not (
            row.deaths is not None and row.person_days
        ):
            cells.refuse(
                "rate", "needs low and high above 0, or deaths; a rate of 0 needs deaths and person_days"
            )
        return row

    return _all(rows, name, made)


def people(path: Path, name: str, notices: list[Problem]) -> list[PeopleRow]:
    """Return the people of a file: columns place, start, population; estimate, group.

    Raises
    ------
    CaseError
        Every mistake, with its line and column.
    """
    rows = read_rows(path, name, ("place", "population", "start"), ("estimate", "group"), notices)

    def made(cells: "_Cells") -> PeopleRow:
        return PeopleRow(
            cells.place, cells.day("start"), cells.value("population"), cells.text("estimate"), cells.line,
            cells.text("group"),
        )  # fmt: skip

    return _all(rows, name, made)


def predictors(path: Path, name: str, notices: list[Problem]) -> list[PredictorRow]:
    """Return the predictors of a file: columns place, start, variable, value; end.

    Raises
    ------
    CaseError
        Every mistake, with its line and column.
    """
    rows = read_rows(path, name, ("place", "start", "variable", "value"), ("end",), notices)

    def made(cells: "_Cells") -> PredictorRow:
        return PredictorRow(
            cells.place, cells.period(), cells.text("variable"), cells.value("value", least=None), cells.line
        )

    return _all(rows, name, made)


def moves(path: Path, name: str, notices: list[Problem]) -> list[MovesRow]:
    """Return arrivals and departures of a file: columns place, start, arrivals, departures; end, group.

    Raises
    ------
    CaseError
        Every mistake, with its line and column.
    """
    rows = read_rows(path, name, ("place", "start", "arrivals", "departures"), ("end", "group"), notices)

    def made(cells: "_Cells") -> MovesRow:
        return MovesRow(
            cells.place, cells.period(), cells.value("arrivals"), cells.value("departures"), cells.line,
            cells.text("group"),
        )  # fmt: skip

    return _all(rows, name, made)


class _Cells:
    """The cells of a row on the way to values; what is wrong goes into `problems`."""

    def __init__(self, cells: dict[str, str], name: str, line: int, problems: list[Problem]):
        self.cells, self.name, self.line, self.problems = cells, name, line, problems

    def refuse(self, column: str, why: str) -> None:
        self.problems.append(Problem(self.name, why, self.line, column))

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def place(self) -> str:
        if not self.text("place"):
            self.refuse("place", "is empty; every row needs a district")
        return self.text("place")

    def maybe(self, column: str) -> float | None:
        return self.value(column) if self.text(column) else None

    def value(self, column: str, default: float | None = None, least: float | None = 0.0) -> float:
        if default is not None and not self.text(column):
            return default
        found = number(self.text(column), self.name, self.line, column)
        if isinstance(found, Problem):
            self.problems.append(found)
            return 1.0
        if least is not None and found < least:
            self.refuse(column, f"'{self.text(column)}' is below {least:g}")
        return found

    def day(self, column: str) -> date:
        try:
            return parse_date(self.text(column))
        except ValueError as error:
            self.refuse(column, str(error))
            return date(2000, 1, 1)

    def period(self) -> Period:
        """Return the days from start to end, or those of the month that start names."""
        month = _MONTH.fullmatch(self.text("start"))
        if month and not self.text("end") and 1 <= int(month[2]) <= 12:
            year, at = int(month[1]), int(month[2])
            return Period(date(year, at, 1), date(year, at, calendar.monthrange(year, at)[1]))
        if not self.text("end"):
            self.refuse("end", "is empty; give the last day, or a month in start, such as 2017-03")
            return Period(date(2000, 1, 1), date(2000, 1, 1))
        start, end = self.day("start"), self.day("end")
        if end < start:
            self.refuse("end", f"ends on {end}, before it starts on {start}")
            return Period(start, start)
        return Period(start, end)


def _all(rows: Iterator[Row], name: str, make: Callable[[_Cells], Made]) -> list[Made]:
    problems: list[Problem] = []
    found = [make(_Cells(cells, name, line, problems)) for line, cells in rows]
    if problems:
        raise CaseError(alike_together(problems))
    return found
