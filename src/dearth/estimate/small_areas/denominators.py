"""People of each district and month: counts of rival estimates, moved by arrivals and departures.

A district's people may have groups with counts of their own, such as displaced people. The rest of the
district are the others. An estimate that counts no groups has the shares of the first that does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dearth.case.problems import CaseError, Problem
from dearth.case.small_area_rows import MovesRow, PeopleRow
from dearth.estimate.small_areas.cells import Cells
from dearth.numerics.interval import Floats

ONLY = "population"  # name of the estimate of a file that names none


@dataclass(frozen=True)
class People:
    """People by one estimate.

    Attributes
    ----------
    whole : all people of a district, (P, T)
    groups : people of each group with counts of its own, (P, T, G); G may be 0
    """

    whole: Floats
    groups: Floats

    @property
    def shares(self) -> Floats:
        """Share of each group in its district, (P, T, G); 0 where nobody lives."""
        whole = self.whole[..., None]
        return np.asarray(np.divide(self.groups, whole, out=np.zeros_like(self.groups), where=whole > 0))


def counted_groups(rows: Iterable[PeopleRow]) -> tuple[str, ...]:
    """Return the groups that have counts of their own, in the order of the file."""
    return tuple(dict.fromkeys(row.group for row in rows if row.group))


def people_by_month(
    cells: Cells, rows: Sequence[PeopleRow], moves: Sequence[MovesRow], file: str
) -> tuple[dict[str, People], list[str]]:
    """Return the people by district and month for each estimate, and the estimates that lack districts.

    Between two counts the people follow a straight line. Before the first and after the last count they
    change by arrivals less departures alone. The first estimate of the file has every district.

    Raises
    ------
    CaseError
        When more people left a district or group than it had, or a group has more people than its district.
    """
    by: dict[str, list[PeopleRow]] = {}
    for row in rows:
        by.setdefault(row.estimate or ONLY, []).append(row)
    names = counted_groups(rows)
    found: dict[str, People] = {}
    refused: list[str] = []
    problems: list[Problem] = []
    for estimate, own in by.items():
        counted = {row.place for row in own if not row.group}
        absent = [place for place in cells.places if place not in counted]
        if absent:
            shown = ", ".join(absent[:6])
            count = "1 district" if len(absent) == 1 else f"{len(absent)} districts"
            refused.append(f"the population '{estimate}' lacks {count} ({shown}): no total by it")
            continue
        whole = _counted(cells, own, moves, "")
        groups = [_counted(cells, own, [one for one in moves if one.group == name], name) for name in names]
        found[estimate] = People(whole, np.stack(groups, -1) if groups else np.zeros((*whole.shape, 0)))
        problems += _contradictions(cells, found[estimate], names, own, estimate, file)
    if problems:
        raise CaseError(problems)
    if not found:
        raise CaseError(
            Problem(file, "no estimate has every district: " + "; ".join(refused), field="population")
        )
    return _with_shares(found, by), refused


def _counted(cells: Cells, rows: Iterable[PeopleRow], moves: Iterable[MovesRow], group: str) -> Floats:
    """Return the people of one group (empty: all people) by district and month, (P, T)."""
    places: dict[str, list[PeopleRow]] = {}
    for row in rows:
        if row.group == group:
            places.setdefault(row.place, []).append(row)
    net = _net(cells, moves)
    none = np.zeros(cells.count)
    return np.stack([
        _of(cells, places[place], net[at]) if place in places else none
        for at, place in enumerate(cells.places)
    ])  # fmt: skip


def _contradictions(
    cells: Cells, people: People, names: Sequence[str], rows: Iterable[PeopleRow], estimate: str, file: str
) -> Iterator[Problem]:
    """Yield the first district and month with fewer than 0 people: in all, in a group, or in no group."""
    line = {(row.place, row.group): row.line for row in reversed(list(rows))}
    others = people.whole - people.groups.sum(-1)
    checked = [("", people.whole), *((name, people.groups[..., at]) for at, name in enumerate(names))]
    for group, counts in checked:
        for place, month in np.argwhere(counts < 0)[:1].tolist():
            who = f"the group '{group}' of '{cells.places[place]}'" if group else f"'{cells.places[place]}'"
            yield Problem(
                file, f"{who} has fewer than 0 people in {cells.months[month].start:%Y-%m} by '{estimate}': "
                      "more left than it had; correct the departures or the count",
                line.get((cells.places[place], group)), "population",
            )  # fmt: skip
    for place, month in np.argwhere(others < -1e-6 * people.whole)[:1].tolist():
        groups, whole = people.groups[place, month].sum(), people.whole[place, month]
        yield Problem(
            file, f"the groups of '{cells.places[place]}' have {groups:,.0f} people in "
                  f"{cells.months[month].start:%Y-%m} by '{estimate}', and the district has {whole:,.0f}: "
                  "the row without a group counts all people of the district, groups with them",
            line.get((cells.places[place], "")), "population",
        )  # fmt: skip


def _with_shares(found: dict[str, People], rows: dict[str, list[PeopleRow]]) -> dict[str, People]:
    """Give estimates that count no groups the shares of the first that does."""
    first = next((name for name in found if counted_groups(rows[name])), None)
    if first is None:
        return found
    shares = found[first].shares
    return {
        name: one if counted_groups(rows[name]) else People(one.whole, shares * one.whole[..., None])
        for name, one in found.items()
    }


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
    """Return the people of one district or group in the middle of each month, (T,)."""
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
