"""Ireland and Bengal: cases of few records say what these give, and name what would give more."""

import pytest

import dearth
from dearth.compare.compare import compare
from dearth.compare.famine_table import famine_years


def test_ireland_has_no_number_and_names_the_records_that_would_give_one() -> None:
    found = dearth.load("ireland-1845").estimate(quick=True)
    assert found.estimates == ()
    open_questions = " ".join(one.text for one in found.unanswered)
    assert "births" in open_questions
    one = compare([found.case], quick=True).cases[0]
    assert [(v.by, v.basis) for v in one.measures["excess_per_1000"]] == [("Foster 1988", "published")]
    assert one.measures["excess_per_1000"][0].value.median == pytest.approx(775_000 / 8175.124)
    counts = [row["counts_unborn"] for row in found.case.published if "upper" in row["key"]]
    assert counts == ["yes"]


def test_bengal_agrees_with_the_answer_in_parliament_and_the_table_of_famines() -> None:
    found = dearth.load("bengal-1943").estimate(quick=True)
    registered, corrected = (one.excess_deaths for one in found.estimates)
    assert registered.median == pytest.approx(688_846, abs=1)
    low, high = corrected.ends
    assert 688_846 < low < high < 2 * 688_846
    score = next(row.p_score for row in famine_years() if row.place == "Bengal")
    one = compare([found.case], quick=True).cases[0]
    assert one.measures["p_score"][0].value.median == pytest.approx(score, abs=0.001)
    assert "excess_per_1000" in one.missing
