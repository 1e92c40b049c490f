"""Compute the measured rows of the tables of mortality in great famines anew.

    python tools/famine_tables.py FOLDER

FOLDER holds one folder a place (sweden, netherlands, belgium, ...) with two files of the Human Mortality
Database, https://www.mortality.org: Deaths_1x1.txt and Exposures_1x1.txt. The rows of Finland come from the
case `finland-1866` of the package. Published and recalled rows stay as they are.
"""

import csv
import math
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

from dearth.case.downloaded_files import find_file
from dearth.case.hmd import read_hmd

ROOT = Path(__file__).parents[1] / "src" / "dearth"
RATES = ROOT / "reconstruction" / "famine_death_rates.csv"
AGES = ROOT / "reconstruction" / "famine_ages.csv"
FINLAND = ROOT / "cases" / "finland-1866" / "evidence" / "totals.csv"
FINLAND_NORMAL = (1862, 1863, 1864, 1865, 1869, 1870)
GROUPS = {"0": (0, 0), "1-4": (1, 4), "5-14": (5, 14), "15-39": (15, 39), "40-59": (40, 59), "60+": (60, 200)}
BASIS = "median of the years 2 to 7 before and after"
LEAST = 8  # years of the 12 that a normal rate needs

Series = dict[int, float]
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def group_of(age: int) -> str:
    return next(name for name, (first, last) in GROUPS.items() if first <= age <= last)


def rates_by_group(folder: Path) -> dict[str, Series]:
    """Return deaths per 1000 person-years by year for each group of ages and for ``all``."""
    sums: dict[str, dict[str, dict[int, float]]] = {}
    for stem in ("Deaths_1x1", "Exposures_1x1"):
        path = find_file(folder, stem)
        if path is None:
            raise SystemExit(f"{folder} has no {stem}.txt; download it from https://www.mortality.org")
        sums[stem] = {name: defaultdict(float) for name in ("all", *GROUPS)}
        for row in read_hmd(path).rows:
            if row.age is not None and row.total is not None:
                sums[stem]["all"][row.year] += row.total
                sums[stem][group_of(row.age)][row.year] += row.total
    deaths, exposures = sums.values()
    return {
        name: {year: 1000 * deaths[name][year] / lived for year, lived in exposures[name].items()
               if lived and year in deaths[name]}
        for name in deaths
    }  # fmt: skip


def normal(series: Series, year: int) -> float:
    """Return the median of the years 2 to 7 before and after `year`."""
    around = (*range(year - 7, year - 1), *range(year + 2, year + 8))
    found = [series[other] for other in around if other in series]
    if len(found) < LEAST:
        raise SystemExit(f"{year}: {len(found)} years around it have rates; a normal rate needs {LEAST}")
    return median(found)


def measured(row: Row, crisis: float, usual: float) -> Row:
    return {**row, "deaths_over_normal": f"{crisis / usual:.3f}", "crisis_rate": f"{crisis:.2f}",
            "normal_rate": f"{usual:.2f}"}  # fmt: skip


def ages(place: str, year: int, series: dict[str, Series]) -> list[Row]:
    """Return the response of each group of ages, relative to all ages together."""
    log_ratio = {name: math.log(rates[year] / normal(rates, year)) for name, rates in series.items()}
    return [
        {"place": place, "year": str(year), "group": name, "log_ratio_all": f"{log_ratio['all']:.3f}",
         "relative": f"{log_ratio[name] / log_ratio['all'] - 1:.3f}", "source": "hmd",
         "grade": "measured_here"}
        for name in GROUPS
    ]  # fmt: skip


def finland_rates() -> Series:
    """Return death rates of Finland: deaths over the people that births and the birth rate imply."""
    table: dict[str, Series] = defaultdict(dict)
    for row in read(FINLAND):
        table[row["variable"]][int(row["year"])] = float(row["value"])
    births, birth_rate = table["births"], table["crude_birth_rate"]
    return {year: dead * birth_rate[year] / births[year] for year, dead in table["deaths"].items()}


def computed(row: Row, series: dict[str, dict[str, Series]]) -> Row:
    """Return a measured row with its figures computed anew; other rows unchanged."""
    year = int(row["year"])
    if row["grade"] == "measured_here" and row["source"] == "hmd":
        rates = series[row["place"]]["all"]
        return measured(row, rates[year], normal(rates, year)) | {"basis": BASIS}
    if row["grade"] == "measured_here" and row["place"] == "Finland":
        rates = finland_rates()
        return measured(row, rates[year], median(rates[other] for other in FINLAND_NORMAL))
    return row


def main(folder: Path) -> None:
    rows = read(RATES)
    of_hmd = [row for row in rows if row["source"] == "hmd"]
    places = {row["place"] for row in of_hmd}
    series = {place: rates_by_group(folder / place.lower()) for place in sorted(places)}
    write(RATES, [computed(row, series) for row in rows])
    found = [age for row in of_hmd for age in ages(row["place"], int(row["year"]), series[row["place"]])]
    kept = [row for row in read(AGES) if row["source"] != "hmd"] if AGES.exists() else []
    write(AGES, found + kept)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
