"""A range has one basis, each of its ends is one estimate, and its normal rate stands beside it."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dearth
from dearth.numerics.number_words import persons


@pytest.fixture(scope="module")
def china() -> dict[str, Any]:
    return dearth.load("china-1958").estimate(quick=True).document


def test_no_constant_rate_meets_corrected_deaths_in_a_range(china: dict[str, Any]) -> None:
    constant = [
        r for r in china["estimates"] if r["baseline"] == "constant:10" and r["series"] == "nbs_registered"
    ]
    assert {r["completeness"] for r in constant if r["in_range"]} == {"as_registered"}
    assert "MIXED BASIS: a constant normal rate" in next(
        r["assumption_label"] for r in constant if r["completeness"] == "falling"
    )


def test_no_true_infant_mortality_is_taken_off_registered_rates_in_a_range(china: dict[str, Any]) -> None:
    adjusted = [
        r for r in china["estimates"]
        if r["births_adjusted"] and r["series"] == "nbs_registered" and r["completeness"] == "as_registered"
    ]  # fmt: skip
    assert adjusted
    assert not any(r["in_range"] for r in adjusted)


def test_the_lowest_normal_rate_of_a_range_is_one_that_somebody_defends(china: dict[str, Any]) -> None:
    rates = [
        r["normal_rate"] for r in china["estimates"]
        if r["in_range"] and r["method"] == "rate" and r["completeness"] == "as_registered"
        and r["series"] == "nbs_registered" and r["window"] == china["window"]
    ]  # fmt: skip
    # 5.35 per 1000 was a trend extrapolated on registered rates, less a true infant mortality
    assert min(rates) > 8


def test_the_implied_normal_rate_is_that_of_the_baseline(china: dict[str, Any]) -> None:
    row = next(
        r for r in china["estimates"]
        if r["baseline"] == "level:1957" and not r["births_adjusted"] and r["completeness"] == "as_registered"
        and r["series"] == "nbs_registered" and r["method"] == "rate"
    )  # fmt: skip
    assert row["normal_rate"] == pytest.approx(10.8, abs=0.01)  # the registered rate of 1957


def test_a_trend_beyond_its_years_is_called_extrapolated(china: dict[str, Any]) -> None:
    calendar = [r for r in china["estimates"] if r["window"] == "1958-1961"]
    found = {r["baseline"].partition("+")[0]: r["extrapolated"] for r in calendar}
    assert found["loglinear:1953-1957"]
    assert not found["line:1957-1964"]  # between its two years
    assert not found["level:1957"]
    assert {name.partition(":")[0] for name, one in found.items() if one} <= {"ols", "loglinear", "line"}


def test_the_ends_of_the_answer_are_medians(china: dict[str, Any]) -> None:
    medians = [persons(r["excess_deaths"]["median"]) for r in china["estimates"] if r["in_range"]]
    spans = re.findall(r"xcess deaths are (.+?) to (.+?)(?: \(normal|:)", " ".join(china["answer"]))
    assert len(spans) == 5  # the case's own completeness and the four others
    assert {end for span in spans for end in span} <= set(medians)


def test_a_recipe_that_needs_what_no_source_states_is_a_span(china: dict[str, Any]) -> None:
    by_key = {row["key"]: row for row in china["published"]}
    spans = {key: row["recomputed"]["span"] for key, row in by_key.items() if row["recomputed"]}
    with_transfer = {key for key, span in spans.items() if span}
    assert len(with_transfer) == 2
    for key in with_transfer:
        span, central = spans[key], by_key[key]["recomputed"]["excess_deaths"]["median"]
        assert span["low"] < central < span["high"]
        assert span["over"]


def test_births_are_gross_first_and_signs_are_words(china: dict[str, Any]) -> None:
    finland = dearth.load("finland-1866").estimate(quick=True).document
    for document in (china, finland):
        gross, recovered = (text for text in document["answer"] if "normal birth rate" in text)
        assert "gross" in gross
        assert "recovery" in recovered
        assert "-" not in gross + recovered


@given(st.floats(-1e10, 1e10))
def test_numbers_are_rounded_once_and_never_minus_nought(value: float) -> None:
    text = persons(value)
    assert text not in ("-0", "-0.0 million")
    assert not text.startswith("1,000,000")
    number = float(text.removesuffix(" million").replace(",", "")) * (1e6 if "million" in text else 1)
    one_decimal = 5e4 if "million" in text else 0.0
    assert number == pytest.approx(value, abs=max(0.5, 0.006 * abs(value), one_decimal))
