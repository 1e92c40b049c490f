"""Levels of several powers cross between modes that a chain alone does not, and keep the posterior."""

import numpy as np
import pytest

from dearth.explain.chains import gathered, starts
from dearth.explain.gauss_newton import Mode
from dearth.explain.hamiltonian_paths import Schedule, paths, untuned
from dearth.explain.tempering import LOWEST, MOST, Place, apart, exchanged, powers_of

SIZE = 3
FAR = np.array([4.0, 0.0, 0.0])  # the modes stand at plus and minus this


def two_modes(z):
    """A standard normal prior times records that either of two places explains, one three times as well."""
    parts = np.stack(
        [np.log(0.75) - 2.0 * ((z - FAR) ** 2).sum(1), np.log(0.25) - 2.0 * ((z + FAR) ** 2).sum(1)]
    )
    likelihood = np.logaddexp(*parts)
    share = np.exp(parts[0] - likelihood)[:, None]
    slope = -4.0 * (share * (z - FAR) + (1 - share) * (z + FAR))
    return likelihood - 0.5 * (z**2).sum(1), slope - z


def mode(sign):
    return Mode(sign * 0.8 * FAR, 0.0, 2.0 * np.eye(SIZE), 1, True)


MODES = [mode(1), mode(-1)]


def drawn(powers, moves=400):
    rng = np.random.default_rng(5)
    schedule = Schedule(powers, np.tile(0.5 * np.eye(SIZE), (len(powers), 1, 1)))
    begin = np.tile(MODES[0].z, (8, len(powers), 1))
    warm = paths(two_modes, begin, schedule, untuned(len(powers)), 50, True, rng)
    return paths(two_modes, warm.end.z, schedule, warm.tuning, moves, False, rng)


def test_a_ladder_gives_each_mode_its_weight():
    found = drawn(np.array([1.0, 0.4, 0.15, 0.05]), 2000)
    beyond = (found.z[..., 0] > 0).mean()
    assert beyond == pytest.approx(0.75, abs=0.06)
    assert (np.diff(np.sign(found.z[..., 0]), axis=1) != 0).sum() > 200
    assert found.z[found.z[..., 0] > 0].mean(0) == pytest.approx(0.8 * FAR, abs=0.08)
    assert found.z[found.z[..., 0] > 0].std(0) == pytest.approx(5**-0.5, rel=0.1)


def test_a_chain_alone_stays_in_its_mode():
    assert (drawn(np.ones(1)).z[..., 0] > 0).all()


def test_modes_that_stand_apart_are_seen():
    assert apart(MODES)
    near = Mode(MODES[0].z + 0.1, 0.0, MODES[0].jacobian, 1, True)
    assert not apart([MODES[0], near])
    assert powers_of([MODES[0], near]) == pytest.approx([1.0])


def test_powers_fall_to_the_lowest():
    powers = powers_of(MODES)
    assert powers[0] == 1
    assert (np.diff(powers) < 0).all()
    assert powers[-1] <= LOWEST or len(powers) == MOST


def test_exchanges_move_whole_places_and_only_pairs_in_turn():
    rng = np.random.default_rng(6)
    z = rng.standard_normal((5, 4, SIZE))
    likelihood = np.tile([-9.0, -5.0, -3.0, -1.0], (5, 1))  # better and better: every exchange is accepted
    place = Place(z, likelihood, 2 * z)
    powers = np.array([1.0, 0.5, 0.25, 0.1])
    even, chance = exchanged(place, powers, False, rng)
    assert np.array_equal(even.z, z[:, [1, 0, 3, 2]])
    assert np.array_equal(even.slope, 2 * even.z)
    assert np.array_equal(even.likelihood[0], [-5, -9, -1, -3])
    assert np.isnan(chance[:, 1]).all()
    assert (chance[:, [0, 2]] == 1).all()
    odd, _ = exchanged(place, powers, True, rng)
    assert np.array_equal(odd.z, z[:, [0, 2, 1, 3]])


def test_levels_start_about_modes_in_turn():
    found = starts(MODES, 2, 2, seed=3)
    assert np.array_equal(np.sign(found[..., 0]), [[1, -1], [-1, 1]])


def test_exchanges_are_counted_where_they_were_tried():
    tuning = np.zeros((2, 4, 3))
    turn = {
        "z": np.zeros((2, 2, 1)), "loss": np.zeros((2, 2)), "accepted": np.ones((2, 2)),
        "diverged": np.zeros((2, 2)), "tuning": tuning,
        "exchanges": np.array([[[0.5, np.nan], [np.nan, 0.2]]] * 2),
    }  # fmt: skip
    found = gathered([turn], np.array([1.0, 0.5, 0.25]))
    assert found.exchanges == pytest.approx((0.5, 0.2))
    assert found.powers == (1.0, 0.5, 0.25)
