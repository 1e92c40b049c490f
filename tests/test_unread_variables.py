"""A misspelt variable of the evidence is named; a record that is only kept is no mistake."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import CASE, rows, write_case
from dearth.case.read import bundled, load
from dearth.cli import app
from dearth.estimate.case_checks import check
from dearth.estimate.unread_variables import misspelt, unread

MORE = "1903,books,{},12,{},s1,official,"


def with_row(folder: Path, variable: str, unit: str) -> Path:
    return write_case(folder, CASE, [*rows(), MORE.format(variable, unit)])


@pytest.mark.parametrize(
    ("variable", "unit", "meant"),
    [
        ("briths", "persons", "births"),
        ("death", "persons", "deaths"),
        ("normal_deaths_rate", "per 1000 a year", "normal_death_rate"),
        ("crude_deth_rat", "per 1000 a year", "crude_death_rate"),
        ("net-migration", "persons", "net_migration"),
        ("rate_normal_death", "per 1000 a year", "normal_death_rate"),
    ],
)
def test_a_misspelt_variable_is_told_to_makers(tmp_path: Path, variable: str, unit: str, meant: str) -> None:
    case = load(with_row(tmp_path / "c", variable, unit))
    (found,) = [p for p in check(case) if f"'{variable}'" in p.message]
    assert (found.severity, found.audience) == ("warning", "maker")
    assert str(found) == (
        f"evidence/books.csv:{len(rows()) + 1}: variable: nothing reads '{variable}' (the row is left out); "
        f"did you mean '{meant}'?"
    )


@pytest.mark.parametrize("variable", ["wheat_price", "birth_weight", "deaths_in_hospital"])
def test_a_record_of_another_kind_is_no_slip(tmp_path: Path, variable: str) -> None:
    folder = with_row(tmp_path / "c", variable, "persons")
    case = load(folder)
    assert misspelt(case) == []
    assert unread(case) == [variable]
    told = CliRunner().invoke(app, ["check", str(folder)]).stdout
    assert f"that nothing reads: {variable}\n" in told
    assert json.loads(CliRunner().invoke(app, ["check", str(folder), "--json"]).stdout)[
        "read_by_nothing"
    ] == [variable]


def test_rows_that_a_register_needs_are_corrected_in_the_evidence(tmp_path: Path) -> None:
    """The register is right: it is not told to follow the slip."""
    folder = write_case(tmp_path / "c", CASE, [row.replace(",births,", ",briths,") for row in rows()])
    told = "\n".join(str(p) for p in check(load(folder)))
    assert "no rows of 'books/births', but of 'books/briths'; correct them there" in told
    assert "nothing reads 'briths' (6 rows are left out); did you mean 'births'?" in told


@pytest.mark.parametrize("name", sorted(bundled()))
def test_no_variable_of_a_bundled_case_is_taken_for_a_slip(name: str) -> None:
    assert misspelt(load(name)) == []
