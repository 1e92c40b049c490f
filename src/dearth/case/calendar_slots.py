"""Weeks, months and quarters: which part of the year a period is, so that it is compared with its like."""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from dearth.case.periods import Period

Cadence = Literal["week", "month", "quarter", "other"]
SLOTS: dict[Cadence, int] = {"week": 52, "month": 12, "quarter": 4}  # parts of a year that recur every year
WEEK = timedelta(days=6)


class Slot(NamedTuple):
    """The part of a year that a period is: `number` counts from 1; a week is of its ISO year."""

    year: int
    number: int


def iso_week(year: int, week: int) -> Period:
    """Return the Monday to the Sunday of an ISO week.

    Raises
    ------
    ValueError
        When the year has no such week: only some years have a week 53.
    """
    start = date.fromisocalendar(year, week, 1)
    return Period(start, start + WEEK)


def month(year: int, number: int) -> Period:
    """Return the first to the last day of a month."""
    return Period(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]))


def quarter(year: int, number: int) -> Period:
    """Return the first to the last day of a quarter, 1 to 4."""
    return Period(month(year, 3 * number - 2).start, month(year, 3 * number).end)


def cadence(periods: Iterable[Period]) -> Cadence:
    """Return what the periods are, all of them: weeks of seven days, months, quarters, or ``other``."""
    found = {_kind(period) for period in periods}
    return found.pop() if len(found) == 1 else "other"


def _kind(period: Period) -> Cadence:
    start = period.start
    if period.days == 7:
        return "week"
    if period == month(start.year, start.month):
        return "month"
    if start.month % 3 == 1 and period == quarter(start.year, (start.month + 2) // 3):
        return "quarter"
    return "other"


def slot(period: Period, kind: Cadence) -> Slot:
    """Return the part of the year that a period is; a week belongs to the ISO week of its fourth day.

    Weeks need not begin on a Monday: those from Saturday to Friday are numbered by their Tuesday.
    """
    if kind == "week":
        year, week, _ = (period.start + timedelta(days=3)).isocalendar()
        return Slot(year, week)
    if kind == "month":
        return Slot(period.start.year, period.start.month)
    if kind == "quarter":
        return Slot(period.start.year, (period.start.month + 2) // 3)
    raise ValueError("periods of other lengths are no part of a year that recurs")


def periods_of_year(year: int, like: Period, kind: Cadence) -> tuple[Period, ...]:
    """Return the weeks, months or quarters of a year; weeks begin on the weekday of the week `like`."""
    if kind == "week":
        shift = timedelta(days=(like.start.weekday() - iso_week(year, 1).start.weekday()) % 7)
        first = iso_week(year, 1).start + shift
        if slot(Period(first, first + WEEK), kind) != (year, 1):
            first -= timedelta(days=7)
        many = weeks_in_year(year)
        starts = (first + timedelta(days=7 * i) for i in range(many))
        return tuple(Period(start, start + WEEK) for start in starts)
    make, many = (month, 12) if kind == "month" else (quarter, 4)
    return tuple(make(year, number) for number in range(1, many + 1))


def weeks_in_year(year: int) -> int:
    """Return 52 or 53: 28 December always lies in the last ISO week of its year."""
    return date(year, 12, 28).isocalendar().week


def week_53_shares(years: Iterable[int]) -> dict[int, float]:
    """Return how the days of a week 53 are shared by the weeks of years that have none.

    Its calendar days, 28 December to 3 January, lie in week 52 or in week 1 of the next year. The shares are
    the mean over `years`, without those that have a week 53 or follow one; over 2016-2019 where none is left.

    Returns
    -------
    dict
        Week (1 or 52) to share; the shares sum to 1.
    """
    wanted = [year for year in years if weeks_in_year(year) == 52] or list(range(2016, 2020))
    days = [date(year, 12, 28) + timedelta(days=i) for year in wanted for i in range(7)]
    weeks = [day.isocalendar().week for day in days]
    first = sum(week == 1 for week in weeks) / len(weeks)
    return {52: 1 - first, 1: first}
