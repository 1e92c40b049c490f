"""Deaths by age at death: by hand, and kept whatever the rates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dearth.population.lexis import BORN, by_age, survival


def test_a_cohort_survives_by_the_rates_of_its_two_ages() -> None:
    hazard = np.full((1, 101), 0.1)
    kept = survival(hazard)
    assert kept.shape == (1, 102)
    assert kept[0, 2:] == pytest.approx(np.exp(-0.1))
    assert kept[0, 0] * kept[0, 1] == pytest.approx(np.exp(-0.15))  # birth to exact age one and a half


def test_deaths_of_three_ages_by_hand() -> None:
    hazard = np.array([0.4, 0.2, 0.6])
    # risk before and after the birthday: newborn all before; those of 0: 0.1 and 0.1; of 1: 0.1 and 0.3
    assert BORN == 0.75
    found = by_age(np.array([8.0, 10.0, 4.0, 5.0]), hazard)
    assert found == pytest.approx([8 + 5, 5 + 1, 3 + 5])


@given(st.integers(0, 10_000), st.integers(2, 30))
def test_nobody_dies_twice(seed: int, ages: int) -> None:
    rng = np.random.default_rng(seed)
    hazard, deaths = rng.uniform(1e-6, 2, (3, ages)), rng.uniform(0, 100, (3, ages + 1))
    found = by_age(deaths, hazard)
    assert found.shape == (3, ages)
    assert (found >= 0).all()
    assert found.sum(-1) == pytest.approx(deaths.sum(-1))
