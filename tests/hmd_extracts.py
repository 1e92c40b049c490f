"""The shipped extracts of the Human Mortality Database, written as the database writes its own files."""

import csv
from pathlib import Path

from conftest import DATA

HMD = DATA / "hmd"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one extract; a missing extract is an error, never a reason to skip."""
    with (HMD / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hmd_files(place: str, folder: Path) -> Path:
    """Write `Deaths_1x1`, `Exposures_1x1`, `Population` and `Births` of a place; return the folder."""
    folder.mkdir()
    by_age = rows(place)
    for stem, column in (
        ("Deaths_1x1", "deaths"),
        ("Exposures_1x1", "exposure"),
        ("Population", "population"),
    ):
        lines = [
            _line(f"{row['year']}  {row['age']}{'+' * (row['age'] == '110')}", row, f"{column}_")
            for row in by_age
            if row[f"{column}_female"]
        ]
        _write(folder / f"{stem}.txt", place, "Year  Age  Female  Male  Total", lines)
    births = [_line(row["year"], row, "") for row in rows("births") if row["place"] == place]
    _write(folder / "Births.txt", place, "Year  Female  Male  Total", births)
    return folder


def _line(first: str, row: dict[str, str], column: str) -> str:
    female, male = row[f"{column}female"], row[f"{column}male"]
    return f"{first}  {female}  {male}  {float(female) + float(male):.2f}"


def _write(path: Path, place: str, head: str, lines: list[str]) -> None:
    title = f"{place.capitalize()}, extract,\tLast modified: see tests/data/README.md"
    path.write_text("\n".join([title, "", head, *lines]) + "\n", encoding="utf-8")
