"""A table of persons in memory, and how its mistakes are reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dearth.case.problems import Problem
from dearth.case.years import format_years

MOST_LINES = 200  # lines named in one message; more are counted

Frame = Any  # a polars DataFrame: the package is imported where it is used, as not every user needs it


@dataclass(frozen=True)
class SurveyTable:
    """A survey as read: one row a person, columns of `columns.COLUMNS` that the file has, and ``line``.

    Attributes
    ----------
    frame : identifiers and texts as text; sex 1 and 2; flags 0, 1 and 99; days and numbers as floats; no
        value is null
    recall_start : first day of recall, None where the file has days alone
    notices : what a reader of results must know
    """

    frame: Frame
    recall_start: date | None
    notices: tuple[Problem, ...]

    @property
    def columns(self) -> list[str]:
        """The columns of persons that the file has."""
        return [name for name in self.frame.columns if name != "line"]


def lines_text(lines: Sequence[int]) -> str:
    """Return lines as people read them: ``lines 4, 7-9``."""
    shown = format_years(lines[:MOST_LINES]).replace(",", ", ")
    more = f" and {len(lines) - MOST_LINES:,} more" if len(lines) > MOST_LINES else ""
    return f"line{'' if len(lines) == 1 else 's'} {shown}{more}"


def found_at(file: str, column: str, message: str, lines: Sequence[int], **kind: Any) -> Problem:
    """Return one problem of several lines: it stands at the first and names all."""
    said = f"{message} ({lines_text(lines)})" if len(lines) > 1 else message
    return Problem(file, said, lines[0], column, **kind)


def lines_where(frame: Frame, condition: Any) -> list[int]:
    """Return the lines of the file whose rows meet a condition."""
    return list(frame.filter(condition)["line"].to_list())
