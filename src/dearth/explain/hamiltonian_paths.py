"""Hamiltonian moves of a group of chains, each with levels for powers of the likelihood.

References
----------
bourabee_sanzserna2017, hoffman_gelman2014, neal2011
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dearth.explain.density import Density
from dearth.explain.tempering import Place, exchanged
from dearth.numerics.dual_averaging import averaged
from dearth.numerics.hmc import DIVERGED

Floats = NDArray[np.float64]
AIM = 0.85  # mean acceptance aimed at; 0.65-0.9 are usual
SHORTER = 0.5  # the step of a move is drawn between this share of the tuned one and all of it, so that a
# chain leaves a place that is curved too sharply for the tuned step
STEPS = (8, 16)  # leapfrog steps of a path, drawn evenly between
FIRST_STEP = 0.1  # in the units of the paths


class Tuning(NamedTuple):
    """Dual averaging of the steps of a group [level]: log step, its running mean, mean error, moves made."""

    log_step: Floats
    log_step_mean: Floats
    error: Floats
    moves: Floats

    def after(self, accepted: Floats) -> "Tuning":
        """Return the tuning after a move with this acceptance [level]."""
        moves = self.moves + 1
        return Tuning(*averaged(moves, self.error, self.log_step_mean, accepted, AIM), moves)


def untuned(levels: int) -> Tuning:
    """Return the tuning before the first move."""
    first = np.full(levels, np.log(FIRST_STEP))
    return Tuning(first, first, np.zeros(levels), np.zeros(levels))


class Schedule(NamedTuple):
    """Powers of the likelihood [level] and the units of the paths at each [level, unknown, unknown]."""

    powers: Floats
    units: Floats


class Moves(NamedTuple):
    """Moves of a group.

    Attributes
    ----------
    z, loss : of the posterior, where each move ended [chain, move, unknown], [chain, move]
    accepted, diverged : of the paths at power 1 [chain, move]
    exchanges : chance of an exchange between levels [chain, move, pair]; not a number where none was tried
    end : where the chains stand after the last move
    """

    z: Floats
    loss: Floats
    accepted: Floats
    diverged: Floats
    exchanges: Floats
    end: Place
    tuning: Tuning


def paths(
    density: Density, begin: Floats, schedule: Schedule, tuning: Tuning, moves: int, tune: bool,
    rng: np.random.Generator,
) -> Moves:  # fmt: skip
    """Return `moves` moves of the chains of one group from `begin` [chain, level, unknown].

    Raises
    ------
    FloatingPointError
        When the density at a start is not finite.
    """
    powers, place = schedule.powers, _at(density, begin)
    if not np.isfinite(place.likelihood).all():
        chain = int(np.argwhere(~np.isfinite(place.likelihood))[0, 0])
        raise FloatingPointError(f"the simulation where chain {chain} starts is not finite")
    rows = []
    for move in range(moves):
        tuned = np.exp(tuning.log_step if tune else tuning.log_step_mean)
        step = tuned * rng.uniform(SHORTER, 1.0)
        momentum = rng.standard_normal(begin.shape)
        length = int(rng.integers(STEPS[0], STEPS[1], endpoint=True))
        there, ahead = leapfrog(density, place, momentum, schedule, step, length)
        with np.errstate(invalid="ignore", over="ignore"):
            kinetic = 0.5 * ((ahead**2).sum(-1) - (momentum**2).sum(-1))
            energy = there.value(powers) - place.value(powers) - kinetic
            chance = np.exp(np.minimum(np.nan_to_num(energy, nan=-np.inf), 0.0))
        place = place.chosen(rng.random(chance.shape) < chance, there)
        tuning = tuning.after(chance.mean(0)) if tune else tuning
        place, swaps = exchanged(place, powers, bool(move % 2), rng)
        loss = -place.value(powers)[:, 0]
        rows.append((place.z[:, 0], loss, chance[:, 0], (~(energy > -DIVERGED))[:, 0].astype(float), swaps))
    z, losses, accepted, diverged, exchanges = (np.stack(part, axis=1) for part in zip(*rows, strict=True))
    return Moves(z, losses, accepted, diverged, exchanges, place, tuning)


def leapfrog(
    density: Density, place: Place, momentum: Floats, schedule: Schedule, step: Floats, length: int
) -> tuple[Place, Floats]:
    """Return place and momentum [chain, level, unknown] after `length` steps of size `step` [level]."""

    def pull(place: Place) -> Floats:
        found: Floats = step[:, None] * np.einsum(
            "cli,lij->clj", place.climb(schedule.powers), schedule.units
        )
        return found

    ahead = momentum + 0.5 * pull(place)
    for _ in range(length):
        place = _at(density, place.z + step[:, None] * np.einsum("lij,clj->cli", schedule.units, ahead))
        ahead = ahead + pull(place)
    return place, ahead - 0.5 * pull(place)


def _at(density: Density, z: Floats) -> Place:
    """Return the place at `z` [chain, level, unknown]; the prior, standard normal, is no part of it."""
    value, slope = density(z.reshape(-1, z.shape[-1]))
    likelihood = value.reshape(z.shape[:-1]) + 0.5 * (z**2).sum(-1)
    return Place(z, likelihood, slope.reshape(z.shape) + z)
