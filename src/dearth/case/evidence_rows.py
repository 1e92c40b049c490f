"""Evidence files and the list of sources, read with every mistake at once."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dearth.bibliography.grade import Grade
from dearth.bibliography.works import Work
from dearth.case.csv_table import MAX_PROBLEMS, number, read_rows
from dearth.case.evidence import Row
from dearth.case.periods import DAYS_A_YEAR, Period
from dearth.case.problems import Problem, alike_together, did_you_mean, name_hint
from dearth.case.row_periods import row_period
from dearth.case.units import Unit, UnitTable
from dearth.case.vocabulary import (
    BASES,
    QUALITIES,
    VARIABLES,
    adds_up,
    limits,
    needs_basis,
    needs_scope,
)

REQUIRED = ("series", "variable", "value", "unit", "source_id", "quality")
OPTIONAL = (
    "year",
    "start",
    "end",
    "low",
    "high",
    "place",
    "scope",
    "basis",
    "sex",
    "age_from",
    "age_to",
    "note",
)
_THREE = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
OLDEST = 150  # an age above it is a slip
SOURCE_REQUIRED = ("source_id", "title")
SOURCE_OPTIONAL = ("author", "year", "where", "reliability_note", "work", "grade")


def read_sources(
    path: Path, name: str, works: Mapping[str, Work], notices: list[Problem]
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """Return the rows of ``sources.csv`` by ``source_id``, and what is wrong with them.

    `works` has the publications that column `work` may name: what the page or file was copied from. `notices`
    receives how the file was read, where that is not as the format says.
    """
    sources: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for line, row in read_rows(path, name, SOURCE_REQUIRED, SOURCE_OPTIONAL, notices):
        if row["source_id"] in sources:
            problems.append(Problem(name, f"'{row['source_id']}' is listed twice", line, "source_id"))
        sources[row["source_id"]] = row
        for field, allowed in (("work", works), ("grade", list(Grade))):
            word = row.get(field, "")
            if word and word not in allowed:
                hint = name_hint(word, allowed, field) if field == "work" else did_you_mean(word, allowed)
                problems.append(Problem(name, f"no {field} is called '{word}'{hint}", line, field))
    return sources, problems


class _Seen(NamedTuple):
    """Where a figure stands and which days it covers."""

    period: Period
    file: str
    line: int


class RowReader:
    """Reads evidence rows and collects problems; one instance serves all files of a case."""

    def __init__(
        self,
        places: set[str],
        whole: str,
        scopes: set[str],
        sources: set[str],
        units: UnitTable | None = None,
    ):
        self.places, self.whole, self.scopes, self.sources = places, whole, scopes, sources
        self.units = units or UnitTable()
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []  # how files were read that are not as the format says
        self._seen: dict[tuple[str, ...], list[_Seen]] = {}

    def read(self, path: Path, name: str) -> list[Row]:
        """Return the good rows of one file; the others leave a problem each."""
        rows = []
        written: dict[int, str] = {}
        before = len(self.problems)
        stop = len(self.problems) + MAX_PROBLEMS
        for line, cells in read_rows(path, name, REQUIRED, OPTIONAL, self.notices):
            written[line] = cells["value"]
            row = self._row(name, line, cells)
            if row is not None:
                rows.append(row)
            if len(self.problems) >= stop:
                self._add(name, line, "", f"more than {MAX_PROBLEMS} mistakes; the rest unread")
                break
        self.problems[before:] = alike_together(self.problems[before:])
        self.notices += _points_in_persons(rows, written, name)
        return rows

    def _add(self, name: str, line: int, field: str, message: str) -> None:
        self.problems.append(Problem(name, message, line, field))

    def _row(self, name: str, line: int, cells: dict[str, str]) -> Row | None:
        before = len(self.problems)
        dated = row_period(cells, name, line)
        period = dated if isinstance(dated, Period) else None
        if not isinstance(dated, Period):
            self.problems += dated
        value = number(cells["value"], name, line, "value")
        if isinstance(value, Problem):
            self.problems.append(value)
            value = float("nan")
        unit = self.units.get(cells["unit"])
        low, high = self._interval(name, line, cells, value)
        base = self._base(name, line, cells, unit, value, period)
        self._words(name, line, cells, unit)
        place = cells.get("place", "")
        place = "" if place == self.whole else place
        if len(self.problems) > before or period is None or unit is None:
            return None
        sex, age_from, age_to = (cells.get(f, "") for f in ("sex", "age_from", "age_to"))
        key = (place, cells["series"], cells["variable"], sex, age_from, age_to)
        self._seen.setdefault(key, []).append(_Seen(period, name, line))
        return Row(
            name, line, place, period, cells["series"], cells["variable"], value, cells["unit"],
            base, cells["source_id"], cells["quality"], cells.get("scope", ""),
            cells.get("basis", ""), unit.kind, sex, age_from, age_to, cells.get("note", ""),
            low * unit.factor, high * unit.factor, bool(cells.get("start")),
        )  # fmt: skip

    def _interval(self, name: str, line: int, cells: dict[str, str], value: float) -> tuple[float, float]:
        """Return the interval that a row prints, as written; nan where it prints none."""
        given = [cells.get(field, "") for field in ("low", "high")]
        if not any(given):
            return float("nan"), float("nan")
        ends = [number(text, name, line, field) for field, text in zip(("low", "high"), given, strict=True)]
        self.problems += [end for end in ends if isinstance(end, Problem)]
        low, high = (float("nan") if isinstance(end, Problem) else end for end in ends)
        if low > value or high < value:
            self._add(
                name, line, "low", f"the interval {low:g} to {high:g} does not contain the value {value:g}"
            )
        return low, high

    def overlaps(self) -> list[Problem]:
        """Return a problem for every figure that shares days with another of its series and variable."""
        problems = []
        for (_, series, variable, *_), seen in self._seen.items():
            ordered = sorted(seen, key=lambda one: (one.period.start, one.period.end, one.file, one.line))
            last = ordered[0]
            for one in ordered[1:]:
                if one.period.start <= last.period.end:
                    later, first = (
                        (one, last) if (one.file, one.line) > (last.file, last.line) else (last, one)
                    )
                    problems.append(_two_figures(series, variable, later, first))
                last = max(last, one, key=lambda each: each.period.end)
        return problems

    def _base(
        self,
        name: str,
        line: int,
        cells: dict[str, str],
        unit: Unit | None,
        value: float,
        period: Period | None,
    ) -> float:
        variable = cells["variable"]
        known = VARIABLES.get(variable)
        if unit is None:
            allowed = self.units.of_base(known.unit) if known else self.units.names
            given, of = cells["unit"], f"Units of {variable}" if known else "Units"
            own = f"{{'{given or 'NAME'}': {{base: '{given or 'NAME'}', factor: 1}}}}"
            self._add(
                name, line, "unit",
                f"'{given}' is not a unit. {of}: {'; '.join(allowed)}. A unit of your own needs its base and "
                f"factor in case.yaml: units: {own}",
            )  # fmt: skip
            return value
        if known is not None and unit.base != known.unit:
            names = "; ".join(self.units.of_base(known.unit))
            self._add(name, line, "unit", f"'{unit.name}' does not measure {variable}; its units are: {names}"
                      f"{_as_rate(variable, unit)}")  # fmt: skip
            return value
        base = value * unit.factor
        low, high = limits(variable)
        if period is not None and known is not None and known.unit == "per 1000":
            high /= min(1.0, period.days / DAYS_A_YEAR)  # a high rate is credible for a few days
        if base < low or base > high:
            self._add(
                name, line, "value",
                f"{value:g} {unit.name} is outside the credible {low / unit.factor:g} to "
                f"{high / unit.factor:g}; check the unit",
            )  # fmt: skip
        return base

    def _words(self, name: str, line: int, cells: dict[str, str], unit: Unit | None) -> None:
        for field in ("series", "variable"):
            if not cells[field] or "/" in cells[field]:
                self._add(name, line, field, f"'{cells[field]}' is not a name (empty, or a slash)")
        if cells["source_id"] not in self.sources:
            hint = name_hint(cells["source_id"], sorted(self.sources), "source")
            self._add(name, line, "source_id", f"'{cells['source_id']}' is not in sources.csv{hint}")
        if cells["quality"] not in QUALITIES:
            hint = did_you_mean(cells["quality"], QUALITIES)
            self._add(name, line, "quality", f"unknown quality '{cells['quality']}'{hint}")
        place = cells.get("place", "")
        if place not in self.places and place not in ("", self.whole):
            hint = name_hint(place, sorted(self.places), "place")
            self._add(name, line, "place", f"'{place}' is not a place of case.yaml{hint}")
        self._scope(name, line, cells, unit)

        for field in ("age_from", "age_to"):
            text = cells.get(field, "")
            if text and not (text.isascii() and text.isdigit() and int(text) <= OLDEST):
                message = f"'{text}' is not an age in whole years; age_to is empty for an open age"
                self._add(name, line, field, message)

    def _scope(self, name: str, line: int, cells: dict[str, str], unit: Unit | None) -> None:
        variable, scope = cells["variable"], cells.get("scope", "")
        if needs_scope(variable) and scope not in self.scopes:
            what = f"'{scope}' is not declared" if scope else "a stock of people needs its scope"
            hint = name_hint(scope, sorted(self.scopes), "group of people")
            self._add(name, line, "scope", f"{what}; name one of scopes: in case.yaml{hint}")
        if unit is not None and needs_basis(variable, unit.base) and cells.get("basis", "") not in BASES:
            self._add(name, line, "basis", f"grain needs its basis: {' or '.join(BASES)}")


def _points_in_persons(rows: list[Row], written: Mapping[int, str], name: str) -> list[Problem]:
    """Return a warning of persons with three digits after a point: it may separate thousands."""
    found = [row for row in rows if row.unit == "persons" and _THREE.fullmatch(written[row.line])]
    if not found:
        return []
    text, more = written[found[0].line], len(found) - 1
    message = (
        f"'{text}' persons is read as {found[0].value:g}. If the point separates thousands, write "
        f"{text.replace('.', '')}; if it stands before decimals, round the figure"
        + (f". The file has {more} more such row(s)" if more else "")
    )
    return [Problem(name, message, found[0].line, "value", "warning")]


def _two_figures(series: str, variable: str, later: _Seen, first: _Seen) -> Problem:
    """Return the problem of two figures for the same days; both can stay in the case."""
    where = f"{first.file}:{first.line}"
    keep = (
        f"To keep both, give this row a series of its own (for example '{series}_2'); "
        "a register then names the one it uses, and the other stays in the case as a rival"
    )
    if later.period == first.period:
        message = f"{where} has a figure of {series}/{variable} for the same period. {keep}"
    else:
        kind = "a second date" if adds_up(variable, "") == "stock" else "days that it shares with this row"
        message = (
            f"{where} ({first.period.text}) has {kind}; no day may be counted twice in "
            f"{series}/{variable}. {keep}"
        )
    return Problem(later.file, message, later.line, "year")


def _as_rate(variable: str, unit: Unit) -> str:
    """Return which variable a rate belongs to, where events were given as one."""
    rates = {"deaths": "crude_death_rate", "births": "crude_birth_rate"}
    if unit.base == "per 1000" and variable in rates:
        return f". A rate belongs to the variable {rates[variable]}"
    return ""
