"""Seasonal baselines of weekly and monthly deaths: published excess, week 53, leap days, intervals."""

import csv
from datetime import date, timedelta

import numpy as np
import pytest

from conftest import DATA
from dearth.case.calendar_slots import (
    Slot,
    cadence,
    iso_week,
    month,
    periods_of_year,
    quarter,
    slot,
    week_53_shares,
    weeks_in_year,
)
from dearth.case.periods import Period, calendar_year, parse_period
from dearth.estimate.dated_excess import DatedExcess, dated_excess, span_dispersion
from dearth.estimate.seasonal_baseline import CannotFitError, DatedCounts
from dearth.estimate.spline_baseline import spline_baseline
from dearth.estimate.year_trend_baseline import year_trend_baseline

MARCH_TO_DECEMBER = parse_period("2020-03-01/2020-12-31")
# excess deaths, standard deviation and percent of a year's baseline that Karlinsky and Kobak (2021) print
PUBLISHED = {
    "Armenia": (9847, 651, None),  # before 4,000 deaths of a war that the authors subtract
    "Georgia": (4804, 1016, 10.6),
    "Costa Rica": (938, 374, 3.7),
    "Andorra": (81, 26, 24.7),
    "Aruba": (51, 34, 7.5),
    "Cuba": (578, 2086, 0.5),
    "Greenland": (-16, 34, -2.9),
    "Philippines": (-7661, 5928, -1.2),
    "Seychelles": (-167, 41, -19.9),
}


def months_of(place: str) -> DatedCounts:
    with (DATA / "dated" / "world_mortality_extract.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["country_name"] == place]
    periods = tuple(month(int(row["year"]), int(row["time"])) for row in rows)
    return DatedCounts(periods, np.array([float(row["deaths"]) for row in rows]), cadence(periods))


def excess_of(place: str) -> DatedExcess:
    counts = months_of(place)
    made = year_trend_baseline(counts, range(2015, 2020), MARCH_TO_DECEMBER)
    return dated_excess(made, MARCH_TO_DECEMBER, counts.share_in(calendar_year(2020)))


def test_excess_deaths_of_albania() -> None:
    found = excess_of("Albania")
    assert found.excess.median == pytest.approx(6003.7, abs=0.05)
    assert found.sd_independent == pytest.approx(670.7, abs=0.05)
    assert 100 * found.of_a_year.median == pytest.approx(27.6, abs=0.06)
    assert 100 * found.p_score.median == pytest.approx(34.5, abs=0.05)
    assert found.deaths == pytest.approx(found.expected.median + found.excess.median)


@pytest.mark.parametrize(("place", "published"), PUBLISHED.items())
def test_published_excess_deaths(place: str, published: tuple[int, int, float | None]) -> None:
    found = excess_of(place)
    excess, sd, percent = published
    assert found.excess.median == pytest.approx(excess, abs=0.51)
    assert found.sd_independent == pytest.approx(sd, abs=0.51)
    if percent is not None:
        assert 100 * found.of_a_year.median == pytest.approx(percent, abs=0.051)
    # ours is of sums over ten months, so that it is not theirs
    assert found.sd != pytest.approx(found.sd_independent, rel=0.01)


def weeks(first: int, last: int) -> tuple[Period, ...]:
    return tuple(iso_week(y, w) for y in range(first, last + 1) for w in range(1, weeks_in_year(y) + 1))


def by_day(periods: tuple[Period, ...], rate) -> DatedCounts:
    """Return deaths that follow a rate a day, without noise."""
    deaths = [sum(rate(p.start + timedelta(days=i)) for i in range(p.days)) for p in periods]
    return DatedCounts(periods, np.array(deaths, float), cadence(periods))


def seasonal(day: date) -> float:
    return 100 + 20 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 15) / 365.25)


def test_week_53_is_expected_as_the_weeks_that_share_its_days() -> None:
    counts = by_day(weeks(2014, 2020), seasonal)
    window = parse_period("2020-12-28/2021-01-03")
    made = year_trend_baseline(counts, range(2014, 2020), window)
    found = dated_excess(made, window, counts.share_in(calendar_year(2020)))
    assert found.expected.median == pytest.approx(found.deaths, rel=0.005)
    shares = week_53_shares(range(2015, 2020))
    assert set(shares) == {52, 1}
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[1] == pytest.approx((2 + 3 + 4 + 5) / 28)  # days of week 1 in 2016-2019


def test_a_window_that_cuts_a_week_counts_its_days() -> None:
    counts = by_day(weeks(2014, 2020), lambda day: 10.0)
    window = parse_period("2020-03-04/2020-03-31")  # from a Wednesday to a Tuesday
    made = year_trend_baseline(counts, range(2015, 2020), window)
    weights = counts.share_in(window)
    assert float(weights @ counts.deaths) == pytest.approx(280)
    assert float(weights @ made.expected) == pytest.approx(280)


