"""The case of Sweden 1772-73: its totals are those of the register by age, its crisis that of the table."""

import sys
from pathlib import Path

import pytest

import dearth
from dearth.case.hmd_rows import hmd_files as read_files
from dearth.case.read import load
from dearth.compare.famine_table import famine_years
from hmd_extracts import hmd_files

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import make_sweden

CASE = load("sweden-1772")


def test_totals_and_lives_are_those_of_the_register_by_age(tmp_path: Path) -> None:
    tables = read_files(hmd_files("sweden", tmp_path / "SWE"))
    years = {row.year for row in tables["Deaths_1x1"].rows} & set(make_sweden.YEARS)
    assert {1771, 1772, 1773, 1774} <= years
    for year in sorted(years):
        for stem, name in (("Deaths_1x1", "deaths"), ("Exposures_1x1", "population_midyear")):
            value = CASE.evidence.series(f"hmd/{name}").by_year[year]
            assert value == pytest.approx(make_sweden.by_age(tables[stem], year).sum(), abs=0.6), (name, year)
    lives = CASE.evidence.series("hmd_lives/life_expectancy_at_birth").by_year
    for row in make_sweden.lives(tables, range(1765, 1781)):
        assert lives[int(str(row["year"]))] == pytest.approx(float(str(row["value"])), abs=0.006)
    assert min(lives, key=lambda year: lives[year]) == 1773


def test_the_crisis_is_that_of_the_table_of_famines() -> None:
    found = dearth.load("sweden-1772").estimate(quick=True, method="rate", window="1772-1773")
    rates = {row.year: row.crisis_rate for row in famine_years() if row.place == "Sweden"}
    by_year = {row.year: row.cdr_registered for row in found.default_rates}
    assert by_year[1773] == pytest.approx(rates[1773], abs=0.01)
    assert by_year[1772] == pytest.approx(rates[1772], abs=0.01)
    low, high = (f(one.excess_deaths.median for one in found.estimates) for f in (min, max))
    assert 60_000 < low < high < 100_000
