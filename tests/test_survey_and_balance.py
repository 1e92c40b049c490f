"""Rates of surveys and two counts: the arithmetic, with published values."""

from datetime import date

import pytest

from dearth.case.periods import DAYS_A_YEAR, parse_period
from dearth.estimate.intercensal_balance import Count, between, intercensal_balance
from dearth.estimate.survey_rate import Rate, survey_deaths

PER_10000_A_DAY = DAYS_A_YEAR / 10  # per 1000 a year


def test_a_survey_rate_becomes_deaths() -> None:
    """2.0 per 10,000 a day (1.7-2.3) against 0.411, 4,564,521 people, 365 days."""
    rate = Rate(*(v * PER_10000_A_DAY for v in (2.0, 1.7, 2.3)))
    normal = Rate(0.411 * PER_10000_A_DAY)
    made = survey_deaths("survey", rate, normal, 4_564_521, parse_period("2010-10-01/2011-09-30"))
    assert made.days == 365
    assert round(made.excess_deaths) == 264_735
    assert (round(made.low or 0), round(made.high or 0)) == (214_754, 314_717)


def test_days_between_two_dates_count_the_first_where_it_is_written() -> None:
    """An event on 20 September at dawn, a window to 31 December: 103 days, or 102 from the day after."""
    assert parse_period("1950-09-20/1950-12-31").days == 103
    assert parse_period("1950-09-21/1950-12-31").days == 102


def test_two_counts_with_births_and_emigration() -> None:
    first, last = (Count(date(year, 6, 30), n, "all") for year, n in ((1901, 100_000), (1911, 95_000)))
    made = intercensal_balance("census", first, last, births=30_000, net_migration=-12_000,
                               normal_death_rate=20.0, normal_birth_rate=35.0)  # fmt: skip
    assert made.deaths == 100_000 - 95_000 + 30_000 - 12_000
    assert made.period.days == 3652
    assert made.normal_deaths == pytest.approx(20 * 97.5 * 3652 / 365.25)
    assert made.excess_deaths is not None
    assert made.births_lost is not None
    assert made.people_missing == pytest.approx(made.excess_deaths + made.births_lost)
    assert between(first, last).start == date(1901, 7, 1)


def test_two_counts_without_births_tell_people_missing_only() -> None:
    first, last = (Count(date(year, 6, 30), n, "all", assumed=True) for year, n in ((1901, 1e5), (1911, 9e4)))
    made = intercensal_balance("census", first, last, normal_death_rate=20.0, normal_birth_rate=35.0)
    assert made.deaths is None
    assert made.excess_deaths is None
    assert made.people_missing == pytest.approx(1e4 + 15 * 95 * 3652 / 365.25)
    assert any("net migration is taken as zero" in text for text in made.assumptions)
    assert any("date assumed" in text for text in made.assumptions)
