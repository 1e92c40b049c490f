"""Straight coordinates for a bent ridge: total deaths tell the level of mortality, not whose it is.

Where no ages of death are held, the levels a of children and b of adults are told only by the sum of their
deaths, W exp(a) + (1 - W) exp(b): a thin ridge that bends. A shear along (1, 1) by a function of a - b alone
straightens it. It keeps volume, so that the posterior is the same and no Jacobian enters; the sampler moves
in the straight coordinates.
"""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from dearth.reconstruction.population_model import CHILD, Model

Array = Any
LEVELS = ("mortality_level_child", "mortality_level_adult")


def bent(model: Model, theta: Array, data: Mapping[str, Any]) -> Array:
    """Return the standard unknowns [dimension] that lie at straight coordinates `theta` [dimension]."""
    names = model.own.names()
    places = jnp.array([names.index(name) for name in LEVELS])
    widths = jnp.asarray(data["by"])[places] * jnp.array([data["priors"][name][1] for name in LEVELS])
    u = model.named(theta, data)
    apart = u[LEVELS[0]] - u[LEVELS[1]]
    deaths = data["figures"]["mortality"] * data["figures"]["start"]
    child = (deaths * CHILD).sum() / deaths.sum()
    # both levels move alike, by as much as their difference alone would move the sum of deaths
    shift = -(1 - child) * apart - jnp.log(child + (1 - child) * jnp.exp(-apart))
    return theta.at[places].add(shift / widths)
