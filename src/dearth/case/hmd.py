"""Human Mortality Database text files: ``Deaths_1x1``, ``Births``, ``Population``, ``Exposures_1x1``.

Layout: a title line, a blank line, a header, then columns split by white space. Missing is ``.``; the
last age is open (``110+``); a population year may read ``1959-`` and ``1959+`` around a change of
territory (31 December before, 1 January after). People of unknown age (``UNK``) are spread over the known
ages of the same sex and year, in proportion. Groups of ages (``1-4``) are read as such; groups of years
(``1960-1964``) where they are asked for.
"""

import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from dearth.case.downloaded_files import open_text
from dearth.case.problems import mistake

SEXES = ("Female", "Male", "Total")
UNKNOWN = "UNK"
_COUNT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_GROUP = re.compile(r"(\d+)-(\d+)", re.ASCII)
_FULL = re.compile(r"(\d+)[+-]?", re.ASCII)


class HmdRow(NamedTuple):
    """One line: `flag` is ``-``, ``+`` or empty; `age` None without ages; None is missing.

    `open` names the oldest age, such as ``110+``; `width` is the number of ages of a group such as ``1-4``,
    and `years` that of the years of a group such as ``1960-1964``, of which `year` is the first.
    """

    year: int
    flag: str
    age: int | None
    female: float | None
    male: float | None
    total: float | None
    open: bool = False
    width: int = 1
    years: int = 1

    @property
    def last_age(self) -> int | None:
        """Last age of the group; None for the open one."""
        return None if self.open or self.age is None else self.age + self.width - 1


@dataclass(frozen=True)
class HmdTable:
    """A file's title (with its date of modification) and rows; the oldest age is open.

    Attributes
    ----------
    spread : people of unknown age that were spread over the known ages, by year; both sexes
    """

    name: str
    title: str
    rows: tuple[HmdRow, ...]
    spread: Mapping[int, float] = field(default_factory=dict)

    @property
    def groups(self) -> dict[int, int]:
        """Number of years of each group of years by its first; empty for a file of single years."""
        return {row.year: row.years for row in self.rows if row.years > 1}

    def totals(self) -> dict[tuple[int, str], float]:
        """Return both sexes over all ages by (year, flag); a missing age leaves the year out."""
        sums: dict[tuple[int, str], float] = {}
        holes = set()
        for row in self.rows:
            key = (row.year, row.flag)
            if row.total is None:
                holes.add(key)
            else:
                sums[key] = sums.get(key, 0.0) + row.total
        return {key: value for key, value in sums.items() if key not in holes}


def read_hmd(path: Path, groups: bool = False) -> HmdTable:
    """Read one file of the Human Mortality Database.

    Parameters
    ----------
    groups : read groups of years, such as ``1960-1964``; else they are refused

    Raises
    ------
    CaseError
        When the header or a line is not of this layout, an age is missing or repeated, or the file
        ends within a year; names the line.
    """
    with open_text(path) as file:
        lines = [line.rstrip("\r\n") for line in file]
    at = next((i for i, line in enumerate(lines) if line.split()[:1] == ["Year"]), None)
    if at is None or lines[at].split()[-3:] != list(SEXES):
        raise mistake(path.name, "no header 'Year [Age] Female Male Total': not a file of the Human "
                      "Mortality Database", 3)  # fmt: skip
    has_age = "Age" in lines[at].split()
    rows: dict[int, HmdRow] = {}
    unknown: dict[int, HmdRow] = {}
    for number, line in enumerate(lines[at + 1 :], at + 2):
        cells = line.split()
        if cells:
            years = _years_of_group(cells, path.name, number, groups)
            of_unknown_age = has_age and cells[1:2] == [UNKNOWN]
            found = _row([cells[0], *cells[2:]] if of_unknown_age else cells,
                         has_age and not of_unknown_age, path.name, number)  # fmt: skip
            (unknown if of_unknown_age else rows)[number] = found._replace(years=years)
    if not rows:
        raise mistake(path.name, "holds no figures below its header", at + 1)
    _check_order(rows, has_age, path.name)
    known = tuple(rows.values())
    for number, row in unknown.items():
        known = _with_unknown(known, row, path.name, number)
    spread = {row.year: row.total for row in unknown.values() if row.total}
    return HmdTable(path.name, lines[0].strip(), known, spread)


def _years_of_group(cells: list[str], name: str, line: int, allowed: bool) -> int:
    """Return how many years a line is of, and put the first in the place of the group.

    Raises
    ------
    CaseError
        A group where single years are wanted, with the name of the file that has them.
    """
    cell, group = cells[0], _GROUP.fullmatch(cells[0])
    if group and allowed and int(group[2]) >= int(group[1]):
        cells[0] = group[1]
        return int(group[2]) - int(group[1]) + 1
    if group:
        single = re.sub(r"_?\d+x\d+", "", name.split(".")[0])
        raise mistake(name, f"'{cell}' is a group of years; download {single}_1x1.txt or {single}_5x1.txt, "
                      "which have single years", line)  # fmt: skip
    return 1


