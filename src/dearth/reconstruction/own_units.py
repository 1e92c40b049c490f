"""Draws of standard unknowns in their own units."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.reconstruction.population_model import Model
from dearth.reconstruction.problem_data import Data

Floats = NDArray[np.float64]


def own_units(model: Model, mine: Data, theta: Floats) -> Floats:
    """Return every unknown [draw, unknown] of standard unknowns [draw, unknown], each in its own unit.

    Parameters
    ----------
    mine
        The sampler's data of one problem.
    """
    with jax.enable_x64(True):

        def units(z: Any) -> Any:
            u = model.named(z, mine)
            return jnp.concatenate([jnp.ravel(u[name]) for name in model.own.shapes])

        return np.asarray(jax.jit(jax.vmap(units))(jnp.asarray(theta)))
