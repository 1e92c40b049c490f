"""Straight coordinates for bent ridges, in which the sampler moves.

Registered deaths tell the product of deaths and completeness, registered births that of births and their
completeness; where no ages of death are held, the sum of the deaths of children and adults is told, not whose
they are. Each is a thin ridge that bends. A shear moves an unknown by a function of others alone: the levels
of mortality by the log of the share of deaths registered, the shock by that of the crisis over before, the
level of fertility by the log of the share of births registered, both levels by their difference. A shear
keeps volume, so the posterior is the same and no Jacobian enters.
"""

import math
from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from dearth.reconstruction.expected_records import INFANT, completeness
from dearth.reconstruction.population_model import CHILD, Model

Array = Any
LEVELS = ("mortality_level_child", "mortality_level_adult")
BEFORE_AND_IN = np.array([0.0, 1.0])  # a year before the crisis and one in it


def bent(model: Model, theta: Array, data: Mapping[str, Any]) -> Array:
    """Return the standard unknowns [dimension] that lie at straight coordinates `theta` [dimension]."""
    u = model.named(theta, data)
    registered, births = _registered(u, data)
    middle, born = _registered(model.named(jnp.zeros_like(theta), data), data)
    over = jnp.log(registered.sum((1, 2))) - jnp.log(middle.sum((1, 2)))
    apart = u[LEVELS[0]] - u[LEVELS[1]]
    child = (registered[0] * CHILD).sum() / registered[0].sum()
    # W exp(a) + (1 - W) exp(b), the sum of deaths of children and adults, is held along (1, 1)
    held = -(1 - child) * apart - jnp.log(child + (1 - child) * jnp.exp(-apart))
    shifts = {
        **dict.fromkeys(LEVELS, held - over[0]),
        "shock_year": over[0] - over[1],
        "fertility_level": jnp.log(born[0]) - jnp.log(births[0]),
    }
    for name, shift in shifts.items():
        places = _places(model, name)
        widths = jnp.asarray(data["by"])[places] * data["priors"][name][1]
        theta = theta.at[places].add(shift / widths)
    return theta


def _registered(u: Mapping[str, Array], data: Mapping[str, Any]) -> tuple[Array, Array]:
    """Return registered normal deaths [before or in the crisis, sex, age] and the share of births registered.

    Registered births are held, so there are as many more infants as births are missing.
    """
    complete, births = completeness(u, BEFORE_AND_IN, np.zeros(2))
    usual = data["figures"]["mortality"] * data["figures"]["start"]
    born = INFANT / births[:, None, None] + (1 - INFANT)
    return usual * complete * born, births


def _places(model: Model, name: str) -> Array:
    sizes = {block: math.prod(shape) for block, shape in model.own.shapes.items()}
    names = list(sizes)
    first = sum(sizes[block] for block in names[: names.index(name)])
    return np.arange(first, first + sizes[name])