def _with_unknown(rows: tuple[HmdRow, ...], unknown: HmdRow, name: str, line: int) -> tuple[HmdRow, ...]:
    """Return the rows with people of unknown age spread over those of the same year and sex."""
    ofs = [row for row in rows if (row.year, row.flag) == (unknown.year, unknown.flag)]
    factors = []
    for sex in ("female", "male", "total"):
        more = getattr(unknown, sex) or 0.0
        known = sum(getattr(row, sex) or 0.0 for row in ofs)
        if more and not known:
            raise mistake(name, f"{more:g} people of unknown age ({sex}) in {unknown.year} and none of a "
                          "known age to spread them over; download the file again", line)  # fmt: skip
        factors.append(1 + more / known if more else 1.0)
    same = set(map(id, ofs))
    return tuple(_scaled(row, factors) if id(row) in same else row for row in rows)


def _scaled(row: HmdRow, factors: list[float]) -> HmdRow:
    """Return a row times the factor of each sex and of both together."""
    female, male, total = (
        None if value is None else value * factor
        for value, factor in zip((row.female, row.male, row.total), factors, strict=True)
    )
    return row._replace(female=female, male=male, total=total)


def _check_order(rows: dict[int, HmdRow], has_age: bool, name: str) -> None:
    """Refuse years given twice, out of order or cut off: their sums would be wrong unnoticed."""
    seen: set[tuple[int, str]] = set()
    last: HmdRow | None = None
    for line, row in rows.items():
        same = last is not None and has_age and (last.year, last.flag) == (row.year, row.flag)
        if last is not None and has_age and not same and not last.open:
            raise mistake(name, f"{last.year} ends at age {last.age} without an open age such as 110+; "
                          "lines are missing, download the file again", line)  # fmt: skip
        if not same and (row.year, row.flag) in seen:
            raise mistake(
                name, f"the year {row.year}{row.flag} is given twice; download the file again", line
            )
        if last is not None and same and (last.open or row.age is None or row.age <= (last.age or 0)):
            raise mistake(name, f"age {row.age} follows age {last.age} in {row.year}; each age once, "
                          "ascending", line)  # fmt: skip
        seen.add((row.year, row.flag))
        last = row
    if last is not None and has_age and not last.open:
        raise mistake(name, f"the file ends within {last.year}, at age {last.age}; download it again",
                      max(rows))  # fmt: skip
    _check_ages(rows, name)


def _check_ages(rows: dict[int, HmdRow], name: str) -> None:
    """Refuse a year that lacks an age which other years of the file hold."""
    usual = sorted({row.age for row in rows.values() if row.age is not None})
    after = dict(itertools.pairwise(usual))
    wanted = usual[0] if usual else None
    for line, row in rows.items():
        if row.age is None:
            return
        if row.age != wanted and not row.open:
            raise mistake(name, f"{row.year}: age {row.age} stands where {wanted} is expected; a line "
                          "is missing, download the file again", line)  # fmt: skip
        if row.open and wanted is not None and row.age > wanted:
            raise mistake(name, f"{row.year}: the open age {row.age}+ stands where {wanted} is "
                          "expected; a line is missing, download the file again", line)  # fmt: skip
        wanted = usual[0] if row.open else after.get(row.age)


def _row(cells: list[str], has_age: bool, name: str, line: int) -> HmdRow:
    if len(cells) != 4 + has_age:
        raise mistake(name, f"has {len(cells)} columns, expected {4 + has_age}", line)
    flag = cells[0][-1] if cells[0][-1] in "+-" else ""
    ages = _ages(cells[1]) if has_age else (0, 1)
    if (
        ages is None
        or not _FULL.fullmatch(cells[0])
        or any(c != "." and not _COUNT.fullmatch(c) for c in cells[1 + has_age :])
    ):
        raise mistake(name, f"'{' '.join(cells)}' is not a number; numbers are written with the digits 0 to "
                            "9", line)  # fmt: skip
    year = int(cells[0].rstrip("+-"))
    female, male, total = (None if c == "." else float(c) for c in cells[1 + has_age :])
    for given, value in zip(cells[-3:], (female, male, total), strict=True):
        if value is not None and not 0 <= value < math.inf:
            raise mistake(name, f"'{given}' is no count; counts are 0 or more, missing is '.'", line)
    is_open = has_age and cells[1].endswith("+")
    return HmdRow(year, flag, ages[0] if has_age else None, female, male, total, is_open, ages[1])


def _ages(text: str) -> tuple[int, int] | None:
    """Return the first age and the number of ages of ``0``, ``1-4`` or ``110+``; None where it is no age."""
    group = _GROUP.fullmatch(text)
    if group:
        first, last = int(group[1]), int(group[2])
        return (first, last - first + 1) if last >= first else None
    plain = text.removesuffix("+")
    return (int(plain), 1) if plain.isascii() and plain.isdigit() else None
