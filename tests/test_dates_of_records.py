"""Censuses, stocks and figures of any date; projections; rates without people."""

from pathlib import Path

import pytest

from conftest import BOOKS, CASE, rows, write_case
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.schema import Census, Prior
from dearth.case.wpp import first_projected
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import estimate
from dearth.reconstruction.census_tables import census
from record_cases import HEADER, made, weekly


def test_a_census_of_another_date_is_not_put_at_mid_year(tmp_path: Path) -> None:
    """Between 31 March 1902 and 1905 lie 275 days of 1902, two whole years and 90 days of 1905."""
    counts = [
        ",1902-03-31,,census,population_census_total,10300,,,persons,s1,official,all",
        ",1905-03-31,,census,population_census_total,9950,,,persons,s1,official,all",
    ]
    text = CASE.replace("window: 1903-1904", "window: 1903-1904\ntolls: [600]")
    found = [row.split(",", 1) for row in rows()[1:]]
    old = [
        f"{year},,,{','.join(c[:3])},,,{','.join(c[3:])}" for year, rest in found for c in [rest.split(",")]
    ]
    document = made(write_case(tmp_path / "c", text, [HEADER, *old, *counts])).document
    assert document["identification_closed_between"] == "censuses of 1902-03-31 and 1905-03-31, scope all"
    births = 320 * 275 / 365 + 200 + 200 + 300 * 90 / 365
    assert document["identification"][0]["births"] == pytest.approx(births)
    assert document["identification"][0]["deaths"] == pytest.approx(10300 - 9950 + births)
    assert document["assumptions"] == []


@pytest.mark.parametrize(("baseline", "millions"), [("loglinear:1949-1957", 20.91), ("ols:1949-1957", 24.87)])
def test_a_normal_rate_needs_rates_only(baseline: str, millions: float) -> None:
    """Registered rates of China, 1958-61, completeness 1: 1949 has a rate and no person-years."""
    asked = Asked("rate", "nbs_registered", baseline, "1", "1958-1961")
    found = [row for row in estimate(load("china-1958"), asked, quick=True).document["estimates"]
             if not row["births_adjusted"]]  # fmt: skip
    assert [round(row["excess_deaths"]["median"] / 1e6, 2) for row in found] == [millions]


def test_stocks_of_any_date_give_person_years(tmp_path: Path) -> None:
    """Two stocks on other days than 31 December: the population between them is a straight line."""
    text = CASE.replace("books/population_yearend_total", "counts/population_total")
    found = ["year,start,end,series,variable,value,unit,source_id,quality,scope"]
    for year, (_, deaths, births) in BOOKS.items():
        if deaths is not None:
            found.append(f"{year},,,books,deaths,{deaths},persons,s1,official,")
            found.append(f"{year},,,books,births,{births},persons,s1,official,")
    found += [
        ",1900-07-01,,counts,population_total,10000,persons,s1,official,all",
        ",1908-07-01,,counts,population_total,18000,persons,s1,official,all",
    ]
    document = made(write_case(tmp_path / "c", text, found), method="rate", completeness="1").document
    assert document["accounts"] == []
    rates = {row["year"]: row for row in document["default"]["by_year_rates"]}
    # the middle of 1904 is four of eight years after the first stock
    assert rates[1904]["person_years"] == pytest.approx(14000, rel=1e-3)


def test_figures_that_reach_over_the_year_are_named(tmp_path: Path) -> None:
    document = made(weekly(tmp_path / "c", "2020-06-01/2021-11-30"), completeness="1").document
    assert any(
        "7 figures of deaths of 'Weeks' reach over the end" in text for text in document["assumptions"]
    )
    assert any("2020: the window has 214 of 366 days" in text for text in document["assumptions"])


def test_projections_are_named(tmp_path: Path) -> None:
    found = [row.replace(",official,", ",projection,") if row.startswith("1906,books,deaths") else row
             for row in rows()]  # fmt: skip
    document = made(write_case(tmp_path / "c", CASE, found)).document
    assert "deaths of 'The books': 1906 is projected, not recorded" in document["assumptions"]
    assert [first_projected(name) for name in ("WPP2024_Medium.csv.gz", "wpp2022.csv", "a.csv")] == [
        2024,
        2022,
        2022,
    ]


def test_a_harvest_window_has_no_dates(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "c")
    with pytest.raises(CaseError, match="a July-June window needs years"):
        made(folder, window="1903-07-01/1904-06-30", window_kind="july_june")


def test_a_reconstruction_takes_the_date_of_the_census(tmp_path: Path) -> None:
    found = [
        "start,series,variable,value,unit,source_id,quality,scope,sex,age_from,age_to",
        "1904-03-31,count,population_census_by_age,900,persons,s1,official,all,male,0,9",
        "1904-03-31,count,population_census_by_age,900,persons,s1,official,all,female,0,9",
    ]
    folder = write_case(tmp_path / "c")
    (folder / "evidence" / "ages.csv").write_text("\n".join(found) + "\n", encoding="utf-8")
    coverage = Prior(dist="normal", mean=1, sd=0.01, source="assumed")
    spec = Census(series="count", variable="population_census_by_age", date=1904.25, coverage=coverage,
                  group_sd=0.02, evidence_source="intercensal_closure", source="assumed")  # fmt: skip
    assert census(load(folder), spec)[1].sum() == 1800
    with pytest.raises(CaseError, match=r"was counted on 1904-03-31; write date: 1904\.246"):
        census(load(folder), spec.model_copy(update={"date": 1904.5}))
