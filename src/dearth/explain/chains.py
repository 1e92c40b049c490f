"""Draws from the posterior of a simulation by Hamiltonian Monte Carlo about its best mode.

The unknowns are taken in units between those of the prior and those of the normal approximation at the mode.
Chains move in groups that know
nothing of each other: each tunes its own step and has its own random numbers, so that groups are independent
runs, and are computed apart.

References
----------
bourabee_sanzserna2017, hoffman_gelman2014, neal2011
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dearth.ensemble.shards import Shard
from dearth.explain.density import Density, density_of
from dearth.explain.gauss_newton import Mode
from dearth.explain.problem import FitProblem
from dearth.numerics.checkpoint import digest
from dearth.numerics.hmc import DIVERGED
from dearth.numerics.random_streams import stream

Floats = NDArray[np.float64]
AIM = 0.85  # mean acceptance aimed at; 0.65-0.9 are usual
SHORTER = 0.5  # the step of a move is drawn between this share of the tuned one and all of it, so that a
# chain leaves a place that is curved too sharply for the tuned step
STEPS = (8, 16)  # leapfrog steps of a path, drawn evenly between
FIRST_STEP = 0.1  # in the units of the paths


@dataclass(frozen=True)
class Chains:
    """Draws of all chains.

    Attributes
    ----------
    z : unknowns [chain, draw, unknown]
    loss : minus log posterior [chain, draw]
    accepted : mean acceptance after warm-up
    step : of the paths in their units, tuned; mean over groups of chains
    divergences : paths that diverged after warm-up
    """

    z: Floats
    loss: Floats
    accepted: float
    step: float
    divergences: int


class Tuning(NamedTuple):
    """Dual averaging of the step of a group: log step, its running mean, mean error, moves made."""

    log_step: float
    log_step_mean: float
    error: float
    moves: float

    def after(self, accepted: float) -> "Tuning":
        """Return the tuning after a move, with the constants of Hoffman and Gelman."""
        moves = self.moves + 1
        error = self.error + (AIM - accepted - self.error) / (moves + 10)
        log_step = float(np.log(0.5) - np.sqrt(moves) / 0.05 * error)
        weight = moves**-0.75
        return Tuning(log_step, weight * log_step + (1 - weight) * self.log_step_mean, error, moves)


UNTUNED = Tuning(float(np.log(FIRST_STEP)), float(np.log(FIRST_STEP)), 0.0, 0.0)


def starts(modes: list[Mode], chains: int, seed: int) -> Floats:
    """Return the starts of the chains [chain, unknown], in turn about each mode, as its curvature says."""
    found = []
    for chain in range(chains):
        mode = modes[chain % len(modes)]
        factor = np.linalg.cholesky(np.linalg.inv(mode.precision))
        noise = stream(seed, "fit start", str(chain)).standard_normal(len(mode.z))
        found.append(mode.z + factor @ noise)
    return np.stack(found)


@dataclass(frozen=True)
class ChainTask:
    """A pure function of a shard of chains: some moves of each from where it stands.

    Attributes
    ----------
    begin : unknowns of all chains [chain, unknown]
    tuning : of the group of every chain [chain, 4]
    moves : of each chain
    tune : whether the step is tuned on the way
    turn : number of the part of the fit; names its random numbers
    """

    problem: FitProblem
    mode: Mode
    begin: Floats
    tuning: Floats
    moves: int
    tune: bool
    turn: int

    @property
    def about(self) -> str:
        """A name for whatever decides the numbers besides seed and versions."""
        numbers = digest([self.mode.z, self.mode.jacobian, self.begin, self.tuning])
        return f"chains {self.problem.about} {numbers} {self.moves} {self.tune} {self.turn}"

    def __call__(self, shard: Shard) -> dict[str, Floats]:
        """Return z [chain, move, unknown], loss, acceptance and divergence [chain, move], tuning [chain, 4].

        Raises
        ------
        FloatingPointError
            When the density where a chain stands is not finite.
        """
        factor = units(self.mode)
        density = straightened(density_of(self.problem), self.mode.z, factor)
        rng = stream(shard.seed, "fit chains", str(shard.first), str(self.turn))
        here = slice(shard.first, shard.last)
        w = np.asarray(np.linalg.solve(factor, (self.begin[here] - self.mode.z).T).T, float)
        tuning = Tuning(*self.tuning[shard.first])
        found = paths(density, w, tuning, self.moves, self.tune, rng)
        return {
            "z": self.mode.z + found.w @ factor.T,
            "loss": found.loss,
            "accepted": found.accepted,
            "diverged": found.diverged,
            "tuning": np.tile(np.asarray(found.tuning, float), (shard.draws, 1)),
        }


def units(mode: Mode) -> Floats:
    """Return the matrix from the units of the paths to unknowns [unknown, unknown].

    Every principal direction has the geometric mean of its standard deviations in the prior and in the normal
    approximation. The direction that the records hold tightest turns from place to place. In units of the
    normal approximation a path could not follow it; in those of the prior its steps would be too short.
    """
    precision, direction = np.linalg.eigh(mode.precision)
    return np.asarray(direction * np.maximum(precision, 1.0) ** -0.25, float)


def straightened(density: Density, centre: Floats, factor: Floats) -> Density:
    """Return a density of `w`, where z = centre + factor w."""

    def of(w: Floats) -> tuple[Floats, Floats]:
        value, slope = density(centre + w @ factor.T)
        return value, slope @ factor

    return of


class Paths(NamedTuple):
    """Moves of a group: w [chain, move, unknown]; loss, acceptance and divergence [chain, move]."""

    w: Floats
    loss: Floats
    accepted: Floats
    diverged: Floats
    tuning: Tuning


def paths(
    density: Density, w: Floats, tuning: Tuning, moves: int, tune: bool, rng: np.random.Generator
) -> Paths:
    """Return `moves` Hamiltonian moves of the chains of one group from `w` [chain, unknown].

    Raises
    ------
    FloatingPointError
        When the density at a start is not finite.
    """
    value, slope = density(w)
    if not np.isfinite(value).all():
        raise FloatingPointError(f"the simulation where chain {int(value.argmin())} starts is not finite")
    rows = []
    for _ in range(moves):
        tuned = float(np.exp(tuning.log_step if tune else tuning.log_step_mean))
        step = float(tuned * rng.uniform(SHORTER, 1.0))
        momentum = rng.standard_normal(w.shape)
        length = int(rng.integers(STEPS[0], STEPS[1], endpoint=True))
        there, ahead, new, new_slope = leapfrog(density, w, momentum, slope, step, length)
        with np.errstate(invalid="ignore", over="ignore"):
            energy = new - value - 0.5 * ((ahead**2).sum(1) - (momentum**2).sum(1))
            chance = np.exp(np.minimum(np.nan_to_num(energy, nan=-np.inf), 0.0))
        take = rng.random(len(w)) < chance
        w, slope = np.where(take[:, None], there, w), np.where(take[:, None], new_slope, slope)
        value = np.where(take, new, value)
        tuning = tuning.after(float(chance.mean())) if tune else tuning
        rows.append((w, -value, chance, ~(energy > -DIVERGED)))
    w_all, loss, accepted, diverged = (np.stack(part, axis=1) for part in zip(*rows, strict=True))
    return Paths(w_all, loss, accepted, diverged.astype(float), tuning)


def leapfrog(
    density: Density, w: Floats, momentum: Floats, slope: Floats, step: float, length: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return place, momentum, value and slope after `length` steps."""
    ahead = momentum + 0.5 * step * slope
    value = np.full(len(w), -np.inf)
    for _ in range(length):
        w = w + step * ahead
        value, slope = density(w)
        ahead = ahead + step * slope
    return w, ahead - 0.5 * step * slope, value, slope
