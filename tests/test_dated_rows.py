"""Rows of evidence with dates: what is read, what is refused, and how days are shared among years."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from conftest import CASE, rows, write_case
from dearth.case.periods import Period, calendar_year, parse_period, same_dates
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.series import Figure, Series

HEADER = "year,start,end,series,variable,value,unit,source_id,quality,scope"


def dated(*more: str) -> list[str]:
    """Return the rows of the tiny case with columns for dates, and `more`."""
    old = [row.split(",", 1) for row in rows()[1:]]
    return [HEADER, *(f"{year},,,{rest}" for year, rest in old), *more]


def told(folder: Path) -> str:
    with pytest.raises(CaseError) as caught:
        load(folder)
    return str(caught.value)


def week(year: int, number: int) -> Period:
    start = date.fromisocalendar(year, number, 1)
    return Period(start, start + timedelta(days=6))


def weekly(first: int, last: int, a_day: float) -> list[Figure]:
    weeks = {year: date(year, 12, 28).isocalendar().week for year in range(first, last + 1)}
    return [
        Figure(week(year, number), 7 * a_day, "", "official", "s1")
        for year, many in weeks.items()
        for number in range(1, many + 1)
    ]


def test_weeks_become_years_by_days() -> None:
    """Week 53 of 2015 and of 2020 is shared by two years; a year's deaths are the days that fall in it."""
    series = Series.of("x/deaths", "sum", weekly(2014, 2021, 100.0))
    # the first ISO week of 2014 starts on 30 December 2013; the last of 2021 ends on 2 January 2022
    assert series.years == tuple(range(2014, 2022))
    assert series.by_year[2015] == pytest.approx(36500)
    assert series.by_year[2020] == pytest.approx(36600)
    assert series.over(parse_period("2020-12-28/2021-01-03")) == pytest.approx(700)


def test_a_week_across_new_year_is_split_by_days() -> None:
    figures = [
        Figure(parse_period("2019-12-31/2020-12-28"), 3640.0, "", "", ""),
        Figure(Period(date(2020, 12, 29), date(2021, 1, 4)), 700.0, "", "", ""),
    ]
    series = Series.of("x/deaths", "sum", figures)
    # 364 days of 10 deaths less the 31 December 2019, and three of the seven days at 100
    assert series.over(calendar_year(2020)) == pytest.approx(3630 + 300)
    assert series.years == (2020,)


def test_months_and_years_mix_and_a_missing_day_makes_a_gap() -> None:
    figures = [
        Figure(calendar_year(1901), 365.0, "", "", ""),
        Figure(parse_period("1902-01-01/1902-06-30"), 181.0, "", "", ""),
        Figure(parse_period("1902-07-02/1902-12-31"), 183.0, "", "", ""),
        Figure(calendar_year(1903), 365.0, "", "", ""),
    ]
    series = Series.of("x/deaths", "sum", figures)
    assert series.years == (1901, 1903)
    assert series.gaps == [1902]


def test_rates_are_averaged_by_days_and_stocks_interpolated() -> None:
    rate = Series.of("x/r", "mean", [
        Figure(parse_period("1903-01-01/1903-01-31"), 40.0, "", "", ""),
        Figure(parse_period("1903-02-01/1903-12-31"), 20.0, "", "", ""),
    ])  # fmt: skip
    assert rate.by_year[1903] == pytest.approx((40 * 31 + 20 * 334) / 365)
    stock = Series.of("x/n", "stock", [
        Figure(parse_period("1901-01-01/1901-01-01"), 1000.0, "all", "", ""),
        Figure(parse_period("1901-04-11/1901-04-11"), 1100.0, "all", "", ""),
    ])  # fmt: skip
    assert stock.at(parse_period("1901-02-20/1901-02-20")) == pytest.approx(1050)


def test_a_day_that_does_not_exist_is_no_day() -> None:
    leap = parse_period("2020-02-28/2020-03-01")
    assert [same_dates(leap, year).days for year in (2019, 2020, 2021)] == [2, 3, 2]
    assert same_dates(parse_period("2020-02-29/2020-02-29"), 2019).text == "2019-02-28"


def test_dated_rows_are_read(tmp_path: Path) -> None:
    more = [
        ",1907-01-01,1907-01-07,weekly,deaths,44,persons,s1,official,",
        ",1907-06-20,,counted,population_total,10500,persons,s1,official,all",
        ",1907-06-20,,counted,population_census_total,10500,persons,s1,official,all",
    ]
    case = load(write_case(tmp_path / "c", CASE, dated(*more)))
    assert case.evidence.series("weekly/deaths").figures[0].period == parse_period("1907-01-01/1907-01-07")
    assert case.evidence.series("counted/population_total").figures[0].period.text == "1907-06-20"
    row = next(r for r in case.evidence if r.variable == "population_census_total")
    assert row.when == "1907-06-20"
    assert case.evidence.series("books/deaths").by_year[1903] == 500


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1903-W05,,,books,births,44,persons,s1,official,", "start 1903-01-26 and end 1903-02-01"),
        ("1903-02,,,books,births,44,persons,s1,official,", "start 1903-02-01 and end 1903-02-28"),
        (",1903-02-29,1903-03-01,b,births,44,persons,s1,official,", "'1903-02-29' is not a day"),
        (",1903-03-02,1903-03-01,b,births,44,persons,s1,official,", "before it starts"),
        (",1903-03-02,,b,births,44,persons,s1,official,", "births has a first and a last day; give end too"),
        (",,,b,births,44,persons,s1,official,", "the row has no date"),
        ("1903,1903-01-01,,b,births,44,persons,s1,official,", "give either year, or start and end"),
        (",1903-06-30,,b,population_yearend_total,44,persons,s1,official,all", "is population_total"),
        ("1903,,,b,population_total,44,persons,s1,official,all", "stands on a date"),
        (",1903-01-01,1903-01-07,books,deaths,9,persons,s1,official,", "no day may be counted twice"),
        ("1903,,,books,deaths,9,persons,s1,official,", "To keep both, give this row a series of its own"),
        ("1903,,,b,deaths,2,\"per 10,000 per day\",s1,official,", "belongs to the variable crude_death_rate"),
        ("1903,,,b,deaths,2,per 10000 per day,s1,official,", "units are: persons; thousand persons"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_dated_is_refused(tmp_path: Path, row: str, message: str) -> None:
    text = told(write_case(tmp_path / "c", CASE, dated(row)))
    assert message in text
    assert "did you mean" not in text


def test_units_come_from_the_table_and_from_the_case(tmp_path: Path) -> None:
    more = [
        ',1907-01-01,1907-03-31,survey,crude_death_rate,2.0,"per 10,000 per day",s1,official,',
        "1907,,,yield,rice_output,100,koku,s1,official,",
    ]
    text = CASE.replace("registers:", "units:\n  koku: {base: tonnes, factor: 0.15}\nregisters:")
    case = load(write_case(tmp_path / "c", text, dated(*more)))
    # 2 per 10,000 a day are 0.2 per 1000 a day, and a year has 365.25 days
    assert case.evidence.series("survey/crude_death_rate").figures[0].value == pytest.approx(0.2 * 365.25)
    assert case.evidence.series("yield/rice_output").by_year[1907] == pytest.approx(15)
