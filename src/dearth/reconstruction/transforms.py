"""From standard normal unknowns to their own units: shares by their prior, positive scales, normals."""

from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm

Array = Any


def share(z: Array, form: Array) -> Array:
    """Turn a standard normal into the share whose prior is `form`, exactly, by inversion.

    Parameters
    ----------
    form
        (low, mode, high, log odds, sd): a triangular or (mode -1) uniform prior between low and high, or,
        where sd is above 0, a share whose log odds are normal.
    """
    low, mode, high, centre, sd = (form[..., i] for i in range(5))
    odds = jax.nn.sigmoid(centre + sd * z)
    return jnp.where(sd > 0, odds, _bounded(z, low, mode, high))


def _bounded(z: Array, low: Array, mode: Array, high: Array) -> Array:
    u = jnp.clip(norm.cdf(z), 1e-7, 1 - 1e-7)
    width = jnp.where(high > low, high - low, 1.0)
    cut = jnp.where(mode < 0, 0.5, jnp.clip((mode - low) / width, 1e-6, 1 - 1e-6))
    rising = jnp.sqrt(u * cut)
    falling = 1 - jnp.sqrt((1 - u) * (1 - cut))
    unit = jnp.where(mode < 0, u, jnp.where(u < cut, rising, falling))
    return low + jnp.where(high > low, high - low, 0.0) * unit


def positive(z: Array, form: Array) -> Array:
    """Turn a standard normal into a positive scale of prior `form` (mean, sd, ...): log-normal, same cv."""
    return form[..., 0] * jnp.exp(z * form[..., 1] / form[..., 0])


def real(z: Array, form: Array) -> Array:
    """Turn a standard normal into the unknown whose prior is `form` (mean, sd, tail).

    With a tail h above 0 the deviation is stretched by exp(h z^2 / 2), so that great values are far less
    rare than under a normal distribution of the same middle.

    References
    ----------
    hoaglin1985
    """
    mean, sd, tail = (form[..., i] for i in range(3))
    return mean + sd * z * jnp.exp(tail * z**2 / 2)
