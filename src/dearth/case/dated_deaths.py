"""Deaths by week, month or quarter from a file of another program: what every layout is read into."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from dearth.case.calendar_slots import SLOTS, iso_week, month, quarter
from dearth.case.delimited_table import DelimitedTable
from dearth.case.periods import FIRST_YEAR, LAST_YEAR, Period
from dearth.case.problems import mistake, name_hint

OLDEST = 150


class Group(NamedTuple):
    """Whose deaths are counted; `age_from` and `age_to` are None for every age, `age_to` for an open age."""

    sex: str = "both"
    age_from: int | None = None
    age_to: int | None = None

    @property
    def everybody(self) -> bool:
        """Whether the group is both sexes at every age."""
        return self.sex == "both" and self.age_from is None

    @property
    def ages(self) -> str:
        """The ages as people read them: ``15-64``, ``85+``, or empty for every age."""
        if self.age_from is None:
            return ""
        return f"{self.age_from}+" if self.age_to is None else f"{self.age_from}-{self.age_to}"

    @property
    def words(self) -> str:
        """The group behind a title: `` (female, ages 65-74)``, or empty for everybody."""
        parts = [self.sex] if self.sex != "both" else []
        parts += [f"ages {self.ages}"] if self.ages else []
        return f" ({', '.join(parts)})" if parts else ""


class DatedCount(NamedTuple):
    """Deaths of one group in one period; `deaths` is None where the file has no figure."""

    place: str
    group: Group
    period: Period
    deaths: float | None
    line: int


@dataclass(frozen=True)
class DatedFile:
    """The deaths of one place, and what was done to read them.

    Attributes
    ----------
    layout : name of the layout that was recognised
    counts : in the order of time within each group
    notes : what a user must know of the reading, one sentence each without a full stop
    """

    name: str
    layout: str
    place: str
    counts: tuple[DatedCount, ...]
    notes: tuple[str, ...]

    def groups(self) -> dict[Group, tuple[DatedCount, ...]]:
        """Return the counts of each group, everybody first."""
        found: dict[Group, list[DatedCount]] = {}
        for count in self.counts:
            found.setdefault(count.group, []).append(count)
        ordered = sorted(found, key=lambda group: (not group.everybody, group.sex, group.age_from or -1))
        return {group: tuple(found[group]) for group in ordered}


def chosen_place(table: DelimitedTable, places: Iterable[str], wanted: str) -> str:
    """Return the place to read: the one wanted, or the only one of the file.

    Raises
    ------
    CaseError
        When the file has several places and none is wanted, or not the one wanted.
    """
    found = sorted(set(places))
    if wanted in found:
        return wanted
    if not wanted and len(found) == 1:
        return found[0]
    if not wanted:
        shown = ", ".join(found[:8]) + (", …" if len(found) > 8 else "")
        raise mistake(table.name, f"has {len(found)} places ({shown}); name one with --location")
    letters = "" if table.certain else "; the encoding of the file is not known, so save it as UTF-8"
    raise mistake(table.name, f"has no '{wanted}'{name_hint(wanted, found, 'place')}{letters}")


def part_of_year(table: DelimitedTable, line: int, year: int, kind: str, number: int) -> Period:
    """Return a week, month or quarter of a year.

    Raises
    ------
    CaseError
        When the year has no such part, or lies outside the years that are read.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise mistake(table.name, f"{year} is not a year from {FIRST_YEAR} to {LAST_YEAR}", line)
    most = 53 if kind == "week" else SLOTS[kind]  # type: ignore[index]
    if 1 <= number <= most:
        with suppress(ValueError):
            return _part(year, kind, number)
    why = (
        f"{year} has no ISO week 53; the place numbers its weeks otherwise: give start and end of each week"
        if number == 53 and kind == "week"
        else f"{year} has no {kind} {number}"
    )
    raise mistake(table.name, why, line)


@lru_cache(maxsize=20_000)
def _part(year: int, kind: str, number: int) -> Period:
    return {"week": iso_week, "month": month, "quarter": quarter}[kind](year, number)


def in_order(name: str, counts: Iterable[DatedCount]) -> tuple[DatedCount, ...]:
    """Return the counts in the order of time; equal figures given twice are one.

    Raises
    ------
    CaseError
        When a day is counted twice in a group.
    """
    ordered = sorted(counts, key=lambda one: (_key(one.group), one.period.start, one.period.end))
    kept: list[DatedCount] = []
    for count in ordered:
        last = kept[-1] if kept and kept[-1].group == count.group else None
        if last and last.period == count.period and None in (last.deaths, count.deaths):
            kept[-1] = last if count.deaths is None else count
        elif last and last.period == count.period and last.deaths == count.deaths:
            continue
        elif last and last.period.end >= count.period.start:
            raise mistake(name, f"{count.period.text} has days that {last.period.text} (line {last.line}) "
                          "counts too; give each day once", count.line)  # fmt: skip
        else:
            kept.append(count)
    return tuple(kept)


def _key(group: Group) -> tuple[str, int, int]:
    return group.sex, -1 if group.age_from is None else group.age_from, group.age_to or -1


def with_unknown_ages(
    counts: list[DatedCount], unknown: Mapping[tuple[str, Period], float]
) -> tuple[list[DatedCount], float]:
    """Return the counts with deaths of unknown age spread over the known ages, and how many were spread.

    Those of a sex and a period are spread over the ages of the same sex and period, in proportion; the
    total is unchanged. Where no death has a known age, they stay out of the ages.
    """
    sums: dict[tuple[str, Period], float] = {}
    for count in counts:
        if count.group.age_from is not None and count.deaths:
            key = (count.group.sex, count.period)
            sums[key] = sums.get(key, 0.0) + count.deaths
    spread = sum(deaths for key, deaths in unknown.items() if sums.get(key))
    found = []
    for count in counts:
        key = (count.group.sex, count.period)
        more = unknown.get(key, 0.0) if count.group.age_from is not None and sums.get(key) else 0.0
        factor = 1 + more / sums[key] if more else 1.0
        found.append(count._replace(deaths=None if count.deaths is None else count.deaths * factor))
    return found, spread
