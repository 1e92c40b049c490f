"""Completeness from two censuses: published values, known populations, and what is refused."""

import csv
from datetime import date

import numpy as np
import pytest

from conftest import SHARED
from dearth.population.census_interval import CensusInterval, census_interval
from dearth.population.death_distribution import (
    METHODS,
    age_ranges,
    all_methods,
    range_with_published_error,
    spread,
)
from dearth.population.extinct_generations import (
    extinct_generations,
    extinct_generations_with_delta,
)
from dearth.population.growth_balance import growth_balance
from dearth.population.one_census_growth_balance import one_census_balance
from dearth.population.open_age_expectation import open_age_expectation

SOUTH_AFRICA = SHARED / "evidence/live/completeness/south_africa_males_2001_2007.csv"
AGES = 5 * np.arange(18)


def stable(growth: float, undercount: float = 1.0, registered: float = 1.0) -> CensusInterval:
    """Return ten years of a stable population: the same shape at both dates, deaths in proportion."""
    single = np.arange(0, 121)
    hazard = 0.0005 + 0.0002 * np.exp(0.085 * single)
    alive = np.exp(-growth * (single + 0.5) - np.cumsum(hazard) + hazard / 2)

    def groups(values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, [*range(0, 86, 5)])

    years = 10.0
    mean = (np.exp(growth * years) - 1) / (growth * years) if growth else 1.0
    return census_interval(
        AGES, 1e6 * groups(alive) * undercount, 1e6 * groups(alive) * np.exp(growth * years),
        1e6 * years * mean * groups(alive * hazard) * registered, years,
    )  # fmt: skip


def south_africa() -> CensusInterval:
    if not SOUTH_AFRICA.is_file():
        pytest.skip("the worked example of the IUSSP Tools is not beside the checkout")
    rows = list(csv.DictReader(SOUTH_AFRICA.read_text(encoding="utf-8").splitlines()))
    column = {
        name: [float(row[name]) for row in rows]
        for name in ("age_start", "pop1", "pop2", "deaths", "migrants")
    }
    years = (date(2007, 2, 15) - date(2001, 10, 10)).days / 365.25
    return census_interval(
        column["age_start"], column["pop1"], column["pop2"], column["deaths"], years, column["migrants"]
    )


@pytest.mark.parametrize(
    ("method", "migration", "published", "within"),
    [
        ("growth_balance", True, 0.906, 0.0005),
        ("growth_balance", False, 0.934, 0.0005),
        ("extinct_generations", True, 1.03, 0.005),
        ("extinct_generations", False, 1.09, 0.005),
        # another program, with splines for the open age group, prints 0.912 and 0.937
        ("balance_then_generations", True, 0.912, 0.002),
        ("balance_then_generations", False, 0.937, 0.002),
    ],
)
def test_south_african_males_as_published(
    method: str, migration: bool, published: float, within: float
) -> None:
    (found,) = (
        one
        for one in all_methods(south_africa(), "male")
        if (one.method, one.migration) == (method, migration)
    )
    assert found.completeness == pytest.approx(published, abs=within)


def test_all_methods_come_together_and_show_their_spread() -> None:
    found = all_methods(south_africa(), "male")
    assert [(one.method, one.migration) for one in found] == [
        (method.name, migration) for method in METHODS for migration in (True, False)
    ]
    assert all(one.low <= one.completeness <= one.high and one.ranges > 15 for one in found)
    low, high = spread(found) or (0, 0)
    assert (round(low, 2), round(high, 2)) == (0.91, 1.09)
    assert range_with_published_error(found) == pytest.approx((0.8 * low, 1.2 * high))


@pytest.mark.parametrize("growth", [0.0, 0.02, 0.03])
@pytest.mark.parametrize("registered", [0.5, 1.0])
def test_a_stable_population_gives_its_completeness(growth: float, registered: float) -> None:
    # five-year groups alone cost up to 3 %
    interval = stable(growth, registered=registered)
    assert growth_balance(interval).completeness == pytest.approx(registered, rel=0.03)
    assert extinct_generations(interval, "female").completeness == pytest.approx(registered, rel=0.03)


