"""Cohort-component projection: a published example to 1e-6 persons, and books that balance."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED
from dearth.population.projection import imbalance, project, step

FOLDER = SHARED / "evidence" / "burkina_faso"


def table(name: str) -> np.ndarray:
    if not FOLDER.is_dir():
        pytest.skip("the Burkina Faso tables are not beside this project")
    rows = list(csv.reader((FOLDER / name).read_text(encoding="utf-8").splitlines()))[1:]
    return np.array([[float(cell) for cell in row[1:]] for row in rows])


def test_burkina_faso_to_a_millionth_of_a_person() -> None:
    stocks, done = project(
        table("baseline_pop_counts.csv")[None, :, 0],
        table("survival_proportions.csv").T[:, None],
        table("fertility_rates.csv").T,
        table("migration_proportions.csv").T[:, None],
        1 / 2.05,
        5.0,
    )
    np.testing.assert_allclose(
        stocks[:, 0].T, table("projection_of_initial_estimates.csv"), rtol=0, atol=1e-6
    )
    assert np.abs(done.births - done.deaths[..., 0] - stocks[1:, :, 0]).max() < 1e-6


def test_a_step_on_paper() -> None:
    people = np.array([[100.0, 50.0, 10.0], [80.0, 40.0, 5.0]])
    survival = np.array([[0.8, 0.9, 0.5, 0.25]] * 2)
    done = step(people, survival, np.array([0.0, 0.2, 0.0]), np.zeros((2, 3)), 0.5)
    # mothers: half of 50 now and of the 90 who grow into the group
    assert done.births == pytest.approx([7.0, 7.0])
    assert done.people[0] == pytest.approx([5.6, 90.0, 27.5])
    assert done.deaths[0] == pytest.approx([1.4, 10.0, 25.0, 7.5])


@given(st.integers(0, 10_000), st.sampled_from([1, 2]), st.integers(3, 30))
def test_books_balance(seed: int, sexes: int, ages: int) -> None:
    rng = np.random.default_rng(seed)
    people = rng.uniform(0, 1e8, (4, sexes, ages))
    survival = rng.uniform(0, 1, (4, sexes, ages + 1))
    migration = rng.normal(0, 0.1, (4, sexes, ages))
    done = step(people, survival, rng.uniform(0, 0.3, (4, ages)), migration, 0.4878)
    scale = people.sum(-1) + done.births
    if sexes == 2:
        assert np.abs(imbalance(people, done) / scale).max() < 1e-13
    for draw in range(4):  # a batch is its draws
        alone = step(people[draw], survival[draw], np.zeros(ages), migration[draw], 0.5)
        np.testing.assert_allclose(alone.people[:, 1:], done.people[draw, :, 1:], rtol=1e-12)
    assert (done.deaths[..., 0] >= 0).all()


def test_nobody_dies_of_perfect_survival() -> None:
    people = np.ones((2, 5)) * 1000.0
    done = step(people, np.ones((2, 6)), np.zeros(5), np.zeros((2, 5)), 0.5)
    assert done.people.sum() == people.sum()
    assert done.deaths.sum() == 0
