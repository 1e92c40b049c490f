"""The search for modes, on posteriors whose answer is known."""

import numpy as np
import pytest

from dearth.explain.gauss_newton import climb, jacobian

RNG = np.random.default_rng(3)
A, Y = RNG.normal(size=(7, 4)), RNG.normal(size=7)
EXACT = np.linalg.solve(A.T @ A + np.eye(4), A.T @ Y)


def linear(z):
    return z @ A.T - Y


def curved(z):
    return np.stack([z[:, 0] + 0.3 * z[:, 1] ** 2 - 1, 2 * z[:, 1] - 1], axis=1)


def test_a_linear_problem_is_solved_exactly():
    mode = climb(linear, np.zeros(4))
    assert mode.converged
    assert mode.z == pytest.approx(EXACT, abs=1e-6)
    assert mode.precision == pytest.approx(A.T @ A + np.eye(4), abs=1e-6)


def test_derivatives_agree_with_the_formula():
    z = np.array([0.4, -0.7])
    assert jacobian(curved, z) == pytest.approx(np.array([[1.0, 0.6 * -0.7], [0.0, 2.0]]), abs=1e-9)


def test_a_curved_problem_ends_where_the_slope_is_zero():
    mode = climb(curved, np.array([2.0, -2.0]))
    slope = jacobian(curved, mode.z).T @ curved(mode.z[None])[0] + mode.z
    assert np.abs(slope).max() < 0.3  # the search ends when the loss falls by less than 0.05
    assert mode.loss < climb(curved, np.zeros(2)).loss + 0.1


def test_a_start_outside_the_range_of_numbers_is_refused():
    with pytest.raises(FloatingPointError, match="not finite"):
        climb(lambda z: np.full((len(z), 2), np.nan), np.zeros(3))


def test_no_step_is_longer_than_one_prior_standard_deviation():
    seen = []

    def far(z):
        seen.append(z.copy())
        return 100 * (z - 30)

    climb(far, np.zeros(2))
    centres = [z[0] for z in seen if len(z) == 1]
    moves = [np.abs(z).max() for z in seen[2:3]]
    assert centres
    assert moves[0] <= 1 + 1e-9
