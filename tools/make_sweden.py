"""Write the figures of the case `sweden-1772` from files of the Human Mortality Database.

    python tools/make_sweden.py FOLDER

FOLDER holds Deaths_1x1.txt, Exposures_1x1.txt, Population.txt and Births.txt of Sweden, from
https://www.mortality.org. Totals of 1751-90 are kept, and life expectancy computed from the ages.
"""

import sys
from pathlib import Path

import numpy as np

from dearth.case.hmd import HmdTable
from dearth.case.hmd_rows import hmd_files, hmd_totals
from dearth.case.scaffold import COLUMNS, Cells, write_csv
from dearth.population.lifetable import life_table

YEARS = range(1751, 1791)
TARGET = Path(__file__).parents[1] / "src" / "dearth" / "cases" / "sweden-1772" / "evidence" / "totals.csv"


def by_age(table: HmdTable, year: int) -> np.ndarray:
    """Return both sexes by single age in a year, ages above 90 together."""
    ages = np.zeros(91)
    for row in table.rows:
        if row.year == year and row.age is not None:
            ages[min(row.age, 90)] += (row.female or 0) + (row.male or 0)
    return ages


def lives(tables: dict[str, HmdTable], years: range = YEARS) -> list[Cells]:
    """Return life expectancy at birth by year, both sexes together."""
    found: list[Cells] = []
    for year in years:
        rates = by_age(tables["Deaths_1x1"], year) / by_age(tables["Exposures_1x1"], year)
        years_left = float(life_table(rates, np.arange(91), "female").ex[0])
        found.append({"year": year, "series": "hmd_lives", "variable": "life_expectancy_at_birth",
                      "value": f"{years_left:.2f}", "unit": "years", "source_id": "computed_lives",
                      "quality": "adjusted"})  # fmt: skip
    return found


def main(folder: Path) -> None:
    """Write the rows of the case."""
    tables = hmd_files(folder)
    rows = [
        row for row in hmd_totals(tables) if int(str(row["year"])) in YEARS or row["year"] == YEARS[0] - 1
    ]
    for row in rows:
        row["scope"] = "sweden" if str(row["variable"]).startswith("population") else ""
        row["value"] = f"{float(str(row['value'])):.0f}"
    write_csv(TARGET, COLUMNS, [*rows, *lives(tables)])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
