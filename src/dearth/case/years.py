"""Years as users write them: ``1957``, ``1955-1957``, ``1954-1957,1962-1964``; windows may be dates."""

import re
from collections.abc import Iterable

from dearth.case.periods import parse_period

_PART = re.compile(r"^\s*(\d{1,4})\s*(?:[-\u2013]\s*(\d{1,4})\s*)?$", re.ASCII)
UNDATED = "undated"  # the window of a case whose records have days and no dates
LONGEST_SPAN = 2000  # years; a longer one is a slip of the keyboard


def parse_years(text: str | int) -> tuple[int, ...]:
    """Return the years named by `text`, in the order given, without repeats.

    Raises
    ------
    ValueError
        When a part is neither a year nor ``first-last``, or runs backwards.
    """
    years: dict[int, None] = {}
    for part in str(text).split(","):
        match = _PART.match(part)
        if match is None:
            raise ValueError(f"'{text}' is not a list of years; write 1957, 1955-1957 or 1954,1956")
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        if last < first or last - first > LONGEST_SPAN:
            raise ValueError(f"the years '{part.strip()}' run backwards or too long; write 1955-1957")
        years.update(dict.fromkeys(range(first, last + 1)))
    return tuple(years)


def format_years(years: Iterable[int]) -> str:
    """Return years in the shortest form `parse_years` reads: ``1954-1957,1962``."""
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in _runs(years))


def short_years(years: Iterable[int]) -> str:
    """Return years as people write them: ``1953-58, 1964``, ``1899-1901``."""
    return ", ".join(
        str(a) if a == b else f"{a}-{b % 100:02d}" if a // 100 == b // 100 else f"{a}-{b}"
        for a, b in _runs(years)
    )


def _runs(years: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last year of each stretch without a gap."""
    runs: list[tuple[int, int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


def window_years(text: str) -> tuple[int, ...]:
    """Return the calendar years any part of which lies in a window: years, or ``2020-03-01/2020-12-31``.

    Raises
    ------
    ValueError
        When `text` names neither years nor two dates.
    """
    if "/" in text:
        period = parse_period(text)
        return tuple(range(period.start.year, period.end.year + 1))
    try:
        return parse_years(text)
    except ValueError as error:
        raise ValueError(f"{error}, or a first and a last day such as 2020-03-01/2020-12-31") from None
