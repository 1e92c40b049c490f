"""Windows: calendar years, harvest years from July to June, or the days between two dates."""

from dataclasses import dataclass

import numpy as np

from dearth.case.evidence import Floats
from dearth.case.periods import Period, days_in_year, parse_period
from dearth.case.problems import mistake
from dearth.case.years import format_years, parse_years


@dataclass(frozen=True)
class Window:
    """The period of a crisis; `kind` is ``calendar``, ``july_june`` or ``dates``.

    A July-June year takes half of each of its two calendar years: deaths and person-years are
    assumed to be spread evenly within a calendar year. A window of dates has a `period`, first and last day
    included, within the calendar years `first` to `last`.
    """

    first: int
    last: int
    kind: str = "calendar"
    period: Period | None = None

    @property
    def name(self) -> str:
        """The window as written: ``1958-1961`` or ``2020-03-01/2020-12-31``."""
        if self.period is not None:
            return self.period.text
        return format_years(range(self.first, self.last + 1))

    @property
    def label(self) -> str:
        """The window with its kind, as in the label of an estimate; dates with the number of days."""
        if self.period is not None:
            return f"{self.name} ({self.period.days} days)"
        return f"{self.name} {'calendar' if self.kind == 'calendar' else 'July-June'}"

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years any part of which lies in the window."""
        return tuple(range(self.first, self.last + 1 + (self.kind == "july_june")))

    @property
    def pieces(self) -> dict[int, Period]:
        """Return the part of a window of dates in each calendar year; empty for other windows."""
        return {} if self.period is None else {piece.year: piece for piece in self.period.by_year()}

    def parts(self, years: tuple[int, ...]) -> dict[str, Floats]:
        """Return the weight of every calendar year, (Y,), in each year of the window."""
        index = {year: i for i, year in enumerate(years)}
        found = {}
        for year in range(self.first, self.last + 1):
            weight = np.zeros(len(years))
            name = str(year)
            if self.kind == "july_june":
                weight[index[year]] = weight[index[year + 1]] = 0.5
                name = f"{year}/{(year + 1) % 100:02d}"
            elif self.period is not None:
                piece = self.pieces[year]
                weight[index[year]] = piece.days / days_in_year(year)
                name = piece.text
            else:
                weight[index[year]] = 1.0
            found[name] = weight
        return found

    def split(self, within_years: bool) -> list[str]:
        """Return how the window shares calendar years, one sentence a year; empty where it takes them whole.

        Parameters
        ----------
        within_years : whether deaths are given by parts of a year
        """
        if self.period is None:
            return []
        source = (
            "the deaths of these days are added from figures of weeks, months or other parts of the year"
            if within_years
            else "the deaths of the year are spread evenly over its days"
        )
        told = [
            f"{year}: the window has {piece.days} of {days_in_year(year)} days; {source}"
            for year, piece in self.pieces.items()
            if piece.days < days_in_year(year) or within_years
        ]
        both = f"the window {self.name} has {self.period.days} days; its first and its last day both count"
        return [both, *told, "the baseline covers the same dates of its years"]


def parse_window(text: str, kind: str = "calendar", where: str = "--window") -> Window:
    """Return the window called `text`; dates that make whole calendar years are those years.

    Raises
    ------
    CaseError
        Years or dates that cannot be read, that have gaps, or an unknown kind.
    """
    if kind not in ("calendar", "july_june"):
        raise mistake("--window-kind", f"'{kind}' is not a kind of window: calendar or july_june")
    try:
        if "/" in text:
            period = parse_period(text)
            if kind != "calendar" and where == "--window":
                raise ValueError(f"'{text}' has dates; a July-June window needs years")
            dated = None if period.whole_years else period
            return Window(period.start.year, period.end.year, "dates" if dated else "calendar", dated)
        years = sorted(parse_years(text))
    except ValueError as error:
        raise mistake(where, str(error)) from None
    if years[-1] - years[0] + 1 != len(years):
        raise mistake(where, f"the years {text} have gaps; a window has none")
    return Window(years[0], years[-1], kind)
