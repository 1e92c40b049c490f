"""The search for modes and the chains about them, on posteriors whose answer is known."""

import numpy as np
import pytest

from dearth.explain.chains import sample, starts
from dearth.explain.fit import halves_apart
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


def test_chains_have_the_moments_of_a_normal_posterior():
    mode = climb(linear, np.zeros(4))
    begin = starts([mode], 8, seed=1)
    found = sample(linear, mode, begin, warm_up=200, draws=1500, seed=1)
    covariance = np.linalg.inv(A.T @ A + np.eye(4))
    flat = found.z.reshape(-1, 4)
    assert flat.mean(0) == pytest.approx(EXACT, abs=0.1)
    assert np.cov(flat, rowvar=False) == pytest.approx(covariance, abs=0.15)
    assert halves_apart(found.z) < 0.4
    assert found.accepted == 1.0  # the moves leave a normal posterior as it is


def test_chains_leave_the_normal_approximation_where_the_posterior_is_curved():
    # loss by quadrature: the mean of the second unknown's square
    grid = np.linspace(-5, 5, 201)
    z = np.stack(np.meshgrid(grid, grid, indexing="ij"), -1).reshape(-1, 2)
    weight = np.exp(-0.5 * (curved(z) ** 2).sum(1) - 0.5 * (z**2).sum(1))
    wanted = (weight[:, None] * z).sum(0) / weight.sum()
    mode = climb(curved, np.zeros(2))
    found = sample(curved, mode, starts([mode], 8, seed=2), warm_up=200, draws=2000, seed=2)
    assert found.z.reshape(-1, 2).mean(0) == pytest.approx(wanted, abs=0.06)


def test_the_same_seed_gives_the_same_draws():
    mode = climb(linear, np.zeros(4))
    one, two = (
        sample(linear, mode, starts([mode], 4, seed=5), warm_up=10, draws=20, seed=5).z for _ in range(2)
    )
    assert (one == two).all()


def test_chains_apart_are_seen():
    z = np.zeros((4, 50, 1)) + np.random.default_rng(0).normal(size=(4, 50, 1))
    z[::2] += 4
    assert halves_apart(z) > 1
