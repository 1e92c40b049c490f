"""Shapley values: the axioms, known games and interactions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dearth.explain.shapley import combinations, first_and_last, interactions, shapley

GAMES = st.lists(st.floats(-1e3, 1e3), min_size=16, max_size=16)


def game(value, causes):
    return np.array([value(frozenset(np.flatnonzero(row))) for row in combinations(causes)], float)


def test_the_glove_game_has_its_known_values():
    # one left glove, two right gloves; a pair is worth 1: 2/3, 1/6, 1/6
    values = game(lambda s: float(0 in s and bool(s & {1, 2})), 3)
    assert shapley(values) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@given(GAMES)
def test_values_add_up_to_the_whole_effect(values):
    values = np.array(values)
    assert shapley(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-6)


@given(GAMES, st.permutations(range(4)))
def test_the_order_of_the_causes_does_not_matter(values, order):
    values = np.array(values)
    marks = combinations(4)
    moved = np.array([values[sum(1 << order[c] for c in np.flatnonzero(row))] for row in marks])
    assert shapley(moved) == pytest.approx(shapley(values)[list(order)], abs=1e-6)


def test_a_cause_without_effect_gets_nothing_and_draws_stay_apart():
    values = np.stack([game(lambda s, k=k: k * (0 in s) + 3 * (1 in s), 3) for k in (1.0, 2.0)], axis=1)
    assert shapley(values) == pytest.approx(np.array([[1.0, 2.0], [3.0, 3.0], [0.0, 0.0]]))


def test_interactions_are_those_of_a_product():
    values = game(lambda s: 5.0 * (0 in s and 1 in s) + 2.0 * (2 in s), 3)
    found = interactions(values)
    assert found[0, 1] == found[1, 0] == pytest.approx(5.0)
    assert found[0, 2] == pytest.approx(0.0)
    assert shapley(values) == pytest.approx([2.5, 2.5, 2.0])


def test_first_and_last_are_the_two_ends_of_the_orders():
    values = game(lambda s: 5.0 * (0 in s and 1 in s), 2)
    alone, removed = first_and_last(values)
    assert alone == pytest.approx([0.0, 0.0])
    assert removed == pytest.approx([5.0, 5.0])


def test_a_number_of_values_that_is_no_power_of_two_is_refused():
    with pytest.raises(ValueError, match="2\\^k"):
        shapley(np.zeros(6))
