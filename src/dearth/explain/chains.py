"""Draws from the posterior of a simulation by Hamiltonian Monte Carlo about its best mode.

The unknowns are taken in units between those of the prior and those of the normal approximation at the mode.
Chains move in groups that know nothing of each other: each tunes its own steps and has its own random
numbers, so that groups are independent runs, and are computed apart. Where the modes of a posterior lie
apart, each chain has levels, one for each of several powers of the likelihood.

References
----------
bourabee_sanzserna2017, hoffman_gelman2014, neal2011, syed2022
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.ensemble.shards import Shard
from dearth.explain.density import density_of
from dearth.explain.gauss_newton import Mode
from dearth.explain.hamiltonian_paths import Schedule, Tuning, paths
from dearth.explain.problem import FitProblem
from dearth.numerics.checkpoint import digest
from dearth.numerics.random_streams import stream

Floats = NDArray[np.float64]


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
    powers : of the likelihood at the levels of a chain, falling from 1
    exchanges : mean acceptance of exchanges between each level and the next
    """

    z: Floats
    loss: Floats
    accepted: float
    step: float
    divergences: int
    powers: tuple[float, ...] = (1.0,)
    exchanges: tuple[float, ...] = ()


def starts(modes: Sequence[Mode], chains: int, levels: int, seed: int) -> Floats:
    """Return the starts [chain, level, unknown], in turn about each mode, as its curvature says."""
    factors = [np.linalg.cholesky(np.linalg.inv(mode.precision)) for mode in modes]
    noise = np.stack(
        [
            stream(seed, "fit start", str(chain)).standard_normal((levels, len(modes[0].z)))
            for chain in range(chains)
        ]
    )
    found = np.empty_like(noise)
    for chain in range(chains):
        for level in range(levels):
            one = (chain + level) % len(modes)
            found[chain, level] = modes[one].z + factors[one] @ noise[chain, level]
    return found


@dataclass(frozen=True)
class ChainTask:
    """A pure function of a shard of chains: some moves of each from where it stands.

    Attributes
    ----------
    powers : of the likelihood, falling from 1 [level]
    begin : unknowns of all chains [chain, level, unknown]
    tuning : of the group of every chain [chain, 4, level]
    moves : of each chain
    tune : whether the steps are tuned on the way
    turn : number of the part of the fit; names its random numbers
    """

    problem: FitProblem
    mode: Mode
    powers: Floats
    begin: Floats
    tuning: Floats
    moves: int
    tune: bool
    turn: int

    @property
    def about(self) -> str:
        """A name for whatever decides the numbers besides seed and versions."""
        numbers = digest([self.mode.z, self.mode.jacobian, self.powers, self.begin, self.tuning])
        return f"chains {self.problem.about} {numbers} {self.moves} {self.tune} {self.turn}"

    def __call__(self, shard: Shard) -> dict[str, Floats]:
        """Return z [chain, move, unknown], and loss, acceptance and divergence [chain, move].

        Also the chance of exchanges [chain, move, pair], where the chains end [chain, level, unknown] and
        the tuning there [chain, 4, level].

        Raises
        ------
        FloatingPointError
            When the density where a chain stands is not finite.
        """
        rng = stream(shard.seed, "fit chains", str(shard.first), str(self.turn))
        schedule = Schedule(self.powers, np.stack([units(self.mode, power) for power in self.powers]))
        here = slice(shard.first, shard.last)
        tuning = Tuning(*self.tuning[shard.first])
        found = paths(
            density_of(self.problem), self.begin[here], schedule, tuning, self.moves, self.tune, rng
        )
        return {
            "z": found.z,
            "loss": found.loss,
            "accepted": found.accepted,
            "diverged": found.diverged,
            "exchanges": found.exchanges,
            "end": found.end.z,
            "tuning": np.tile(np.asarray(found.tuning, float), (shard.draws, 1, 1)),
        }


def units(mode: Mode, power: float = 1.0) -> Floats:
    """Return the matrix from units of the paths to unknowns, at a power of the likelihood [unknown, unknown].

    Every principal direction has the geometric mean of its standard deviations in the prior and in the normal
    approximation. The direction that the records hold tightest turns from place to place. In units of the
    normal approximation a path could not follow it; in those of the prior its steps would be too short.
    """
    precision, direction = np.linalg.eigh(mode.precision)
    strength = np.maximum(precision - 1.0, 0.0)
    return np.asarray(direction * (1.0 + power * strength) ** -0.25, float)


def gathered(turns: Sequence[dict[str, Floats]], powers: Floats) -> Chains:
    """Return the draws of some turns, one after another."""
    whole = {
        name: np.concatenate([turn[name] for turn in turns], axis=1)
        for name in ("z", "loss", "accepted", "diverged", "exchanges")
    }
    step = float(np.exp(turns[-1]["tuning"][:, 1, 0]).mean())
    exchanges = np.nanmean(whole["exchanges"], axis=(0, 1)) if len(powers) > 1 else []
    return Chains(
        whole["z"], whole["loss"], float(whole["accepted"].mean()), step, int(whole["diverged"].sum()),
        tuple(float(power) for power in powers), tuple(float(share) for share in exchanges),
    )  # fmt: skip
