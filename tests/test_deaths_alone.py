"""Deaths alone are a case: a baseline of counts, and what the case cannot answer."""

import json
from pathlib import Path

import pytest

from conftest import CASE, write_case
from dearth.case import labels
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.scaffold import new_case
from dearth.estimate.accounts import Account, accounts_sentences, runs_of_one_sign
from dearth.estimate.assumption_text import assumption_text
from dearth.estimate.case_checks import check
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import estimate
from record_cases import (
    made,
    median,
    only,
    warnings,
)


def test_deaths_alone_are_a_case(deaths_only: Path) -> None:
    told = warnings(deaths_only)
    assert "did you mean" not in told
    assert "'books/births': births lost and the accounts need it" in told
    row = only(made(deaths_only, baseline="mean:1901-1902", completeness="1"))
    assert row["method"] == "count"
    # 500 + 400 deaths less twice the mean of 100 and 120
    assert median(row) == pytest.approx(900 - 220)
    assert median(row, "p_score") == pytest.approx(680 / 220)


def test_deaths_alone_say_what_needs_more(deaths_only: Path) -> None:
    document = made(deaths_only).document
    told = "\n".join(document["answer"])
    for question in ("How many births were lost?", "death rates of each year?", "Do the accounts"):
        assert f"Not answered: {question}" in told or question in told
    assert document["default"]["by_year_rates"] == []
    assert "depends only on which of 3 normal numbers of deaths is taken" in told
    assert "rate of 1902" not in told
    assert document["surface"] == {}
    assert any("growth of the population" in text for text in document["assumptions"])
    (births,) = [row for row in document["unanswered"] if "births were lost" in row["question"]]
    assert births["why"] == "No register of the case has births."
    json.dumps(document, allow_nan=False)


def test_a_reconstruction_that_cannot_be_fitted_is_not_advised(tmp_path: Path) -> None:
    path = new_case(tmp_path / "c") / "evidence" / "totals.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([head, *(line for line in lines if ",deaths," in line)]) + "\n", encoding="utf-8"
    )
    made = estimate(load(tmp_path / "c"), Asked(completeness="1", baseline="level:1902"), quick=True)
    assert any("the reconstruction cannot be fitted" in text for text in made.warnings)
    assert not any("--reconstruct" in text for text in made.reconstruction_warnings)


def test_only_years_that_do_not_close_are_named() -> None:
    residuals = {1902: 0.0, 1903: -4096.0, 1904: 1e-9, 1905: -20.0, 1906: -30.0}
    books = [Account("b", "", year, left, 0.0, 0.0, 0.0, 0.0, left) for year, left in residuals.items()]
    assert runs_of_one_sign(books) == [(1903, 1903, -4096.0), (1905, 1906, -50.0)]
    assert "leaves -4,096 in 1903 and -50 over 1905-1906" in accounts_sentences(books, "")[0]


def test_a_rate_is_no_baseline_for_counts(deaths_only: Path) -> None:
    with pytest.raises(CaseError, match="is a rate per 1000 people; books has no population"):
        made(deaths_only, baseline="constant:12")
    with pytest.raises(CaseError, match="the method 'rate' is for registers with deaths and people"):
        made(deaths_only, method="rate")


def test_a_misspelt_series_stays_an_error(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "c", CASE.replace("books/births", "boks/births"))
    (problem,) = [p for p in check(load(folder)) if p.severity == "error"]
    assert "did you mean 'books/births'?" in problem.message


def test_labels_of_counts_speak_of_deaths(deaths_only: Path) -> None:
    one = only(made(deaths_only, baseline="mean:1901-1902", completeness="1"))
    assert one["method"] == "count"
    result = estimate(load(deaths_only), Asked(baseline="level:1902", completeness="1"), quick=True)
    (found,) = result.estimates
    text = assumption_text(found.choice, labels.of(result.case))
    assert "normal: deaths of 1902" in text
    assert "rate" not in text
