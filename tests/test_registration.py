"""The registration process: by hand, conserving, and smooth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dearth.population.registration import (
    book_births,
    book_deaths,
    completeness_by_age,
    infant_ratio,
    names_removed,
)


def test_a_register_on_paper() -> None:
    deaths = np.array([[[20.0, 30.0], [20.0, 30.0]], [[50.0, 100.0], [50.0, 100.0]]])  # 100, then 300
    complete = completeness_by_age(np.array([0.8, 0.5]), np.array(0.5), 2)
    assert complete[:, 0].tolist() == [[0.4, 0.8], [0.25, 0.5]]
    booked = book_deaths(
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
    found = book_deaths(deaths, complete, np.array(share), happened, booked, np.zeros(6))
    assert found.total.sum() <= deaths.sum() * (1 + 1e-12)
    assert found.late.sum() == pytest.approx(share * (happened * (deaths * (1 - complete)).sum((1, 2))).sum())
    off = book_deaths(deaths, complete, np.array(0.0), happened, booked, np.zeros(6))
    assert off.total == pytest.approx((deaths * complete).sum((1, 2)))  # strength 0 equals absent


def test_omitted_births_and_early_deaths_go_together() -> None:
    assert book_births(np.array([100.0]), np.array(0.9)) == pytest.approx([90])
    assert infant_ratio(np.array(0.9), np.array(1.0)) == pytest.approx(0.9)
    assert infant_ratio(np.array(0.9), np.array(0.0)) == 1


def test_names_removed_are_the_smooth_fall() -> None:
    names = np.array([0.0, 1000.0, 1000.0, 400.0])
    found = names_removed(names, 1.0)
    assert found == pytest.approx([0, np.log(2), 600], abs=1e-6)
    slope = (names_removed(names + np.array([0, 0, 1e-4, 0]), 1.0) - found) / 1e-4
    assert slope == pytest.approx([0, -0.5, 1.0], abs=1e-3)  # no knife edge where nothing falls
