"""People of each district and month: counts of rival estimates, moved by arrivals and departures."""

from collections.abc import Iterable

import numpy as np

from dearth.case.problems import CaseError, Problem
from dearth.case.small_area_rows import MovesRow, PeopleRow
from dearth.estimate.small_areas.cells import Cells
from dearth.numerics.interval import Floats

ONLY = "population"  # name of the estimate of a file that names none


def people_by_month(
    cells: Cells, rows: Iterable[PeopleRow], moves: Iterable[MovesRow], file: str
) -> tuple[dict[str, Floats], list[str]]:
    """Return persons by district and month (P, T) for each estimate, and the estimates that lack districts.

    Between two counts of a district the people follow a straight line. Before the first and after the last
    count they change by arrivals less departures alone. The first estimate of the file has every district.

    Raises
    ------
    CaseError
        When more people left a district than it had.
    """
    by: dict[str, dict[str, list[PeopleRow]]] = {}
    for row in rows:
        by.setdefault(row.estimate or ONLY, {}).setdefault(row.place, []).append(row)
    net = _net(cells, moves)
    found: dict[str, Floats] = {}
    refused, problems = [], []
    for estimate, places in by.items():
        absent = [place for place in cells.places if place not in places]
        if absent:
            shown = ", ".join(absent[:6])
            count = "1 district" if len(absent) == 1 else f"{len(absent)} districts"
            refused.append(f"the population '{estimate}' lacks {count} ({shown}): no total by it")
            continue
        found[estimate] = np.stack(
            [_of(cells, places[place], net[at]) for at, place in enumerate(cells.places)]
        )
        below = np.argwhere(found[estimate] < 0)
        if len(below):
            place, month = (int(one) for one in below[0])
            problems.append(Problem(
                file, f"'{cells.places[place]}' has fewer than 0 people in "
                      f"{cells.months[month].start:%Y-%m} by '{estimate}': more left than it had; correct "
                      "the departures or the count",
                places[cells.places[place]][0].line, "population",
            ))  # fmt: skip
    if problems:
        raise CaseError(problems)
    if not found:
        raise CaseError(
            Problem(file, "no estimate has every district: " + "; ".join(refused), field="population")
        )
    return found, refused


def _net(cells: Cells, moves: Iterable[MovesRow]) -> Floats:
    """Return arrivals less departures by district and month, (P, T)."""
    index = {place: at for at, place in enumerate(cells.places)}
    found = np.zeros((len(cells.places), cells.count))
    for row in moves:
        if row.place in index:
            common = np.array([float(month.common_days(row.period)) for month in cells.months])
            found[index[row.place]] += (row.arrivals - row.departures) * common / row.period.days
    return found


def _of(cells: Cells, counts: list[PeopleRow], net: Floats) -> Floats:
    """Return the people of one district in the middle of each month, (T,)."""
    counts = sorted(counts, key=lambda row: row.day)
    at = np.array([float(cells.at(row.day)) for row in counts])
    months = np.arange(cells.count, dtype=float)
    found = np.interp(months, at, [row.persons for row in counts])
    moved = np.cumsum(net)
    for end, outside in ((at[-1], months > at[-1]), (at[0], months < at[0])):
        there = (
            moved[int(np.clip(end, 0, cells.count - 1))]
            if 0 <= end < cells.count
            else (0.0 if end < 0 else moved[-1])
        )
        found = np.where(outside, found + moved - there, found)
    return np.asarray(found)
