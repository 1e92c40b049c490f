"""Plausibility checks of surveys, by hand; and the cluster bootstrap."""

import numpy as np
import pytest

pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.estimate.surveys.bootstrap import replicate_weights
from dearth.estimate.surveys.plausibility import People, PlausibilityCheck, plausibility


def people(**changes: object) -> People:
    """Return 1000 people in 200 households and 20 clusters, as many of each sex and of each age 0-24."""
    number = np.arange(1000)
    given: dict[str, object] = {
        "sex": 1.0 + number % 2, "age": (number // 2 % 25).astype(float), "deaths": np.zeros(1000),
        "household": number // 5, "cluster": number // 50, "person_days": np.full(1000, 90.0),
        "joined": np.zeros(1000), "left": np.zeros(1000),
    }  # fmt: skip
    return People(**(given | changes))  # type: ignore[arg-type]


def checked(of: People, rate: float = 0.5) -> dict[str, PlausibilityCheck]:
    return {check.name: check for check in plausibility(of, rate, 0.2)}


def test_a_sample_like_a_population_has_no_points() -> None:
    found = checked(people())
    assert {name for name, check in found.items() if check.score} == set()
    assert set(found) == {
        "crude_rate", "households_with_several_deaths", "deaths_by_cluster", "sex_ratio", "under_five",
        "under_two", "under_five_of_ten", "joined", "left",
    }  # fmt: skip


@pytest.mark.parametrize(("rate", "points"), [(0.99, 0), (1.0, 5), (2.0, 10), (3.5, 20)])
def test_the_level_of_the_rate_has_steps(rate: float, points: int) -> None:
    assert checked(people(), rate)["crude_rate"].score == points


def test_each_check_sees_its_own_fault() -> None:
    number = np.arange(1000)
    few_men = checked(people(sex=np.where(number < 400, 1.0, 2.0)))["sex_ratio"]
    assert (few_men.score, "400 males and 600 females" in few_men.reason) == (10, True)
    old = checked(people(age=np.full(1000, 30.0)))
    assert (old["under_five"].score, "under_two" in old) == (10, False)
    moved = checked(people(left=(number < 250).astype(float)))["left"]
    assert (moved.score, "250 of 1,000 (25.0%)" in moved.reason) == (5, True)
    together = checked(people(deaths=(number < 10).astype(float)))
    assert together["deaths_by_cluster"].score == 10
    assert together["households_with_several_deaths"].score == 5  # 2 of 200: 1 %
    spread = checked(people(deaths=(number % 50 == 0).astype(float)))
    assert spread["deaths_by_cluster"].score == 0


def test_columns_that_a_file_lacks_are_not_checked() -> None:
    nothing = np.full(1000, np.nan)
    found = checked(people(sex=nothing, age=nothing, joined=None, left=None))
    assert set(found) == {"crude_rate", "households_with_several_deaths", "deaths_by_cluster"}


def test_replicates_keep_each_stratum_and_the_variance_of_a_mean() -> None:
    """Factors average 1, sum to the clusters of a stratum, and give the variance s2 / n of a mean."""
    strata = np.repeat([0.0, 1.0], [4, 6])
    factors = replicate_weights(strata, 20_000, np.random.default_rng(1))
    assert factors[:, :4].sum(1) == pytest.approx(np.full(20_000, 4))
    assert factors.mean(0) == pytest.approx(np.ones(10), abs=0.03)
    values = np.array([1.0, 5, 2, 8])
    means = (factors[:, :4] @ values) / 4
    assert means.var() == pytest.approx(values.var(ddof=1) / 4, rel=0.05)