def test_an_undercount_moves_extinct_generations_and_the_other_methods_mend_it() -> None:
    interval = stable(0.02, undercount=0.95, registered=0.7)
    balance = growth_balance(interval)
    assert balance.census_ratio == pytest.approx(0.95, abs=0.01)
    # registered deaths against the census that covers more
    assert balance.completeness == pytest.approx(0.7, rel=0.04)
    assert extinct_generations(interval, "male").completeness > 0.76
    mended = extinct_generations_with_delta(interval, "male")
    # delta makes the ratios level; they stay relative to the mean coverage of the two censuses
    assert mended.completeness == pytest.approx(0.7 / np.sqrt(0.95), rel=0.03)
    assert mended.delta == pytest.approx(np.log(0.95) / 10, abs=0.001)


def test_net_migration_left_out_moves_every_method() -> None:
    left = stable(0.02, registered=0.8)
    gone = 60_000.0 * np.exp(-(((AGES - 25) / 8) ** 2))
    moved = census_interval(AGES, left.first, left.second - 10 * gone, 10 * left.deaths, 10.0, -10 * gone)
    found = {(one.method, one.migration): one.completeness for one in all_methods(moved, "male")}
    for method in ("growth_balance", "extinct_generations"):
        assert found[method, True] == pytest.approx(0.8, rel=0.04)
    assert found["extinct_generations", False] < 0.97 * found["extinct_generations", True]
    assert found["growth_balance", False] > 1.01 * found["growth_balance", True]  # the other way


def test_what_cannot_be_fitted_is_refused_with_the_reason() -> None:
    interval = stable(0.02)
    with pytest.raises(ValueError, match="three are needed"):
        growth_balance(interval, (80, 90))
    falling = interval.first * np.exp(-0.05 * AGES)
    backwards = census_interval(AGES, interval.first, interval.second, falling, 10.0)
    refused = [one for one in all_methods(backwards, "male") if one.refused]
    assert {one.method for one in refused} >= {"growth_balance"}
    assert "do not rise" in refused[0].refused
    with pytest.raises(ValueError, match="0, 5, 10"):
        census_interval([0, 1, 5], [1, 1, 1], [1, 1, 1], [1, 1, 1], 10)
    with pytest.raises(ValueError, match="no people"):
        census_interval(AGES, 0 * AGES, interval.second, interval.deaths, 10)
    with pytest.raises(ValueError, match="after the first"):
        census_interval(AGES, interval.first, interval.second, interval.deaths, -1)


def test_ranges_of_ages_have_eight_groups_below_the_open_one() -> None:
    assert age_ranges("growth_balance", 85)[0] == (5, 40)
    assert len(age_ranges("growth_balance", 85)) == 45
    assert age_ranges("growth_balance", 60) == [(5, 40), (5, 45), (5, 50), (5, 55), (10, 45), (10, 50),
                                                (10, 55), (15, 50), (15, 55), (20, 55)]  # fmt: skip


def test_the_open_age_group_takes_its_expectation_from_the_model_life_table() -> None:
    deaths = np.zeros(18)
    deaths[4], deaths[10] = 0.7447628, 1.0  # the ratio of South African males
    assert open_age_expectation(AGES, deaths, "male", 85) == pytest.approx(3.158, abs=0.002)
    deaths[4] = 5.0  # beyond level 1: it stays there
    assert open_age_expectation(AGES, deaths, "male", 85) == pytest.approx(2.197)
    with pytest.raises(ValueError, match="starts at 55"):
        open_age_expectation(AGES, deaths, "male", 55)
    with pytest.raises(ValueError, match="no row for"):
        open_age_expectation(AGES, deaths, "male", 85, family="middle")


def test_one_census_and_reported_deaths_of_a_stable_population() -> None:
    interval = stable(0.025, registered=0.6)
    found = one_census_balance(AGES, np.sqrt(interval.first * interval.second), interval.deaths)
    assert found.completeness == pytest.approx(0.6, rel=0.03)
    assert found.growth == pytest.approx(0.025, abs=0.001)


def test_el_salvador_females_1961() -> None:
    """Data of the worked example of the IUSSP Tools; its printed answer could not be seen."""
    people = [214089, 190234, 149538, 125040, 113490, 91663, 77711, 72936, 56942, 46205, 38616, 26154,
              29273, 14964, 11205, 16193]  # fmt: skip
    deaths = [6909, 610, 214, 266, 291, 271, 315, 349, 338, 357, 385, 387, 647, 449, 504, 1360]
    found = one_census_balance(5 * np.arange(16), people, deaths)
    x, y = found.death_rate[found.used], found.entry_rate[found.used]
    assert found.growth + x / found.completeness == pytest.approx(y, abs=0.006)
    assert found.growth == pytest.approx(0.0287, abs=0.0001)
    assert found.completeness == pytest.approx(0.820, abs=0.001)
