"""Numbers as readers see them: two ends are told apart, or said to be one figure."""

from pathlib import Path

import pytest

from conftest import CASE, write_case
from dearth.case.read import load
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import estimate
from dearth.numerics.number_words import pair, persons, span
from record_cases import bare


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (1.16e6, 3.44e6, "1.2 million to 3.4 million"),
        (1.19e6, 1.24e6, "1.19 million to 1.24 million"),
        (1.201e6, 1.204e6, "1.201 million to 1.204 million"),
        (1.2001e6, 1.2003e6, "about 1.2 million"),
        (1.2e6, 1.2e6, "1.2 million"),
        (135_410.0, 135_440.0, "135,410 to 135,440"),
        (412.1, 412.3, "about 412"),  # nobody is counted in tenths
        (-1.24e6, -1.19e6, "-1.24 million to -1.19 million"),
    ],
)
def test_two_ends_are_told_apart_or_are_one_figure(low: float, high: float, told: str) -> None:
    assert span(low, high) == told


def test_digits_are_added_only_where_they_tell_numbers_apart() -> None:
    assert pair(14.2e6, 25.9e6) == (persons(14.2e6), persons(25.9e6)) == ("14.2 million", "25.9 million")
    assert pair(999_600.0, 1_000_400.0) == ("999,600", "1.00 million")


def books(deaths_of_1902: int) -> list[str]:
    """Return yearly books of 8.5 million people, 1.2 million excess deaths in 1903-04."""
    deaths = {1901: 102_000, 1902: deaths_of_1902, 1903: 702_000, 1904: 702_000}
    return [
        "year,series,variable,value,unit,source_id,quality,scope",
        *(
            f"{year},books,population_yearend_total,8500000,persons,s1,official,all"
            for year in range(1900, 1908)
        ),
        *(
            f"{year},books,deaths,{deaths.get(year, 102_000)},persons,s1,official,"
            for year in range(1901, 1907)
        ),
    ]


@pytest.mark.parametrize(
    ("deaths", "told"),
    [
        (
            112_000,
            "excess deaths are 1.18 million to 1.20 million: ",
        ),
        (102_020, "excess deaths are about 1.2 million: "),
    ],
)
def test_an_answer_has_no_range_whose_ends_are_alike(tmp_path: Path, deaths: int, told: str) -> None:
    case = CASE.replace(
        "[level:1902, mean:1901-1902, line:1901-1906, constant:12]", "[level:1902, level:1901]"
    )
    folder = write_case(tmp_path / "c", case.replace("'mean:1901-1902'", "level:1901"), books(deaths))
    made = estimate(load(folder), Asked(completeness="1"), quick=True)
    assert told in made.answer[0]


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (1_204_000, "the population changed from 1.201 million to 1.204 million"),
        (1_201_000, "the population stayed at 1.2 million"),
    ],
)
def test_two_counts_nearly_alike_are_told_apart(tmp_path: Path, last: int, told: str) -> None:
    counts = [
        f",{day},,census,population_census_total,{people},,,persons,s1,official,all"
        for day, people in (("1901-03-31", 1_201_000), ("1911-04-02", last))
    ]
    births = ",1901-04-01,1911-04-02,parish,births,300000,,,persons,s1,official,"
    found = estimate(load(bare(tmp_path / "c", [*counts, births])), Asked(), quick=True)
    assert told in found.answer[0]
