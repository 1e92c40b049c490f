"""The layouts in which deaths by week or month are published, each recognised by its columns.

World Mortality Dataset, Short-term Mortality Fluctuations (STMF) and its input files, the excess mortality
tables of Our World in Data, and plain rows with start and end, or year and week or month.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from dearth.case.calendar_slots import weeks_in_year
from dearth.case.dated_deaths import (
    DatedCount,
    DatedFile,
    Group,
    chosen_place,
    in_order,
    part_of_year,
    with_unknown_ages,
)
from dearth.case.delimited_table import DelimitedTable, numbers_of, read_delimited, whole_number
from dearth.case.periods import Period, parse_date
from dearth.case.problems import CaseError, Problem, mistake

Counts = tuple[list[DatedCount], list[str]]
Cells = Mapping[str, str]
UNITS = {"weekly": "week", "monthly": "month", "quarterly": "quarter"}
SEXES = {
    "m": "male",
    "f": "female",
    "b": "both",
    "male": "male",
    "female": "female",
    "both": "both",
    "": "both",
}
_STMF_AGES = {
    "DTotal": (None, None), "D0_14": (0, 14), "D15_64": (15, 64), "D65_74": (65, 74), "D75_84": (75, 84),
    "D85p": (85, None),
}  # fmt: skip
_OWID = re.compile(r"deaths_(\d{4})_all_ages")


def read_dated(path: Path, location: str = "") -> DatedFile:
    """Read deaths by week, month or quarter of one place.

    Parameters
    ----------
    location : place of the file as it stands there; needed where the file has several

    Raises
    ------
    CaseError
        An unknown layout, a place that the file does not have, cells that cannot be read, days counted twice.

    References
    ----------
    karlinsky_kobak2021, jdanov2021
    """
    table = read_delimited(path)
    for title, columns, place_column, read in LAYOUTS:
        if table.has(*columns) and (title != OWID or any(map(_OWID.fullmatch, table.header))):
            column = next((one for one in place_column if one in table.header), "")
            places = [row[column] for _, row in table.rows] if column else [location or "the place"]
            place = chosen_place(table, places, location)
            counts, notes = read(table, place, column)
            if not any(count.deaths is not None for count in counts):
                raise mistake(table.name, f"has no deaths of '{place}'")
            return DatedFile(table.name, title, place, in_order(table.name, counts),
                             (*table.notes, *notes))  # fmt: skip
    known = "; ".join(f"{title}: {', '.join(columns)}" for title, columns, *_ in LAYOUTS)
    raise mistake(table.name, f"its first line is '{','.join(table.header)[:80]}', which is no layout of "
                  f"dated deaths that is read. The layouts and their columns are {known}", 1)  # fmt: skip


def _of(column: str, place: str) -> Callable[[Cells], bool]:
    """Return whether a row is of the place; every row where the file has no places."""
    return lambda row: not column or row[column] == place


def _world_mortality(table: DelimitedTable, place: str, column: str) -> Counts:
    """Read the World Mortality Dataset; year 0, an average of earlier years, is left out and named."""
    wanted = _of(column, place)
    figures, notes = numbers_of(table, ("deaths",), wanted)
    counts, averages = [], 0
    for line, row in table.rows:
        if not wanted(row):
            continue
        if row["year"] in ("0", "0.0"):
            averages += 1
            continue
        kind = UNITS.get(row["time_unit"])
        if kind is None:
            raise mistake(table.name, f"the time unit '{row['time_unit']}' has no dates in this calendar; "
                          "give start and end of each period", line, "time_unit")  # fmt: skip
        year, number = (whole_number(row[name], table, line, name) for name in ("year", "time"))
        period = part_of_year(table, line, year, kind, number)
        counts.append(DatedCount(place, Group(), period, figures[line, "deaths"], line))
    said = [*notes]
    if averages:
        said.append(
            f"{averages} rows of '{place}' have the year 0: they are an average of earlier years, no year, "
            "and are left out"
        )
    return counts, said


def _stmf(table: DelimitedTable, place: str, column: str) -> Counts:
    """Read Short-term Mortality Fluctuations: counts by sex and five wide ages."""
    wanted = _of(column, place)
    columns = [name for name in _STMF_AGES if name in table.header]
    figures, notes = numbers_of(table, columns, wanted)
    counts, split = [], 0
    for line, row in table.rows:
        if not wanted(row):
            continue
        year, week = (whole_number(row[name], table, line, name) for name in ("Year", "Week"))
        period = part_of_year(table, line, year, "week", week)
        split += row.get("Split", "0") not in ("0", "")
        for name in columns:
            group = Group(_sex(row["Sex"], table, line), *_STMF_AGES[name])
            counts.append(DatedCount(place, group, period, figures[line, name], line))
    said = [*notes]
    if split:
        said.append(f"{split} rows have ages that the database split from wider groups (column Split)")
    return counts, said


def _stmf_input(table: DelimitedTable, place: str, column: str) -> Counts:
    """Read an input file of STMF: a row an age group; deaths of unknown age are spread in proportion."""
    wanted = _of(column, place)
    figures, notes = numbers_of(table, ("Deaths",), wanted)
    counts: list[DatedCount] = []
    unknown: dict[tuple[str, Period], float] = {}
    totals: set[tuple[str, Period]] = set()
    undated = 0.0
    for line, row in table.rows:
        deaths = figures.get((line, "Deaths"))
        if not wanted(row):
            continue
        if row["Week"] == "UNK":
            undated += deaths or 0.0
            continue
        year, week = (whole_number(row[name], table, line, name) for name in ("Year", "Week"))
        period, sex = part_of_year(table, line, year, "week", week), _sex(row["Sex"], table, line)
        if row["Age"] == "UNK":
            unknown[sex, period] = unknown.get((sex, period), 0.0) + (deaths or 0.0)
            continue
        group = Group(sex) if row["Age"] == "TOT" else Group(sex, *_ages(row, table, line))
        totals |= {(sex, period)} if group.age_from is None else set()
        counts.append(DatedCount(place, group, period, deaths, line))
    spread, people = with_unknown_ages(counts, unknown)
    spread += _sums(spread, unknown, totals)
    spread += _both_sexes(spread)
    said = [*notes]
    if people:
        said.append(f"{people:,.0f} deaths of unknown age are spread over the known ages of the same sex and "
                    "week, in proportion; the total is unchanged")  # fmt: skip
    if undated:
        said.append(f"{undated:,.0f} deaths of an unknown week are left out")
    return spread, said


def _sums(
    counts: list[DatedCount], unknown: dict[tuple[str, Period], float], totals: set[tuple[str, Period]]
) -> list[DatedCount]:
    """Return the deaths at every age of each sex and week that has no total; with those of unknown age."""
    found: dict[tuple[str, Period], float] = {}
    lines: dict[tuple[str, Period], tuple[str, int]] = {}
    for count in counts:
        key = (count.group.sex, count.period)
        if key not in totals:
            found[key] = found.get(key, 0.0) + (count.deaths or 0.0)
            lines.setdefault(key, (count.place, count.line))
    for key, deaths in unknown.items():
        spread_already = found.get(key, 0.0) > 0
        found[key] = found.get(key, 0.0) + (0.0 if spread_already or key in totals else deaths)
    return [
        DatedCount(lines[key][0], Group(key[0]), key[1], deaths, lines[key][1])
        for key, deaths in found.items()
        if key in lines
    ]


def _both_sexes(counts: list[DatedCount]) -> list[DatedCount]:
    """Return both sexes together, where the file has each sex and not both."""
    there = {(count.group, count.period) for count in counts}
    sexes: dict[tuple[Group, Period], list[DatedCount]] = {}
    for count in counts:
        if count.group.sex in ("male", "female"):
            sexes.setdefault((count.group._replace(sex="both"), count.period), []).append(count)
    return [
        DatedCount(two[0].place, group, period, sum(one.deaths or 0.0 for one in two), two[0].line)
        for (group, period), two in sexes.items()
        if len(two) == 2 and (group, period) not in there
    ]


def _ages(row: Cells, table: DelimitedTable, line: int) -> tuple[int, int | None]:
    start = whole_number(row["Age"], table, line, "Age")
    width = row["AgeInterval"]
    return start, None if width == "+" else start + whole_number(width, table, line, "AgeInterval") - 1


def _sex(text: str, table: DelimitedTable, line: int) -> str:
    found = SEXES.get(text.lower())
    if found is None:
        raise mistake(table.name, f"'{text}' is no sex; it is male, female or both", line, "sex")
    return found


def _owid(table: DelimitedTable, place: str, column: str) -> Counts:
    """Read the excess mortality table of Our World in Data: one column a year, one row a week or month."""
    wanted = _of(column, place)
    columns = {name: int(match[1]) for name in table.header if (match := _OWID.fullmatch(name))}
    figures, notes = numbers_of(table, columns, wanted)
    counts = []
    for line, row in table.rows:
        if not wanted(row):
            continue
        kind = UNITS.get(row["time_unit"])
        if kind is None:
            raise mistake(table.name, f"the time unit '{row['time_unit']}' is neither weekly nor monthly",
                          line, "time_unit")  # fmt: skip
        number = whole_number(row["time"], table, line, "time")
        for name, year in columns.items():
            deaths = figures[line, name]
            absent = kind == "week" and number == 53 and weeks_in_year(year) < 53
            if deaths is not None and not absent:
                period = part_of_year(table, line, year, kind, number)
                counts.append(DatedCount(place, Group(), period, deaths, line))
    weekly = any(count.period.days == 7 for count in counts)
    return counts, [*notes, *(["the table leaves out week 53 of years before 2020"] if weekly else [])]


def _plain(table: DelimitedTable, place: str, column: str) -> Counts:
    """Read rows with start and end, or with year and week, month or quarter."""
    figures, notes = numbers_of(table, ("deaths",), _of(column, place))
    kinds = [kind for kind in ("week", "month", "quarter") if kind in table.header]
    counts: list[DatedCount] = []
    problems: list[Problem] = []
    for line, row in table.rows:
        if column and row[column] != place:
            continue
        try:
            if table.has("start", "end"):
                period = _dates(row["start"], row["end"], table, line)
            elif len(kinds) == 1 and "year" in table.header:
                year, number = (whole_number(row[n], table, line, n) for n in ("year", kinds[0]))
                period = part_of_year(table, line, year, kinds[0], number)
            else:
                raise mistake(table.name, "has no dates; give the columns start and end, or year with week, "
                              "month or quarter", 1)  # fmt: skip
            ages = [row.get(name, "") for name in ("age_from", "age_to")]
            first, last = (whole_number(a, table, line, "age_from") if a else None for a in ages)
            group = Group(_sex(row.get("sex", ""), table, line), first, last)
        except CaseError as error:
            problems += error.problems
            if len(problems) >= 50 or problems[-1].line == 1:
                break
            continue
        counts.append(DatedCount(place, group, period, figures[line, "deaths"], line))
    if problems:
        raise CaseError(problems)
    return counts, [*notes]


def _dates(first: str, last: str, table: DelimitedTable, line: int) -> Period:
    try:
        period = Period(parse_date(first), parse_date(last))
    except ValueError as error:
        raise CaseError(Problem(table.name, str(error), line, "start")) from None
    if period.end < period.start:
        raise mistake(table.name, f"the period ends on {last}, before it starts on {first}", line, "end")
    return period


OWID = "Our World in Data, excess mortality"
Reader = Callable[[DelimitedTable, str, str], Counts]
# title, columns that name the layout, columns that may hold the place, reader
LAYOUTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], Reader], ...] = (
    ("World Mortality Dataset", ("year", "time", "time_unit", "deaths"), ("country_name",), _world_mortality),
    ("Short-term Mortality Fluctuations", ("CountryCode", "Year", "Week", "Sex", "DTotal"), ("CountryCode",),
     _stmf),
    ("Short-term Mortality Fluctuations, input file",
     ("PopCode", "Year", "Week", "Sex", "Age", "AgeInterval", "Deaths"), ("PopCode",), _stmf_input),
    (OWID, ("location", "date", "time", "time_unit"), ("location",), _owid),
    ("plain rows", ("deaths",), ("place", "location", "country"), _plain),
)  # fmt: skip
