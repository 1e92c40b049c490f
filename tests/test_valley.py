"""The synthetic place: reproducible, balanced, and estimable against its truth."""

import csv
import runpy
from pathlib import Path

import numpy as np
import pytest

import dearth

ROOT = Path(__file__).parents[1]
CASE = ROOT / "src" / "dearth" / "cases" / "valley"


def test_the_script_makes_the_bundled_files(tmp_path: Path) -> None:
    made = runpy.run_path(str(ROOT / "tools" / "make_valley.py"))
    made["main"].__globals__["HERE"] = tmp_path
    made["main"]()
    for name in ("totals.csv", "ages.csv", "_truth.csv"):
        same = (tmp_path / "evidence" / name).read_bytes() == (CASE / "evidence" / name).read_bytes()
        assert same, f"{name}: rerun tools/make_valley.py"


def test_the_books_of_the_county_and_of_every_commune_balance() -> None:
    document = dearth.load("valley").estimate(quick=True).document
    assert len({row["place"] for row in document["accounts"]}) == 13
    assert max(abs(row["residual"]) for row in document["accounts"]) < 1e-6


def test_ages_sum_to_totals() -> None:
    evidence = dearth.load("valley").case.evidence
    sums: dict[tuple[str, int], float] = {}
    for row in evidence:
        if row.by_age:
            sums[row.variable, row.year] = sums.get((row.variable, row.year), 0) + row.base
    deaths = evidence.series("valley/deaths").by_year
    stock = evidence.series("valley/population_yearend_total").by_year
    for year, total in deaths.items():
        assert sums["deaths_by_age", year] == total
        assert sums["population_jan1_by_age", year] == stock[year - 1]


def test_the_default_estimate_is_near_the_truth() -> None:
    with (CASE / "evidence" / "_truth.csv").open() as file:
        truth = {row["year"]: float(row["expected_excess_deaths"]) for row in csv.DictReader(file)}
    assert truth["1910"] == 0
    found = dearth.load("valley").estimate(quick=True).document["default"]
    expected = truth["1911"] + truth["1912"]
    people = 60000
    # two famine years and a ten-year baseline of about 1,500 Poisson deaths each
    noise = np.sqrt(2 * 1500 + expected + 4 * 1500 / 10)
    assert people > expected > 1000
    assert found["excess_deaths"]["median"] == pytest.approx(expected, abs=4 * noise)
