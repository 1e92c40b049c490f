"""Windows: calendar years, or harvest years from July to June cut out of calendar years."""

from dataclasses import dataclass

import numpy as np

from dearth.case.evidence import Floats
from dearth.case.problems import mistake
from dearth.case.years import format_years, parse_years


@dataclass(frozen=True)
class Window:
    """Years of a crisis; `kind` is ``calendar`` or ``july_june``.

    A July-June year takes half of each of its two calendar years: deaths and person-years are
    assumed to be spread evenly within a calendar year.
    """

    first: int
    last: int
    kind: str = "calendar"

    @property
    def name(self) -> str:
        """Years as written, ``1958-1961``."""
        return format_years(range(self.first, self.last + 1))

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years any part of which lies in the window."""
        return tuple(range(self.first, self.last + 1 + (self.kind == "july_june")))

    def parts(self, years: tuple[int, ...]) -> dict[str, Floats]:
        """Return the weight of every calendar year, (Y,), in each year of the window."""
        index = {year: i for i, year in enumerate(years)}
        found = {}
        for year in range(self.first, self.last + 1):
            weight = np.zeros(len(years))
            if self.kind == "july_june":
                weight[index[year]] = weight[index[year + 1]] = 0.5
                found[f"{year}/{(year + 1) % 100:02d}"] = weight
            else:
                weight[index[year]] = 1.0
                found[str(year)] = weight
        return found


def parse_window(text: str, kind: str = "calendar", where: str = "--window") -> Window:
    """Return the window called `text`.

    Raises
    ------
    CaseError
        Years that cannot be read, that have gaps, or an unknown kind.
    """
    if kind not in ("calendar", "july_june"):
        raise mistake("--window-kind", f"'{kind}' is not a kind of window: calendar or july_june")
    try:
        years = sorted(parse_years(text))
    except ValueError as error:
        raise mistake(where, str(error)) from None
    if years[-1] - years[0] + 1 != len(years):
        raise mistake(where, f"the years {text} have gaps; a window has none")
    return Window(years[0], years[-1], kind)
