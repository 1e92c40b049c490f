"""Windows of dates: their days of yearly, weekly and harvest-year figures."""

import json
from pathlib import Path

import pytest

from conftest import CASE, write_case
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.estimate.case_checks import check
from dearth.show.charts import charts
from dearth.show.report import render_report
from record_cases import (
    made,
    median,
    only,
    warnings,
    weekly,
)


def test_a_window_of_dates_takes_its_days_of_yearly_figures(tmp_path: Path) -> None:
    text = CASE.replace("window: 1903-1904", "window: 1903-07-01/1904-06-30")
    folder = write_case(tmp_path / "c", text)
    warnings(folder)
    result = made(folder, method="rate", baseline="mean:1901-1902", completeness="1")
    row = only(result)
    whole = only(made(folder, method="rate", baseline="mean:1901-1902", completeness="1", window="1903-1904"))
    yearly = [figure["median"] for figure in whole["by_year"].values()]  # type: ignore[attr-defined]
    assert median(row) == pytest.approx(yearly[0] * 184 / 365 + yearly[1] * 182 / 366)
    assert row["days"] == 366
    assert "1903-07-01/1904-06-30 (366 days)" in str(row["assumption_label"])
    assert any("1903: the window has 184 of 365 days" in text for text in row["window_split"])  # type: ignore[attr-defined]
    expected = median(whole, "expected_deaths") / 2
    assert median(row, "expected_deaths") == pytest.approx(expected, rel=0.03)
    assert median(row, "p_score") == pytest.approx(median(row) / median(row, "expected_deaths"))


def test_dates_that_make_whole_years_are_those_years(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "c")
    fixed = {"method": "rate", "baseline": "mean:1901-1902", "completeness": "1"}
    dated, years = (only(made(folder, **fixed, window=w)) for w in ("1903-01-01/1904-12-31", "1903-1904"))
    assert dated["excess_deaths"] == years["excess_deaths"]


@pytest.mark.parametrize(
    "window",
    ["2020-12-28/2021-01-03", "2020-02-28/2020-03-01", "2020-02-29/2020-02-29", "2020-06-01/2021-11-30"],
)
def test_a_window_of_weeks_is_compared_with_the_same_dates(tmp_path: Path, window: str) -> None:
    """Week 53, 29 February and eighteen months: no excess where nothing happened, by days."""
    # where winter ends inside a week, its days cannot be told apart: those windows have one season
    winter = 10 if "-02-" in window else 20
    row = only(made(weekly(tmp_path / "quiet", window, 0.0, winter), completeness="1"))
    days = row["days"]
    assert isinstance(days, int)
    assert abs(median(row)) < 0.005 * median(row, "expected_deaths")
    found = only(made(weekly(tmp_path / "crisis", window, 7.0, winter), completeness="1"))
    # the short windows lie in one week, which spreads 7 deaths a day of the window over its 7 days
    deaths = 7 * days if days > 7 else days**2
    assert median(found) - median(row) == pytest.approx(deaths, rel=0.01)
    assert median(found, "p_score") == pytest.approx(median(found) / median(found, "expected_deaths"))


def test_windows_that_weeks_cannot_answer_are_refused(tmp_path: Path) -> None:
    folder = weekly(tmp_path / "c", "2020-07-01/2020-09-30")
    with pytest.raises(
        CaseError, match="does not have deaths or people for every day of 2022-01-01/2022-02-28"
    ):
        made(folder, window="2021-12-01/2022-02-28")
    with pytest.raises(CaseError, match="give the harvest years as dates, 2020-07-01/2021-06-30"):
        made(folder, window="2020", window_kind="july_june")


def test_harvest_years_keep_their_deaths(tmp_path: Path) -> None:
    """Deaths by harvest year: a window of the same dates has exactly the deaths of the row."""
    deaths = {1900: 100, 1901: 110, 1902: 120, 1903: 500, 1904: 120}
    found = ["start,end,series,variable,value,unit,source_id,quality"]
    found += [f"{y}-07-01,{y + 1}-06-30,books,deaths,{n},persons,s1,official" for y, n in deaths.items()]
    text = CASE.replace("window: 1903-1904", "window: 1903-07-01/1904-06-30")
    text = text.replace(
        "baselines: [level:1902, mean:1901-1902, line:1901-1906, constant:12]", "baselines: [level:1901]"
    )
    text = text.replace("baseline: 'mean:1901-1902'", "baseline: level:1901")
    row = only(made(write_case(tmp_path / "c", text, found), completeness="1"))
    assert median(row) + median(row, "expected_deaths") == pytest.approx(500)
    # July to December 1901 belong to the row of 110, January to June to that of 100
    assert median(row, "expected_deaths") == pytest.approx(110 * 184 / 365 + 100 * 182 / 365, rel=0.01)


@pytest.mark.parametrize("window", ["2020-07-01/2020-09-30", "2020-12-28/2021-01-03"])
def test_the_report_of_a_window_of_dates_is_whole(tmp_path: Path, window: str) -> None:
    result = made(weekly(tmp_path / "c", window, 7.0))
    assert {chart.key for chart in charts(result)} >= {"specification", "surface", "births_deaths"}
    assert window in render_report(result, interactive=False)
    json.dumps(result.document, allow_nan=False)


def test_deaths_of_a_war_stand_beside_the_unadjusted_figure(tmp_path: Path) -> None:
    war = "  war: {label: battle deaths, deaths: 200, window: 1904-09-27/1904-11-10, source: s1}\n"
    war = f"subtractions:\n{war}"
    later = war.replace("war:", "later:").replace("1904", "1906").split("\n", 1)[1]
    document = made(write_case(tmp_path / "c", CASE + war + later)).document
    first, other = document["subtractions"]
    plain = document["default"]["excess_deaths"]["median"]
    assert first["excess_deaths"]["median"] == plain
    assert first["excess_deaths_after"]["median"] == pytest.approx(plain - 200)
    assert other["excess_deaths_after"] is None
    assert "outside" in other["note"]
    assert any("200 deaths in 1904-09-27/1904-11-10 are battle deaths (s1)" in t
               for t in document["answer"])  # fmt: skip
    wrong = write_case(tmp_path / "w", CASE + war.replace("source: s1", "source: nobody"))
    assert any("'nobody' is neither in sources.csv" in p.message for p in check(load(wrong)))


def test_a_constant_number_of_deaths_a_day_has_no_excess_in_a_leap_year(tmp_path: Path) -> None:
    folder = weekly(tmp_path / "c", "2020-07-01/2020-09-30")
    row = only(made(folder, completeness="1"))
    assert median(row, "expected_deaths") == pytest.approx(920, abs=0.5)
    assert median(row) == pytest.approx(0, abs=0.5)
