"""Human Mortality Database text files: ``Deaths_1x1``, ``Births``, ``Population``, ``Exposures_1x1``.

Layout: a title line, a blank line, a header, then columns split by white space. Missing is ``.``; the
last age is open (``110+``); a population year may read ``1959-`` and ``1959+`` around a change of
territory (31 December before, 1 January after).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dearth.case.download import open_text
from dearth.case.problems import mistake

SEXES = ("Female", "Male", "Total")


class HmdRow(NamedTuple):
    """One line: `flag` is ``-``, ``+`` or empty; `age` None without ages; None is missing."""

    year: int
    flag: str
    age: int | None
    female: float | None
    male: float | None
    total: float | None


@dataclass(frozen=True)
class HmdTable:
    """A file's title (with its date of modification) and rows; the oldest age is open."""

    name: str
    title: str
    rows: tuple[HmdRow, ...]

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


def read_hmd(path: Path) -> HmdTable:
    """Read one file of the Human Mortality Database.

    Raises
    ------
    CaseError
        When the header or a line is not of this layout; names the line.
    """
    with open_text(path) as file:
        lines = [line.rstrip("\r\n") for line in file]
    at = next((i for i, line in enumerate(lines) if line.split()[:1] == ["Year"]), None)
    if at is None or lines[at].split()[-3:] != list(SEXES):
        raise mistake(path.name, "no header 'Year [Age] Female Male Total': not a file of the Human "
                      "Mortality Database", 3)  # fmt: skip
    has_age = "Age" in lines[at].split()
    rows = [
        _row(line.split(), has_age, path.name, number)
        for number, line in enumerate(lines[at + 1 :], at + 2)
        if line.strip()
    ]
    if not rows:
        raise mistake(path.name, "holds no figures below its header", at + 1)
    return HmdTable(path.name, lines[0].strip(), tuple(rows))


def _row(cells: list[str], has_age: bool, name: str, line: int) -> HmdRow:
    if len(cells) != 4 + has_age:
        raise mistake(name, f"has {len(cells)} columns, expected {4 + has_age}", line)
    flag = cells[0][-1] if cells[0][-1] in "+-" else ""
    try:
        year = int(cells[0].rstrip("+-"))
        age = int(cells[1].rstrip("+")) if has_age else None
        female, male, total = (None if c == "." else float(c) for c in cells[1 + has_age :])
    except ValueError:
        raise mistake(name, f"'{' '.join(cells)}' holds what is no number", line) from None
    return HmdRow(year, flag, age, female, male, total)
