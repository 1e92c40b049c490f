"""Evidence files and the list of sources, read with every mistake at once."""

from collections.abc import Mapping
from pathlib import Path

from dearth.bibliography.grade import Grade
from dearth.bibliography.works import Work
from dearth.case.csv_table import MAX_PROBLEMS, number, read_rows
from dearth.case.evidence import Row
from dearth.case.problems import Problem, did_you_mean
from dearth.case.vocabulary import (
    BASES,
    QUALITIES,
    UNITS,
    VARIABLES,
    limits,
    needs_basis,
    needs_scope,
)

REQUIRED = ("year", "series", "variable", "value", "unit", "source_id", "quality")
OPTIONAL = ("place", "scope", "basis", "sex", "age_from", "age_to", "note")
SOURCE_REQUIRED = ("source_id", "title")
SOURCE_OPTIONAL = ("author", "year", "where", "reliability_note", "work", "grade")
FIRST_YEAR, LAST_YEAR = 1000, 2200


def read_sources(
    path: Path, name: str, works: Mapping[str, Work]
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """Return the rows of ``sources.csv`` by ``source_id``, and what is wrong with them.

    `works` has the publications that column `work` may name: what the page or file was copied from.
    """
    sources: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for line, row in read_rows(path, name, SOURCE_REQUIRED, SOURCE_OPTIONAL):
        if row["source_id"] in sources:
            problems.append(Problem(name, f"'{row['source_id']}' is listed twice", line, "source_id"))
        sources[row["source_id"]] = row
        for field, allowed in (("work", works), ("grade", list(Grade))):
            word = row.get(field, "")
            if word and word not in allowed:
                hint = did_you_mean(word, allowed)
                problems.append(Problem(name, f"no {field} is called '{word}'{hint}", line, field))
    return sources, problems


class RowReader:
    """Reads evidence rows and collects problems; one instance serves all files of a case."""

    def __init__(self, places: set[str], whole: str, scopes: set[str], sources: set[str]):
        self.places, self.whole, self.scopes, self.sources = places, whole, scopes, sources
        self.problems: list[Problem] = []
        self._seen: dict[tuple[object, ...], tuple[str, int]] = {}

    def read(self, path: Path, name: str) -> list[Row]:
        """Return the good rows of one file; the others leave a problem each."""
        rows = []
        stop = len(self.problems) + MAX_PROBLEMS
        for line, cells in read_rows(path, name, REQUIRED, OPTIONAL):
            row = self._row(name, line, cells)
            if row is not None:
                rows.append(row)
            if len(self.problems) >= stop:
                self._add(name, line, "", f"more than {MAX_PROBLEMS} mistakes; the rest unread")
                break
        return rows

    def _add(self, name: str, line: int, field: str, message: str) -> None:
        self.problems.append(Problem(name, message, line, field))

    def _row(self, name: str, line: int, cells: dict[str, str]) -> Row | None:
        before = len(self.problems)
        year = self._year(name, line, cells["year"])
        value = number(cells["value"], name, line, "value")
        if isinstance(value, Problem):
            self.problems.append(value)
            value = float("nan")
        base = self._base(name, line, cells["variable"], cells["unit"], value)
        self._words(name, line, cells)
        place = cells.get("place", "")
        place = "" if place == self.whole else place
        if len(self.problems) > before:
            return None
        sex, age_from, age_to = (cells.get(f, "") for f in ("sex", "age_from", "age_to"))
        key = (place, year, cells["series"], cells["variable"], sex, age_from, age_to)
        if key in self._seen:
            file, first = self._seen[key]
            self._add(name, line, "year", f"repeats {file}:{first}; keep one of the two rows")
            return None
        self._seen[key] = (name, line)
        return Row(
            name, line, place, year, cells["series"], cells["variable"], value, cells["unit"],
            base, cells["source_id"], cells["quality"], cells.get("scope", ""),
            cells.get("basis", ""), sex, age_from, age_to, cells.get("note", ""),
        )  # fmt: skip

    def _year(self, name: str, line: int, text: str) -> int:
        if text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR:
            return int(text)
        self._add(name, line, "year", f"'{text}' is not a year from {FIRST_YEAR} to {LAST_YEAR}")
        return 0

    def _base(self, name: str, line: int, variable: str, unit: str, value: float) -> float:
        if unit not in UNITS:
            self._add(name, line, "unit", f"unknown unit '{unit}'{did_you_mean(unit, UNITS)}")
            return value
        known = VARIABLES.get(variable)
        base_unit, factor = UNITS[unit]
        if known is not None and base_unit != known.unit:
            self._add(name, line, "unit", f"'{unit}' does not measure {variable}; give {known.unit}")
            return value
        base = value * factor
        low, high = limits(variable)
        if base < low or base > high:
            self._add(
                name, line, "value",
                f"{value:g} {unit} is outside the credible {low:g} to {high:g}; check the unit",
            )  # fmt: skip
        return base

    def _words(self, name: str, line: int, cells: dict[str, str]) -> None:
        for field in ("series", "variable"):
            if not cells[field] or "/" in cells[field]:
                self._add(name, line, field, f"'{cells[field]}' is not a name (empty, or a slash)")
        if cells["source_id"] not in self.sources:
            hint = did_you_mean(cells["source_id"], self.sources)
            self._add(name, line, "source_id", f"'{cells['source_id']}' is not in sources.csv{hint}")
        if cells["quality"] not in QUALITIES:
            hint = did_you_mean(cells["quality"], QUALITIES)
            self._add(name, line, "quality", f"unknown quality '{cells['quality']}'{hint}")
        place = cells.get("place", "")
        if place not in self.places and place not in ("", self.whole):
            hint = did_you_mean(place, self.places)
            self._add(name, line, "place", f"'{place}' is not a place of case.yaml{hint}")
        self._scope(name, line, cells)

    def _scope(self, name: str, line: int, cells: dict[str, str]) -> None:
        variable, scope = cells["variable"], cells.get("scope", "")
        if needs_scope(variable) and scope not in self.scopes:
            what = f"'{scope}' is not declared" if scope else "a stock of people needs its scope"
            hint = did_you_mean(scope, self.scopes)
            self._add(name, line, "scope", f"{what}; name one of scopes: in case.yaml{hint}")
        if needs_basis(variable, cells["unit"]) and cells.get("basis", "") not in BASES:
            self._add(name, line, "basis", f"grain needs its basis: {' or '.join(BASES)}")
