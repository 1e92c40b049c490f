"""Faulty and unusual inputs that users met: the template of a case with one change each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.scaffold import new_case
from dearth.estimate.case_checks import check
from record_cases import made, warnings

Change = Callable[[str], str]


def of_1903(old: str, new: str) -> Change:
    """Return the change of the deaths of 1903, on line 25 of the file."""
    return lambda table: table.replace(f"1903,books,deaths,{old}", f"1903,books,deaths,{new}", 1)


def and_row(row: str) -> Change:
    return lambda table: table + row + ",made_up,estimate,,made up\n"


def deaths_alone(table: str) -> str:
    head, *rows = table.splitlines()
    return "\n".join([head, *(row for row in rows if ",deaths," in row)]) + "\n"


def six_thousand_left(table: str) -> str:
    """Take 6,000 people from every stock from 1904 on, and add the row that says where they went."""
    found = []
    for row in table.splitlines():
        cells = row.split(",")
        if cells[2] == "population_yearend_total" and int(cells[0]) >= 1904:
            cells[3] = str(int(cells[3]) - 6000)
        found.append(",".join(cells))
    return and_row("1904,books,net_migration,-6000,persons")("\n".join(found) + "\n")


CHANGES: dict[str, Change] = {
    "deaths exceed people": of_1903("4100", "246000"),
    "a point separates thousands": of_1903("4100", "4.100"),
    "deaths alone": deaths_alone,
    "emigration": six_thousand_left,
    "a window of dates": lambda table: table,
    "two figures for a year": and_row("1903,books,deaths,4510,persons"),
    "a rate where persons are asked": of_1903("4100,persons", "4100,per 10000 per day"),
    "a week": and_row("1903-W05,books,births,44,persons"),
}
IMPOSSIBLE = {
    "deaths exceed people": "deaths of 1903 exceed the people",
    "a point separates thousands": "If the point in the figure separates thousands, the source has 4,100",
}
ANSWERED = {
    "deaths alone": "excess deaths are 2,984",
    "emigration": "The accounts close: stock change equals births less deaths plus net migration",
    "a window of dates": "1903-07-01/1904-06-30",
}
REFUSED = {
    "two figures for a year": "To keep both, give this row a series of its own",
    "a rate where persons are asked": "its units are: persons; thousand persons; million persons",
    "a week": "start 1903-01-26 and end 1903-02-01",
}


@pytest.fixture
def faulty(tmp_path: Path, name: str) -> Path:
    """Return the template of ``dearth new`` with one change."""
    folder = new_case(tmp_path / "place")
    totals, settings = folder / "evidence" / "totals.csv", folder / "case.yaml"
    table, text = totals.read_text(encoding="utf-8"), settings.read_text(encoding="utf-8")
    totals.write_text(CHANGES[name](table), encoding="utf-8")
    if name == "a window of dates":
        settings.write_text(
            text.replace("window: 1903-1904", "window: 1903-07-01/1904-06-30"), encoding="utf-8"
        )
    else:
        assert totals.read_text(encoding="utf-8") != table
    return folder


def test_every_input_has_its_right_answer() -> None:
    assert sorted([*IMPOSSIBLE, *ANSWERED, *REFUSED]) == sorted(CHANGES)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_figure_is_an_error_that_names_its_line(faulty: Path, name: str) -> None:
    (only,) = [problem for problem in check(load(faulty)) if problem.severity == "error"]
    assert IMPOSSIBLE[name] in only.message
    assert (only.file, only.line) == ("evidence/totals.csv", 25)


@pytest.mark.parametrize("name", ANSWERED)
def test_an_unusual_case_is_answered(faulty: Path, name: str) -> None:
    warnings(faulty)
    assert ANSWERED[name] in " ".join(made(faulty).document["answer"])


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_that_cannot_be_read_is_refused_with_the_remedy(faulty: Path, name: str) -> None:
    with pytest.raises(CaseError) as caught:
        load(faulty)
    assert REFUSED[name] in str(caught.value)
    assert "did you mean" not in str(caught.value)
