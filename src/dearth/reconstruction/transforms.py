"""From standard normal unknowns to their own units: shares by their prior, positive scales, normals."""

from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm

from dearth.case.schema import Prior

Array = Any


def share(z: Array, form: Array) -> Array:
    """Turn a standard normal into the share whose prior is `form` (low, mode, high): exact, by inversion."""
    low, mode, high = form[..., 0], form[..., 1], form[..., 2]
    u = jnp.clip(norm.cdf(z), 1e-7, 1 - 1e-7)
    width = jnp.where(high > low, high - low, 1.0)
    cut = jnp.where(mode < 0, 0.5, jnp.clip((mode - low) / width, 1e-6, 1 - 1e-6))
    rising = jnp.sqrt(u * cut)
    falling = 1 - jnp.sqrt((1 - u) * (1 - cut))
    unit = jnp.where(mode < 0, u, jnp.where(u < cut, rising, falling))
    return low + jnp.where(high > low, high - low, 0.0) * unit


def positive(z: Array, prior: Prior) -> Array:
    """Turn a standard normal into a positive scale about the prior's mean: log-normal of the same cv."""
    assert prior.mean is not None
    assert prior.sd is not None
    return prior.mean * jnp.exp(z * prior.sd / prior.mean)


def shifted(z: Array, prior: Prior) -> Array:
    """Turn a standard normal into the prior's own normal."""
    assert prior.mean is not None
    assert prior.sd is not None
    return jax.numpy.asarray(prior.mean + prior.sd * z)
