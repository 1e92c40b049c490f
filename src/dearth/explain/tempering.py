"""Chains at several powers of the likelihood, which exchange their places: parallel tempering.

Where a posterior has two modes, a chain crosses from one to the other too rarely. At a lower power of the
likelihood the valley between them is shallower. Chains there cross, and hand what they find to the
posterior's own chains, step by step, so that these keep the posterior. Only the draws at power 1 are kept.

References
----------
atchade2011, syed2022
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dearth.explain.gauss_newton import Mode

Floats = NDArray[np.float64]
SPACING = 1.466  # posterior standard deviations of the log likelihood from one power to the next: about three
# exchanges in ten are then accepted where posterior and prior are normal
LOWEST = 0.2  # power at which the levels may end; assumed
MOST = 6  # levels of a chain


class Place(NamedTuple):
    """Where chains stand.

    Attributes
    ----------
    z : unknowns [chain, level, unknown]
    likelihood : log likelihood, but for a constant [chain, level]
    slope : of the log likelihood [chain, level, unknown]
    """

    z: Floats
    likelihood: Floats
    slope: Floats

    def value(self, powers: Floats) -> Floats:
        """Return the log posterior at every level's power [chain, level]."""
        return np.asarray(powers * self.likelihood - 0.5 * (self.z**2).sum(-1))

    def climb(self, powers: Floats) -> Floats:
        """Return the slope of the log posterior at every level's power [chain, level, unknown]."""
        return np.asarray(powers[:, None] * self.slope - self.z)

    def chosen(self, take: NDArray[np.bool_], other: "Place") -> "Place":
        """Return the places of `other` where `take` [chain, level], and these elsewhere."""
        return Place(
            np.where(take[..., None], other.z, self.z),
            np.where(take, other.likelihood, self.likelihood),
            np.where(take[..., None], other.slope, self.slope),
        )


def apart(modes: Sequence[Mode]) -> bool:
    """Return whether a mode lies farther from the best than draws about the best do."""
    best = modes[0]
    away = np.stack([mode.z - best.z for mode in modes])
    squared = np.einsum("mi,ij,mj->m", away, best.precision, away)
    return bool(squared.max() > len(best.z))


def powers_of(modes: Sequence[Mode]) -> Floats:
    """Return the powers of the likelihood, falling from 1 [level]; 1 alone where all modes are one.

    They are spaced by the spread of the log likelihood in the normal approximation at the best mode.
    """
    if not apart(modes):
        return np.ones(1)
    strength = np.maximum(np.linalg.eigvalsh(modes[0].precision) - 1.0, 0.0)
    powers = [1.0]
    while powers[-1] > LOWEST and len(powers) < MOST:
        spread = np.sqrt(0.5 * ((strength / (1 + powers[-1] * strength)) ** 2).sum())
        powers.append(float(max(powers[-1] - SPACING / spread, 0.5 * powers[-1])))
    return np.array(powers)


def exchanged(place: Place, powers: Floats, odd: bool, rng: np.random.Generator) -> tuple[Place, Floats]:
    """Return the places after exchanges between neighbouring levels, and the chance of each [chain, pair].

    Even and odd pairs take turns, so that a place wanders along the levels instead of to and fro. The chance
    of a pair that has no turn is not a number.
    """
    chains, levels = place.likelihood.shape
    chance = np.full((chains, levels - 1), np.nan)
    order = np.tile(np.arange(levels), (chains, 1))
    for pair in range(int(odd), levels - 1, 2):
        gain = (powers[pair] - powers[pair + 1]) * (place.likelihood[:, pair + 1] - place.likelihood[:, pair])
        chance[:, pair] = np.exp(np.minimum(gain, 0.0))
        swap = rng.random(chains) < chance[:, pair]
        order[swap, pair], order[swap, pair + 1] = pair + 1, pair
    return Place(*(np.take_along_axis(part, _like(order, part), axis=1) for part in place)), chance


def _like(order: NDArray[np.int_], part: Floats) -> NDArray[np.int_]:
    return order if part.ndim == 2 else order[..., None]
