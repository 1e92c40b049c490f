"""Periods between two dates, both of which count; everything that is dated is counted in days.

Dates are of the Gregorian calendar, also before 1582. Years are written 1000 to 2200.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1000, 2200
SHORT_YEAR, LONG_YEAR = 365, 366  # days
DAYS_A_YEAR = 365.25  # days of a mean year of the Julian calendar; rates a year are rates of 365.25 days
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` to `end`, both included; a stock has one day."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of days, first and last day included."""
        return (self.end - self.start).days + 1

    @property
    def year(self) -> int:
        """The calendar year in which the period starts."""
        return self.start.year

    @property
    def whole_years(self) -> bool:
        """Whether the period starts on a 1 January and ends on a 31 December."""
        return (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31)

    @property
    def text(self) -> str:
        """The period as users write it: ``2020-03-01/2020-12-31``, or one date."""
        if self.days == 1:
            return self.start.isoformat()
        return f"{self.start.isoformat()}/{self.end.isoformat()}"

    def common_days(self, other: "Period") -> int:
        """Return the number of days that both periods have."""
        first, last = max(self.start, other.start), min(self.end, other.end)
        return max(0, (last - first).days + 1)

    def by_year(self) -> Iterator["Period"]:
        """Yield the part of the period in each calendar year."""
        for year in range(self.start.year, self.end.year + 1):
            whole = calendar_year(year)
            yield Period(max(self.start, whole.start), min(self.end, whole.end))


def decimal_year(day: date) -> float:
    """Return a date as a number of years: the start of 1 July 1964 is about 1964.5."""
    return day.year + (day - date(day.year, 1, 1)).days / days_in_year(day.year)


def calendar_year(year: int) -> Period:
    """Return the period from 1 January to 31 December."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def days_in_year(year: int) -> int:
    """Return 365 or 366."""
    return LONG_YEAR if calendar.isleap(year) else SHORT_YEAR


def same_dates(period: Period, year: int) -> Period:
    """Return the same calendar dates of another year; `period` lies within one calendar year.

    A 29 February that `year` does not have is no day: the period then ends on the 28th or starts on 1 March;
    a period of that day alone becomes 28 February, so that it never has an empty comparison.
    """
    leap = calendar.isleap(year)
    start, end = period.start, period.end
    first = date(year, 3, 1) if (start.month, start.day) == (2, 29) and not leap else start.replace(year=year)
    last = date(year, 2, 28) if (end.month, end.day) == (2, 29) and not leap else end.replace(year=year)
    return Period(first, last) if first <= last else Period(last, last)


def parse_date(text: str) -> date:
    """Return the date written ``2020-03-01``.

    Raises
    ------
    ValueError
        When `text` is not a date of the calendar, or lies outside the years 1000 to 2200.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(
            f"'{text}' is not a date; write year-month-day, such as 2020-03-01{written_as_dates(text)}"
        )
    year, month, day = (int(part) for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"'{text}' lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"'{text}' is not a day of the calendar") from None


def parse_period(text: str) -> Period:
    """Return the period written ``2020-03-01/2020-12-31``; both days count.

    Raises
    ------
    ValueError
        When a part is not a date, or the period ends before it starts.
    """
    first, slash, last = text.strip().partition("/")
    if not slash:
        raise ValueError(
            f"'{text}' is not a period; write its first and last day, such as 2020-03-01/2020-12-31"
        )
    period = Period(parse_date(first.strip()), parse_date(last.strip()))
    if period.end < period.start:
        raise ValueError(f"'{text}' ends before it starts")
    return period


def written_as_dates(text: str) -> str:
    """Return how an ISO week or a month is written with two dates; nothing where `text` is neither."""
    week, month = _WEEK.fullmatch(text), _MONTH.fullmatch(text)
    try:
        if week:
            start = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return f"; the week {text} has start {start} and end {start + timedelta(days=6)}"
        if month:
            year, number = int(month[1]), int(month[2])
            last = calendar.monthrange(year, number)[1]
            return f"; the month {text} has start {date(year, number, 1)} and end {date(year, number, last)}"
    except ValueError:
        return ""
    return ""
