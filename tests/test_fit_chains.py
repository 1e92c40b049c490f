"""Chains of a fit: they find known posteriors, and say where they cannot."""

import numpy as np
import pytest

from dearth.explain.chains import starts, units
from dearth.explain.fit import halves_apart
from dearth.explain.gauss_newton import Mode
from dearth.explain.hamiltonian_paths import Schedule, Tuning, leapfrog, paths, untuned
from dearth.explain.tempering import Place
from dearth.numerics.diagnostics import convergence
from dearth.reconstruction.convergence_gates import rhat_limit

SIZE = 6
PLAIN = Schedule(np.ones(1), np.eye(SIZE)[None])


def bent(z):
    """A normal posterior, bent: the first unknown is normal about half the square of the second."""
    z = np.clip(z, -1e6, 1e6)  # far off, where a first step too long may lead
    apart = z[:, 0] - 0.5 * z[:, 1] ** 2
    value = -0.5 * apart**2 - 0.5 * (z[:, 1:] ** 2).sum(1)
    slope = -z.copy()
    slope[:, 0] = -apart
    slope[:, 1] += z[:, 1] * apart
    return value, slope


def at(z):
    value, slope = bent(z[:, 0])
    return Place(z, value[:, None] + 0.5 * (z**2).sum(-1), slope[:, None] + z)


def test_draws_of_a_bent_posterior_have_its_moments():
    rng = np.random.default_rng(1)
    begin = rng.standard_normal((8, 1, SIZE))
    warm = paths(bent, begin, PLAIN, untuned(1), 200, True, rng)
    found = paths(bent, warm.end.z, PLAIN, warm.tuning, 1500, False, rng)
    assert 0.6 < found.accepted.mean() < 0.95
    assert convergence(found.z).rhat.max() < 1.02
    every = found.z.reshape(-1, SIZE)
    # z1 ~ N(0, 1) and z0 given z1 ~ N(z1 squared / 2, 1): its mean is 0.5 and its variance 1.5
    assert every.mean(0) == pytest.approx([0.5, 0, 0, 0, 0, 0], abs=0.08)
    assert every[:, 0].var() == pytest.approx(1.5, rel=0.12)
    assert every[:, 1:].var(0) == pytest.approx(1, rel=0.12)
    value, _ = bent(found.end.z[:, 0])
    assert found.loss[:, -1] == pytest.approx(-value)


def test_leapfrog_goes_back_the_way_it_came():
    rng = np.random.default_rng(2)
    z, momentum = rng.standard_normal((2, 3, 1, SIZE))
    bowed = Schedule(np.ones(1), np.tril(rng.standard_normal((1, SIZE, SIZE))))
    step = np.array([0.02])
    there, ahead = leapfrog(bent, at(z), momentum, bowed, step, 9)
    back, behind = leapfrog(bent, there, -ahead, bowed, step, 9)
    assert back.z == pytest.approx(z, abs=1e-9)
    assert -behind == pytest.approx(momentum, abs=1e-9)


def test_short_paths_keep_the_energy_in_any_units():
    rng = np.random.default_rng(3)
    z, momentum = rng.standard_normal((2, 4, 1, SIZE))
    bowed = Schedule(np.ones(1), np.tril(rng.standard_normal((1, SIZE, SIZE))))
    there, ahead = leapfrog(bent, at(z), momentum, bowed, np.array([1e-4]), 50)
    energy, before = (
        place.value(bowed.powers) - 0.5 * (m**2).sum(-1) for place, m in ((there, ahead), (at(z), momentum))
    )
    assert energy == pytest.approx(before, abs=1e-6)
    assert not np.allclose(there.z, z, atol=1e-4)


def test_a_start_off_the_range_of_numbers_is_refused():
    def nowhere(z):
        return np.full(len(z), -np.inf), np.zeros_like(z)

    with pytest.raises(FloatingPointError, match="chain 0 starts"):
        paths(nowhere, np.zeros((2, 1, SIZE)), PLAIN, untuned(1), 1, True, np.random.default_rng(1))


def test_a_path_off_the_range_of_numbers_diverges_and_stays():
    def walled(z):
        inside = np.abs(z).max(1) < 0.5
        return np.where(inside, 0.0, -np.inf), np.zeros_like(z)

    begin = np.zeros((4, 1, SIZE))
    far = Tuning(np.log([5.0]), np.log([5.0]), np.zeros(1), np.zeros(1))
    found = paths(walled, begin, PLAIN, far, 3, False, np.random.default_rng(1))
    assert (found.z == 0).all()
    assert (found.diverged == 1).all()
    assert (found.accepted == 0).all()


def test_halves_that_stand_apart_are_seen():
    rng = np.random.default_rng(4)
    z = rng.standard_normal((8, 400, 3))
    assert halves_apart(z) < 0.1
    z[4:, :, 1] += 0.5
    assert halves_apart(z) == pytest.approx(0.5, abs=0.1)


def test_the_same_stream_gives_the_same_draws():
    one, two = (
        paths(bent, np.zeros((3, 1, SIZE)), PLAIN, untuned(1), 5, True, np.random.default_rng(9)).z
        for _ in range(2)
    )
    assert (one == two).all()


def test_starts_stand_about_every_mode_in_turn():
    slopes = 3 * np.eye(SIZE)
    modes = [Mode(np.full(SIZE, at), 0.0, slopes, 1, True) for at in (0.0, 50.0)]
    found = starts(modes, 400, 1, seed=2)[:, 0]
    assert found[::2].mean() == pytest.approx(0.0, abs=0.05)
    assert found[1::2].mean() == pytest.approx(50.0, abs=0.05)
    assert found[::2].std() == pytest.approx(10**-0.5, rel=0.1)  # precision: 9 of the records, 1 of the prior


def test_units_stand_between_the_prior_and_the_curvature():
    mode = Mode(np.zeros(2), 0.0, np.diag([10.0, 0.0]), 1, True)
    assert units(mode) @ units(mode).T == pytest.approx(np.diag([101**-0.5, 1.0]))
    weak = units(mode, 0.25)
    assert weak @ weak.T == pytest.approx(np.diag([26**-0.5, 1.0]))


def test_the_limit_of_r_hat_is_as_strict_for_many_chains_as_for_four():
    assert rhat_limit(4) == pytest.approx(1.01)
    assert rhat_limit(2) == pytest.approx(1.01)
    # chance alone: R-hat^2 - 1 is about the half chains over the effective sample size
    assert 2 * 16 / (rhat_limit(16) ** 2 - 1) == pytest.approx(2 * 4 / (1.01**2 - 1))
