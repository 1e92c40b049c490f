"""The registration process: by hand, conserving, and smooth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dearth.population.registration_process import (
    completeness_by_group,
    false_entries_removed,
    infant_ratio,
    register_births,
    register_deaths,
    shift_share,
)


def test_a_register_on_paper() -> None:
    deaths = np.array([[[20.0, 30.0], [20.0, 30.0]], [[50.0, 100.0], [50.0, 100.0]]])  # 100, then 300
    complete = completeness_by_group(np.array([0.8, 0.5]), np.zeros((2, 2)), np.array([0.5, 0.5]))
    assert complete[:, 0].tolist() == [[0.4, 0.8], [0.25, 0.5]]
    booked = register_deaths(
        deaths, complete, np.array(0.25), np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.0, 7.0])
    )
    assert booked.prompt == pytest.approx([16 + 48, 25 + 100])
    assert booked.late == pytest.approx([0, 0.25 * 36])  # a quarter of the 36 missed in the first year
    assert booked.total == pytest.approx([64, 125 + 9 + 7])


@given(st.integers(0, 1000), st.floats(0, 1))
def test_nobody_is_booked_twice(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    deaths, complete = rng.uniform(0, 1000, (6, 2, 4)), rng.uniform(0, 1, (6, 2, 4))
    happened, booked = rng.uniform(0, 1, 6), rng.dirichlet(np.ones(6))
    found = register_deaths(deaths, complete, np.array(share), happened, booked, np.zeros(6))
    assert found.total.sum() <= deaths.sum() * (1 + 1e-12)
    assert found.late.sum() == pytest.approx(share * (happened * (deaths * (1 - complete)).sum((1, 2))).sum())
    off = register_deaths(deaths, complete, np.array(0.0), happened, booked, np.zeros(6))
    assert off.total == pytest.approx((deaths * complete).sum((1, 2)))  # strength 0 equals absent


def test_omitted_births_and_early_deaths_go_together() -> None:
    assert register_births(np.array([100.0]), np.array(0.9)) == pytest.approx([90])
    assert infant_ratio(np.array(0.9), np.array(1.0)) == pytest.approx(0.9)
    assert infant_ratio(np.array(0.9), np.array(0.0)) == 1


def test_names_removed_are_the_smooth_fall() -> None:
    names = np.array([1e5, 101000.0, 101000.0, 100400.0])
    found = false_entries_removed(names, 1.0, 1.0)
    assert found == pytest.approx([0, np.log(2), 600], abs=1e-6)
    slope = (false_entries_removed(names + np.array([0, 0, 1e-4, 0]), 1.0, 1.0) - found) / 1e-4
    assert slope == pytest.approx([0, -0.5, 1.0], abs=1e-3)  # no knife edge where nothing falls


def test_rolls_short_of_people_have_few_false_names_to_strike() -> None:
    surplus = np.array([-5e5, -9e5, -2e6, -1e6])  # a register that misses more and more people
    assert false_entries_removed(surplus, 1e4, 10.0).max() < 10
    assert false_entries_removed(np.array([1e5, -9e5]), 1e3, 10.0) == pytest.approx([1e5], rel=1e-3)


@given(st.integers(0, 1000))
def test_no_more_names_are_struck_than_ever_stood(seed: int) -> None:
    rng = np.random.default_rng(seed)
    surplus = np.cumsum(rng.normal(size=12)) * 1e5
    mixed, smooth = 1e4, 10.0
    held = mixed * np.log1p(np.exp(-np.abs(surplus / mixed))) + np.maximum(surplus, 0)
    came = held[0] + np.maximum(np.diff(held), 0).sum()
    assert false_entries_removed(surplus, mixed, smooth).sum() <= came + 12 * smooth


def test_odds_of_booking_by_sex_and_age() -> None:
    offset = np.array([[0.0, -np.log(2)], [0.0, 0.0]])
    found = completeness_by_group(np.array([0.8, 1.0]), offset, np.ones(2))
    assert found[0] == pytest.approx(np.array([[0.8, 2 / 3], [0.8, 0.8]]))  # odds of 4 halved are 2
    assert found[1] == pytest.approx(1.0)  # a full register stays full


@given(st.floats(0, 1), st.floats(-5, 5))
def test_a_shifted_share_is_a_share(share: float, log_odds: float) -> None:
    moved = float(shift_share(share, np.array(log_odds)))
    assert 0 <= moved <= 1
    assert (moved >= share) == (log_odds >= 0) or moved == pytest.approx(share)
    back = float(shift_share(moved, np.array(-log_odds)))
    assert back == pytest.approx(share, abs=1e-12)