def test_a_leap_day_changes_no_rate_of_the_spline() -> None:
    periods = tuple(month(y, m) for y in range(2015, 2021) for m in range(1, 13))
    counts = by_day(periods, lambda day: 100.0)
    made = spline_baseline(counts, range(2015, 2020), calendar_year(2020))
    assert made.expected == pytest.approx(counts.deaths, rel=1e-9)
    assert made.expected[periods.index(month(2020, 2))] == pytest.approx(2900)


def test_the_spline_follows_a_trend_and_goes_on_in_a_straight_line() -> None:
    periods = weeks(2000, 2020)
    counts = by_day(periods, lambda day: 100 * np.exp(0.01 * (day.toordinal() - 730000) / 365.25))
    made = spline_baseline(counts, range(2000, 2020), calendar_year(2020))
    assert made.expected == pytest.approx(counts.deaths, rel=1e-3)
    assert made.gradient.shape[1] == 4 + 4  # two knots within twenty years, four terms of the season


def test_the_variance_of_a_sum_is_that_of_least_squares() -> None:
    """Independent of the code: ordinary least squares of three years of quarters, written out."""
    periods = tuple(quarter(y, q) for y in range(2015, 2019) for q in range(1, 5))
    deaths = np.array([100, 90, 80, 95, 104, 93, 85, 96, 105, 99, 88, 99, 140, 130, 90, 101.0])
    counts = DatedCounts(periods, deaths, cadence(periods))
    window = parse_period("2018-01-01/2018-06-30")
    made = year_trend_baseline(counts, range(2015, 2018), window)
    x = np.array([[p.start.year, *(p.start.month == m for m in (1, 4, 7, 10))] for p in periods], float)
    a, b = x[:12], deaths[:12]
    beta = np.linalg.solve(a.T @ a, a.T @ b)
    s2 = np.sum((b - a @ beta) ** 2) / (12 - 5)
    w = x[12] + x[13]
    found = dated_excess(made, window, counts.share_in(calendar_year(2018)))
    assert found.excess.median == pytest.approx(270 - w @ beta)
    assert found.sd_independent**2 == pytest.approx(s2 * (w @ np.linalg.solve(a.T @ a, w) + 2))
    assert found.of_a_year.median == pytest.approx((270 - w @ beta) / (x[12:] @ beta).sum())


def test_sums_that_move_together_have_a_larger_dispersion() -> None:
    periods = tuple(month(y, m) for y in range(2005, 2020) for m in range(1, 13))
    noise = np.random.default_rng(1).normal(0, 50, 15)
    deaths = np.array([1000 + noise[p.start.year - 2005] for p in periods])
    counts = DatedCounts(periods, deaths, "month")
    made = year_trend_baseline(counts, range(2005, 2019), calendar_year(2019))
    whole, degrees = span_dispersion(made, calendar_year(2019))
    single, _ = span_dispersion(made, month(2019, 6))
    assert whole > 6 * made.dispersion
    assert single == pytest.approx(made.dispersion, rel=0.3)
    assert degrees < 20


@pytest.mark.parametrize(
    ("years", "window", "message"),
    [
        (range(2018, 2020), "2020-03-01/2020-12-31", "at least 3"),
        (range(2015, 2020), "2020-03-01/2021-01-31", "31 of the 337 days"),
    ],
)
def test_what_cannot_be_fitted_is_refused(years: range, window: str, message: str) -> None:
    counts, days = months_of("Albania"), parse_period(window)

    def excess() -> DatedExcess:
        made = year_trend_baseline(counts, years, days)
        return dated_excess(made, days, counts.share_in(calendar_year(2020)))

    with pytest.raises(CannotFitError, match=message):
        excess()


def test_periods_of_other_lengths_have_no_year_trend() -> None:
    counts = by_day((parse_period("2020-01-01/2020-01-10"), month(2020, 2)), lambda day: 1.0)
    with pytest.raises(CannotFitError, match="spline baseline takes periods of any length"):
        year_trend_baseline(counts, range(2015, 2020), calendar_year(2021))


def test_slots_of_the_calendar() -> None:
    assert slot(parse_period("2019-12-28/2020-01-03"), "week") == Slot(2020, 1)  # Saturday to Friday
    assert cadence([month(2020, 2), month(2020, 3)]) == "month"
    assert cadence([month(2020, 2), iso_week(2020, 9)]) == "other"
    assert [len(periods_of_year(y, iso_week(2019, 3), "week")) for y in (2015, 2019, 2020)] == [53, 52, 53]
    friday = parse_period("2019-12-28/2020-01-03")
    of_year = periods_of_year(2020, friday, "week")
    assert of_year[0] == friday
    assert {slot(period, "week") for period in of_year} == {Slot(2020, n) for n in range(1, 54)}
