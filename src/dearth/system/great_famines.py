"""Great famines: the excess deaths of their worst year, and how many draws of a prior stay within it.

The table ``great_famines.csv`` holds famines of which the deaths were counted or reconstructed, and leaves
China out: the widths of the priors of the food system are chosen against it, before any record of the Chinese
crisis. A draw whose worst year kills fewer than the mildest famine of the table had no great famine; one that
kills more than twice the worst is beyond what is known of any country.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from dearth.bibliography.grade import Basis, Grade
from dearth.system.history import History

Floats = NDArray[np.float64]
TABLE = "great_famines.csv"
MOST = 20  # monthly hazard at which everybody is dead: keeps exp() finite
BEYOND = 2.0  # times the worst famine of the table, assumed: a part of a country may be hit harder


@dataclass(frozen=True)
class GreatFamine:
    """One famine of the table.

    Attributes
    ----------
    place, year : where and when its worst year was
    excess : deaths above normal in that year, share of the people
    basis : the work and how well the figure is known
    """

    place: str
    year: int
    excess: float
    basis: Basis


@dataclass(frozen=True)
class Inside:
    """How the draws of a prior compare with the famines of the table, shares of the draws.

    Attributes
    ----------
    below : no great famine: the worst year is milder than any of the table
    within : as great famines were
    beyond : worse than twice the worst of the table
    worst : excess deaths of the worst year, share of the people [draw]
    """

    below: float
    within: float
    beyond: float
    worst: Floats


@cache
def great_famines() -> tuple[GreatFamine, ...]:
    """Return the famines of the table, the earliest first."""
    text = files("dearth.system").joinpath(TABLE).read_text(encoding="utf-8")
    return tuple(
        GreatFamine(
            row["place"], int(row["year"]), float(row["excess_percent"]) / 100,
            Basis(Grade(row["grade"]), (row["source"],), row["note"]),
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def bounds() -> tuple[float, float]:
    """Return the excess of the mildest famine of the table, and twice that of the worst; shares."""
    excess = [famine.excess for famine in great_famines()]
    return min(excess), BEYOND * max(excess)


def worst_year(history: History) -> Floats:
    """Return the excess deaths of each draw's worst calendar year [draw], share of the people of that year.

    The excess is that of hunger; maternal deaths above or below normal are left out.
    """
    people, hunger = (np.asarray(history.records[name], float) for name in ("population", "hunger"))
    draws, months, places = people.shape
    whole = months // 12
    by_year = (draws, whole, 12, places)
    # people are those of the month's end: before it exp(hunger) times as many lived, the normal deaths aside
    died = (people * np.expm1(np.minimum(hunger, MOST)))[:, : 12 * whole].reshape(by_year).sum((2, 3))
    mean = people[:, : 12 * whole].reshape(by_year).sum(3).mean(2)
    worst: Floats = (died / np.maximum(mean, 1e-9)).max(1)
    return worst


def inside(history: History) -> Inside:
    """Return the shares of the draws that lie below, within and beyond the famines of the table."""
    low, high = bounds()
    worst = worst_year(history)
    return Inside(
        float((worst < low).mean()),
        float(((worst >= low) & (worst <= high)).mean()),
        float((worst > high).mean()),
        worst,
    )
