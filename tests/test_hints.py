"""A hint that is obeyed never makes the data worse; a message names what is wrong."""

from pathlib import Path

import pytest

from conftest import CASE, rows, write_case
from dearth.case.problems import CaseError, name_hint
from dearth.case.read import load
from dearth.case.wpp import read_wpp
from dearth.estimate.case_checks import check
from dearth.estimate.choices import default_choice
from dearth.estimate.estimates import check_refused
from dearth.estimate.multiverse import LeftOut


@pytest.mark.parametrize(
    ("word", "names", "said"),
    [
        ("Hunan", ["Henan", "Hubei"], "spelt alike: 'Henan'"),  # another province
        ("Shaanxi", ["Shanxi"], "spelt alike: 'Shanxi'"),
        ("Niger", ["Nigeria", "Chad"], "spelt alike: 'Nigeria'"),
        ("census_1964", ["census_1953"], "spelt alike"),
        ("Cote d'Ivoire", ["Côte d’Ivoire"], "did you mean 'Côte d’Ivoire'?"),
        ("parish books", ["Parish_Books"], "did you mean 'Parish_Books'?"),
        ("x", ["long name"], "(there is: long name)"),
    ],
)
def test_names_of_a_case_are_never_guessed(word: str, names: list[str], said: str) -> None:
    hint = name_hint(word, names, "place")
    assert said in hint
    assert ("did you mean" in hint) is ("did you mean" in said)


def test_a_row_is_not_given_to_another_source(tmp_path: Path) -> None:
    changed = [row.replace(",s1,", ",s2,") if row.startswith("1903,books,deaths") else row for row in rows()]
    with pytest.raises(CaseError) as caught:
        load(write_case(tmp_path / "c", CASE, changed))
    assert "did you mean" not in str(caught.value)
    assert "'s2' is not in sources.csv (there is: s1)" in str(caught.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "1901,books,share,50,percent,s1,official,,male,0,4",
            "by age or sex only; give the rows of",
        ),
        (
            "1901,books,other,50,percent,s1,official,,,,",
            "the series 'books' has no 'share'; it has births",
        ),
        ("1901,book,other,50,percent,s1,official,,,,", "the series 'books' has no 'share'"),
    ],
)
def test_a_series_that_is_absent_says_what_is_there(tmp_path: Path, row: str, said: str) -> None:
    case = CASE.replace("  half: 0.5", "  half: 0.5\n  by_year: {series: books/share}")
    lines = [rows()[0] + ",sex,age_from,age_to", *(text + ",,," for text in rows()[1:]), row]
    problems = [p for p in check(load(write_case(tmp_path / "c", case, lines))) if p.severity == "error"]
    assert any(said in p.message for p in problems)
    assert not any("no evidence" in p.message for p in problems)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Location;Time;Births\n", "separated by semicolons or tabs"),
        ("hello\n", "is no file of World Population Prospects: its first line is 'hello'"),
        ("Location,Time,Births\n", "has no column Deaths"),
    ],
)
def test_another_file_is_called_what_it_is(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(CaseError, match=said):
        read_wpp(tmp_path / "x.csv", "China")


def test_what_holds_for_every_choice_comes_first() -> None:
    choice = default_choice(load("valley"))
    left_out = [LeftOut(choice, why) for why in ("rare", "common", "common", "common")]
    assert [p.message for p in check_refused(left_out)] == [
        "common (3 of 4 choices)",
        "rare (1 of 4 choices)",
    ]
    assert [p.message for p in check_refused(left_out[1:])] == ["common"]
