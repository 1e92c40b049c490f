"""Chains of a fit: they find known posteriors, and say where they cannot."""

import numpy as np
import pytest

from dearth.explain.chains import UNTUNED, Tuning, leapfrog, paths, starts, straightened, units
from dearth.explain.fit import halves_apart
from dearth.explain.gauss_newton import Mode
from dearth.numerics.diagnostics import convergence

SIZE = 6


def bent(z):
    """A normal posterior, bent: the first unknown is normal about half the square of the second."""
    z = np.clip(z, -1e6, 1e6)  # far off, where a first step too long may lead
    apart = z[:, 0] - 0.5 * z[:, 1] ** 2
    value = -0.5 * apart**2 - 0.5 * (z[:, 1:] ** 2).sum(1)
    slope = -z.copy()
    slope[:, 0] = -apart
    slope[:, 1] += z[:, 1] * apart
    return value, slope


def test_draws_of_a_bent_posterior_have_its_moments():
    rng = np.random.default_rng(1)
    begin = rng.standard_normal((8, SIZE))
    warm = paths(bent, begin, UNTUNED, 200, True, rng)
    found = paths(bent, warm.w[:, -1], warm.tuning, 1500, False, rng)
    assert 0.6 < found.accepted.mean() < 0.95
    assert convergence(found.w).rhat.max() < 1.02
    every = found.w.reshape(-1, SIZE)
    # z1 ~ N(0, 1) and z0 given z1 ~ N(z1 squared / 2, 1): its mean is 0.5 and its variance 1.5
    assert every.mean(0) == pytest.approx([0.5, 0, 0, 0, 0, 0], abs=0.08)
    assert every[:, 0].var() == pytest.approx(1.5, rel=0.12)
    assert every[:, 1:].var(0) == pytest.approx(1, rel=0.12)
    value, _ = bent(found.w[:, -1])
    assert found.loss[:, -1] == pytest.approx(-value)


def test_leapfrog_goes_back_the_way_it_came():
    rng = np.random.default_rng(2)
    w, momentum = rng.standard_normal((2, 3, SIZE))
    _, slope = bent(w)
    there, ahead, _, slope_there = leapfrog(bent, w, momentum, slope, 0.05, 9)
    back, behind, _, _ = leapfrog(bent, there, -ahead, slope_there, 0.05, 9)
    assert back == pytest.approx(w, abs=1e-9)
    assert -behind == pytest.approx(momentum, abs=1e-9)


def test_a_start_off_the_range_of_numbers_is_refused():
    def nowhere(z):
        return np.full(len(z), -np.inf), np.zeros_like(z)

    with pytest.raises(FloatingPointError, match="chain 0 starts"):
        paths(nowhere, np.zeros((2, SIZE)), UNTUNED, 1, True, np.random.default_rng(1))


def test_a_path_off_the_range_of_numbers_diverges_and_stays():
    def walled(z):
        inside = np.abs(z).max(1) < 0.5
        return np.where(inside, 0.0, -np.inf), np.zeros_like(z)

    begin = np.zeros((4, SIZE))
    far = Tuning(np.log(5.0), np.log(5.0), 0.0, 0.0)
    found = paths(walled, begin, far, 3, False, np.random.default_rng(1))
    assert (found.w == 0).all()
    assert (found.diverged == 1).all()
    assert (found.accepted == 0).all()


def test_straight_coordinates_carry_value_and_slope():
    rng = np.random.default_rng(3)
    factor, centre = np.tril(rng.standard_normal((SIZE, SIZE))), rng.standard_normal(SIZE)
    density = straightened(bent, centre, factor)
    w = rng.standard_normal((1, SIZE))
    value, slope = density(w)
    assert value == pytest.approx(bent(centre + w @ factor.T)[0])
    steps = 1e-6 * np.eye(SIZE)
    found = [(density(w + s)[0] - density(w - s)[0])[0] / 2e-6 for s in steps]
    assert slope[0] == pytest.approx(found, rel=1e-5, abs=1e-5)


def test_halves_that_stand_apart_are_seen():
    rng = np.random.default_rng(4)
    z = rng.standard_normal((8, 400, 3))
    assert halves_apart(z) < 0.1
    z[4:, :, 1] += 0.5
    assert halves_apart(z) == pytest.approx(0.5, abs=0.1)


def test_the_same_stream_gives_the_same_draws():
    one, two = (
        paths(bent, np.zeros((3, SIZE)), UNTUNED, 5, True, np.random.default_rng(9)).w for _ in range(2)
    )
    assert (one == two).all()


def test_starts_stand_about_every_mode_in_turn():
    slopes = 3 * np.eye(SIZE)
    modes = [Mode(np.full(SIZE, at), 0.0, slopes, 1, True) for at in (0.0, 50.0)]
    found = starts(modes, 400, seed=2)
    assert found[::2].mean() == pytest.approx(0.0, abs=0.05)
    assert found[1::2].mean() == pytest.approx(50.0, abs=0.05)
    assert found[::2].std() == pytest.approx(10**-0.5, rel=0.1)  # precision: 9 of the records, 1 of the prior


def test_units_stand_between_the_prior_and_the_curvature():
    mode = Mode(np.zeros(2), 0.0, np.diag([10.0, 0.0]), 1, True)
    assert units(mode) @ units(mode).T == pytest.approx(np.diag([101**-0.5, 1.0]))
