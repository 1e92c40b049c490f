"""Tables of mortality in great famines: sources resolve, ratios agree, measured rows can be made again."""

import csv
import math
import runpy
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dearth.bibliography.works import works
from hmd_extracts import hmd_files

ROOT = Path(__file__).parents[1]
GROUPS = ["0", "1-4", "5-14", "15-39", "40-59", "60+"]
GRADES = {"measured_here", "published", "recalled"}


def table(name: str) -> list[dict[str, str]]:
    text = (files("dearth") / "reconstruction" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


RATES = table("famine_death_rates.csv")
AGES = table("famine_ages.csv")


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools" / "famine_tables.py"))


def test_the_columns_are_those_of_the_documentation() -> None:
    assert list(RATES[0]) == [
        "place", "year", "deaths_over_normal", "crisis_rate", "normal_rate", "basis", "source",
        "grade", "note",
    ]  # fmt: skip
    assert list(AGES[0]) == ["place", "year", "group", "log_ratio_all", "relative", "source", "grade"]


def test_every_row_names_its_source_and_grade() -> None:
    for row in (*RATES, *AGES):
        assert row["source"] in works(), row
        assert row["grade"] in GRADES, row
    for row in RATES:
        assert row["basis"], row
        assert row["note"], row
    assert sum(row["grade"] == "recalled" for row in RATES) <= 3


def test_a_year_of_a_place_stands_once() -> None:
    keys = [(row["place"], row["year"]) for row in RATES]
    assert len(set(keys)) == len(keys)
    assert [int(row["year"]) for row in RATES] == sorted(int(row["year"]) for row in RATES)


def test_the_table_is_wide_enough_for_a_prior() -> None:
    """Years of one place within two years of each other are one famine."""
    assert 15 <= len(RATES) <= 30
    famines = 0
    for place in {row["place"] for row in RATES}:
        years = sorted(int(row["year"]) for row in RATES if row["place"] == place)
        famines += 1 + sum(later - earlier > 2 for earlier, later in pairwise(years))
    assert famines >= 8


def test_ratios_are_crisis_over_normal() -> None:
    for row in RATES:
        ratio = float(row["deaths_over_normal"])
        assert ratio > 1, row
        assert bool(row["crisis_rate"]) == bool(row["normal_rate"]), row
        if row["crisis_rate"]:
            assert ratio == pytest.approx(float(row["crisis_rate"]) / float(row["normal_rate"]), abs=0.002)


def test_ages_agree_with_the_rates() -> None:
    ratios = {(row["place"], row["year"]): float(row["deaths_over_normal"]) for row in RATES}
    found: dict[tuple[str, str], list[str]] = {}
    for row in AGES:
        key = (row["place"], row["year"])
        found.setdefault(key, []).append(row["group"])
        assert float(row["log_ratio_all"]) == pytest.approx(math.log(ratios[key]), abs=0.001)
    assert all(groups == GROUPS for groups in found.values())
    assert {("Sweden", year) for year in ("1772", "1773", "1800", "1809")} <= set(found)


def test_the_tool_makes_the_rows_of_sweden_again(tool: dict[str, Any], tmp_path: Path) -> None:
    series = tool["rates_by_group"](hmd_files("sweden", tmp_path / "sweden"))
    rows = [row for row in RATES if row["place"] == "Sweden" and row["year"] in ("1772", "1773")]
    assert len(rows) == 2
    for row in rows:
        blank = {**row, "deaths_over_normal": "", "crisis_rate": "", "normal_rate": "", "basis": ""}
        assert tool["computed"](blank, {"Sweden": series}) == row
        year = int(row["year"])
        kept = [age for age in AGES if (age["place"], age["year"]) == ("Sweden", row["year"])]
        assert tool["ages"]("Sweden", year, series) == kept


def test_the_tool_makes_the_rows_of_finland_again(tool: dict[str, Any]) -> None:
    rows = [row for row in RATES if row["place"] == "Finland"]
    assert [row["year"] for row in rows] == ["1866", "1867", "1868"]
    for row in rows:
        blank = {**row, "deaths_over_normal": "", "crisis_rate": "", "normal_rate": ""}
        assert tool["computed"](blank, {}) == row


def test_the_tool_refuses_a_year_at_the_end_of_a_register(tool: dict[str, Any], tmp_path: Path) -> None:
    series = tool["rates_by_group"](hmd_files("sweden", tmp_path / "sweden"))
    with pytest.raises(SystemExit, match="a normal rate needs 8"):
        tool["normal"](series["all"], 1788)
    with pytest.raises(SystemExit, match=r"has no Deaths_1x1\.txt"):
        tool["rates_by_group"](tmp_path)
