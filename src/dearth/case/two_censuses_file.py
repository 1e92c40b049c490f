"""Files of two censuses by age and sex, with the deaths and the net migrants between them.

Columns: ``age_start, sex, pop1, pop2, deaths``; optional ``migrants, date1, date2, location``. Ages may be
single years, 0, 1, 5, 10, … or 0, 5, 10, …; they are joined to five-year groups. Persons of unknown age
(``age_start`` written ``unknown``) are spread over the known ages in proportion, and the reader is warned.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dearth.case.csv_table import Numbered, number, read_rows
from dearth.case.problems import CaseError, Problem, alike_together, mistake

REQUIRED = ("age_start", "sex", "pop1", "pop2", "deaths")
OPTIONAL = ("migrants", "date1", "date2", "location")
COUNTS = ("pop1", "pop2", "deaths", "migrants")
SEXES = {"male": "male", "m": "male", "female": "female", "f": "female"}
UNKNOWN = ("unknown", "unk", "not stated", "na")
WIDTH = 5
OLDEST = 95  # model life tables for the open age group end here
FEWEST = 10  # five-year groups: open at 45 or later

Dates = tuple[date, date]


@dataclass(frozen=True)
class CensusTable:
    """One place and sex, in five-year groups with an open last one; tuples are [age].

    Attributes
    ----------
    place : as the file names it; empty where it has no column ``location``
    sex : ``female`` or ``male``
    dates : days of the two censuses
    ages : first ages: 0, 5, …
    first, second, deaths : persons; deaths of the interval or of a year, as the file gives them
    migrants : net migrants over the same time as the deaths; None where the file has none
    as_read : persons of each census by first age as the file gives them, before ages are joined
    """

    place: str
    sex: str
    dates: Dates
    ages: tuple[int, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]
    deaths: tuple[float, ...]
    migrants: tuple[float, ...] | None
    as_read: tuple[Mapping[int, float], Mapping[int, float]]


@dataclass
class _Group:
    """Rows of one place and sex, summed by five-year group."""

    dates: set[Dates] = field(default_factory=set)
    starts: dict[int, int] = field(default_factory=dict)
    counts: dict[str, dict[int, float]] = field(default_factory=dict)
    as_read: tuple[dict[int, float], dict[int, float]] = field(default_factory=lambda: ({}, {}))
    unknown: dict[str, float] = field(default_factory=dict)
    line: int = 0


def read_two_censuses(
    path: Path, name: str, dates: Dates | None, notices: list[Problem]
) -> tuple[CensusTable, ...]:
    """Return the tables of a file, one for each place and sex, in the order of the file.

    Parameters
    ----------
    path, name
        The file, and its name in messages.
    dates
        Days of the censuses, where the file has no columns for them.
    notices
        Receives warnings: how the file was read, ages that were joined, unknown ages that were spread.

    Raises
    ------
    CaseError
        Every mistake of the file, each with its line and column.
    """
    rows = list(read_rows(path, name, REQUIRED, OPTIONAL, notices))
    if not rows:
        raise mistake(name, "has no rows; give one for each age and sex")
    migration = "migrants" in rows[0][1]
    problems: list[Problem] = []
    groups = _groups(rows, name, dates, problems)
    tables = [
        table
        for (place, sex), group in groups.items()
        for table in _tables(place, sex, group, name, migration, problems, notices)
    ]
    if problems:
        raise CaseError(alike_together(problems))
    return tuple(tables)


def _groups(
    rows: Iterable[Numbered], name: str, dates: Dates | None, problems: list[Problem]
) -> dict[tuple[str, str], _Group]:
    groups: dict[tuple[str, str], _Group] = {}
    for line, row in rows:
        sex = SEXES.get(row["sex"].lower())
        if sex is None:
            message = f"'{row['sex']}' is not a sex; write male or female, never both together"
            problems.append(Problem(name, message, line, "sex"))
            continue
        group = groups.setdefault((row.get("location", ""), sex), _Group(line=line))
        day = _dates(row, dates, name, line, problems)
        if day is not None:
            group.dates.add(day)
        _add(group, row, name, line, problems)
    return groups


def _dates(
    row: dict[str, str], given: Dates | None, name: str, line: int, problems: list[Problem]
) -> Dates | None:
    if "date1" not in row or "date2" not in row:
        if given is None:
            message = (
                "the days of the censuses are missing; give columns date1 and date2, or dates in case.yaml"
            )
            problems.append(Problem(name, message, 1, "date1"))
        return given
    found = []
    for column in ("date1", "date2"):
        try:
            found.append(date.fromisoformat(row[column]))
        except ValueError:
            message = f"'{row[column]}' is not a date; write it as 2001-10-10"
            problems.append(Problem(name, message, line, column))
            return None
    if not found[0] < found[1]:
        problems.append(Problem(name, f"{found[0]} does not come before {found[1]}", line, "date1"))
        return None
    if given is not None and given != (found[0], found[1]):
        message = f"{found[0]} and {found[1]} are not the dates of case.yaml ({given[0]}, {given[1]})"
        problems.append(Problem(name, message, line, "date1"))
    return found[0], found[1]


def _add(group: _Group, row: dict[str, str], name: str, line: int, problems: list[Problem]) -> None:
    """Add a row to its five-year group, or to those of unknown age."""
    values: dict[str, float] = {}
    for column in COUNTS:
        if column not in row:
            continue
        value = number(row[column], name, line, column)
        if isinstance(value, Problem):
            problems.append(value)
            return
        if value < 0 and column != "migrants":
            problems.append(Problem(name, f"{value:g} is below zero; persons are zero or more", line, column))
            return
        values[column] = value
    if row["age_start"].lower() in UNKNOWN:
        for column, value in values.items():
            group.unknown[column] = group.unknown.get(column, 0.0) + value
        return
    age = number(row["age_start"], name, line, "age_start")
    if isinstance(age, Problem) or age < 0 or age != int(age) or age > 130:
        message = f"'{row['age_start']}' is not a first age; write a whole number of years, or unknown"
        problems.append(Problem(name, message, line, "age_start"))
        return
    if int(age) in group.starts:
        message = f"age {age:g} of this place and sex stands in line {group.starts[int(age)]} already"
        problems.append(Problem(name, message, line, "age_start"))
        return
    group.starts[int(age)] = line
    for persons, column in zip(group.as_read, ("pop1", "pop2"), strict=True):
        persons[int(age)] = values[column]
    start = min(int(age) // WIDTH * WIDTH, OLDEST)
    for column, value in values.items():
        sums = group.counts.setdefault(column, {})
        sums[start] = sums.get(start, 0.0) + value


def _tables(
    place: str, sex: str, group: _Group, name: str, migration: bool, problems: list[Problem],
    notices: list[Problem],
) -> Iterator[CensusTable]:  # fmt: skip
    """Yield the table of one place and sex; nothing where it has a mistake, which goes into `problems`."""
    of = f"{place}, {sex}s" if place else f"{sex}s"
    if len(group.dates) > 1:
        problems.append(Problem(name, f"{of}: the rows give different dates of the censuses", group.line))
    absent = _absent(group.starts)
    if absent or len(group.counts.get("pop1", {})) < FEWEST:
        have = f"no row starts at age {', '.join(map(str, absent))}" if absent else "too few ages"
        message = f"{of}: {have}; five-year groups 0, 5, 10, … to 45 or older are needed, without gaps"
        problems.append(Problem(name, message, group.line, "age_start"))
    if problems or not group.dates:
        return
    counts = {column: group.counts[column] for column in group.counts}
    if any(group.unknown.values()):
        counts = _spread(counts, group.unknown, name, of, notices)
    counts = _joined(counts, name, of, notices)
    if len(counts["pop1"]) < FEWEST or counts["deaths"][max(counts["deaths"])] <= 0:
        message = f"{of}: people or deaths are missing at ages below 50; no method can be fitted"
        problems.append(Problem(name, message, group.line))
        return
    ages = tuple(sorted(counts["pop1"]))
    columns = {column: tuple(sums[age] for age in ages) for column, sums in counts.items()}
    yield CensusTable(
        place, sex, next(iter(group.dates)), ages, columns["pop1"], columns["pop2"], columns["deaths"],
        columns["migrants"] if migration else None, group.as_read,
    )  # fmt: skip


def _absent(starts: Iterable[int]) -> list[int]:
    """Return the multiples of 5 below the last age at which no row starts."""
    have = set(starts)
    return [age for age in range(0, max(have, default=0) // WIDTH * WIDTH + 1, WIDTH) if age not in have]


def _spread(
    counts: dict[str, dict[int, float]], unknown: dict[str, float], name: str, of: str, notices: list[Problem]
) -> dict[str, dict[int, float]]:
    """Return the counts with those of unknown age spread in proportion; net migrants stay as they are."""
    found = {}
    for column, sums in counts.items():
        total = sum(sums.values())
        share = unknown.get(column, 0.0) / total if total > 0 and column != "migrants" else 0.0
        found[column] = {age: value * (1 + share) for age, value in sums.items()}
    told = ", ".join(f"{unknown[column]:,.0f} of {column}" for column in COUNTS if unknown.get(column))
    message = f"{of}: persons of unknown age ({told}) are spread over the known ages in proportion"
    notices.append(Problem(name, message, severity="warning"))
    return found


def _joined(
    counts: dict[str, dict[int, float]], name: str, of: str, notices: list[Problem]
) -> dict[str, dict[int, float]]:
    """Return the counts with empty old groups joined to the one before: each needs people and deaths."""
    found = {column: dict(sums) for column, sums in counts.items()}
    last = first = max(found["pop1"])
    while last > 45 and min(found[column][last] for column in ("pop1", "pop2", "deaths")) <= 0:
        for sums in found.values():
            sums[last - WIDTH] += sums.pop(last)
        last -= WIDTH
    if last != first:
        message = f"{of}: nobody lives or dies at {first} and older; the open age group starts at {last}"
        notices.append(Problem(name, message, severity="warning"))
    return found
