"""Completeness measured by two censuses as an option of a register's multiverse."""

from pathlib import Path

import pytest

from conftest import CASE, write_case
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.estimate.case_checks import check
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import estimate
from test_two_censuses import table, written

OPTION = "measured: {two_censuses: {name: pair, method: METHOD, migration: MIGRATION}}"
BLOCK = "two_censuses:\n  pair: {file: pair.csv, title: A pair, source: assumed}\n"


def case(
    folder: Path, method: str = "growth_balance", migration: str = "true", option: str = OPTION,
    migrants: bool = True, times: float = 1.0,
) -> Path:  # fmt: skip
    text = option.replace("METHOD", method).replace("MIGRATION", migration)
    made = write_case(folder / "case", CASE.replace("  half: 0.5\n", f"  half: 0.5\n  {text}\n") + BLOCK)
    rows = [{**row, "deaths": times * float(str(row["deaths"]))} for row in table(migrants=migrants)]
    written(made, rows, "pair.csv")
    return made


def test_registered_deaths_are_divided_by_what_the_method_finds(tmp_path: Path) -> None:
    found = estimate(load(case(tmp_path)), Asked(completeness="measured", baseline="constant:0.001"))
    half = estimate(load(tmp_path / "case"), Asked(completeness="half", baseline="constant:0.001"))
    (row,) = {
        one["completeness"]["median"]
        for one in found.document["completeness"]
        if (one["method"], one["migration"], one["sex"]) == ("growth_balance", True, "male")
    }
    at = {
        name: next(one for one in made.estimates if one.choice.method == "rate").excess_deaths.median
        for name, made in (("measured", found), ("half", half))
    }
    # with hardly any normal deaths, excess deaths are all deaths: 900 registered, divided by completeness
    assert at["half"] == pytest.approx(1800, rel=0.01)
    assert at["measured"] == pytest.approx(900 / row, rel=0.01)
    assert any("from age 5 between two censuses" in text for text in found.assumptions)


def test_a_result_above_one_counts_as_one_and_is_warned_of(tmp_path: Path) -> None:
    made = load(case(tmp_path, times=2.0))
    found = [p.message for p in check(made) if p.severity == "warning"]
    assert any("100 % is used" in text for text in found)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"option": OPTION.replace("pair", "other")}, "'other' is no entry of two_censuses"),
        ({"migrants": False}, "write migration: false"),
        ({"option": OPTION.replace("name: pair", "name: pair, sex: women")}, "sex"),
        ({"method": "guess"}, "method"),
        ({"option": OPTION.replace("two_censuses:", "normal: 0.5, two_censuses:")}, "give one of normal"),
    ],
)
def test_an_option_that_cannot_be_computed_is_a_mistake(
    tmp_path: Path, change: dict[str, str], told: str
) -> None:
    made = case(tmp_path, **change)  # type: ignore[arg-type]
    with pytest.raises(CaseError, match=told):
        estimate(load(made))


def test_births_are_not_measured_by_two_censuses(tmp_path: Path) -> None:
    made = case(tmp_path)
    path = made / "case.yaml"
    text = OPTION.replace("METHOD", "growth_balance").replace("MIGRATION", "true")
    path.write_text(path.read_text() + f"birth_completeness: {{{text}}}\n")
    with pytest.raises(CaseError, match="deaths, not of births"):
        estimate(load(made))
