"""From standard normal unknowns to their own units: shares by their prior, positive scales, normals."""

import math
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm

Array = Any
WARP = 1.1  # assumed, as is the form: it shapes the sampler's steps, not what is sampled
NEWTON = 12  # steps; for tails up to 1 and values up to 1e6 ten reach double precision


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


def stretch(z: Array, tail: Array) -> Array:
    """Return the derivative of z exp(h z^2 / 2) by z, h the `tail`."""
    return jnp.exp(tail * z**2 / 2) * (1 + tail * z**2)


def standard(y: Array, tail: Array) -> Array:
    """Return the z for which z exp(h z^2 / 2) is `y`, h the `tail`: `real` turned round, in units of the sd.

    Newton steps from above the root, where they cannot pass it.
    """
    size = jax.lax.stop_gradient(jnp.abs(y))
    # where z > 1, h z^2 / 2 is at most log y
    most = jnp.sqrt(2 * jnp.log(jnp.maximum(size, 1.0)) / jnp.maximum(tail, 1e-9))
    z = jnp.minimum(size, jnp.maximum(most, 1.0))
    for _ in range(NEWTON):
        z = z - (z * jnp.exp(tail * z**2 / 2) - size) / stretch(z, tail)
    z = jax.lax.stop_gradient(jnp.sign(y) * z)
    return z - (z * jnp.exp(tail * z**2 / 2) - y) / stretch(z, tail)  # a last one, which bears the gradient


def warped(z: Array, a: Array) -> Array:
    """Return the coordinate in which a share that the records limit on one side alone is about normal.

    What a small share leaves out grows as it falls, so that records limit a small share well and hardly a
    share near 1: the information on its standard unknown `z` is about 1 + a exp(-b z), that of the prior
    and that of the records. The coordinate is the integral of its root; `a` 0 leaves `z` as it is, but for
    a constant.
    """
    root = jnp.sqrt(1 + a * jnp.exp(-WARP * z))
    return jnp.where(a > 0, 2 / WARP * (jnp.arctanh(1 / jnp.maximum(root, 1 + 1e-12)) - root), z)


def unwarped(x: Array, a: Array) -> tuple[Array, Array]:
    """Return the `z` whose coordinate is `x` above that of 0, and the log of its derivative.

    Newton steps from below the root, where they cannot pass it.
    """
    safe = jnp.where(a > 0, a, 1.0)
    aim = jax.lax.stop_gradient(x) + warped(jnp.zeros(()), safe)

    def better(z: Array) -> Array:
        return z + (aim - warped(z, safe)) / jnp.sqrt(1 + safe * jnp.exp(-WARP * z))

    z = jax.lax.stop_gradient(x) / jnp.sqrt(1 + safe)
    for _ in range(NEWTON):
        z = jax.lax.stop_gradient(better(z))
    slope = jnp.sqrt(1 + safe * jnp.exp(-WARP * z))
    z = z + (x + warped(jnp.zeros(()), safe) - warped(z, safe)) / slope  # bears the gradient
    volume = -0.5 * jnp.log1p(safe * jnp.exp(-WARP * z))
    return jnp.where(a > 0, z, x), jnp.where(a > 0, volume, 0.0)


def warp_of(centre: float, spread: float) -> float:
    """Return the `a` of a share whose standard unknown has this mode and deviation, as curved there."""
    return max(0.0, (1 / spread**2 - 1) * math.exp(WARP * centre))
