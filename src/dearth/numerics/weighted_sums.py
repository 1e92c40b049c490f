"""Weighted sums over the leading axes of a long array, as one product.

XLA's own sum over leading axes is not vectorised on a CPU: over [2, 101, 26,000] it takes about thirty times
as long as the product with a row of ones (benchmarks/kernel.py keeps the figure).
"""

import jax
import jax.numpy as jnp
from jax import Array


def weighed(weights: Array, x: Array) -> Array:
    """Return the sums [..., place] of `x` [a, b, place] weighted by `weights` [..., a, b], in full precision.

    Parameters
    ----------
    x
        The two leading axes are summed over; the last one is long.
    """
    rows, long = weights.shape[:-2], x.shape[-1]
    flat = beside(weights.reshape(-1, x.shape[0] * x.shape[1]).astype(x.dtype), x)
    found = jnp.matmul(flat, x.reshape(-1, long), precision=jax.lax.Precision.HIGHEST)
    return found.reshape(*rows, long)


def summed(x: Array) -> Array:
    """Return the sums [place] of `x` [..., place] over every axis but the last."""
    flat = x.reshape(-1, x.shape[-1])
    ones = beside(jnp.ones(flat.shape[0], x.dtype), x)
    found: Array = jnp.matmul(ones, flat, precision=jax.lax.Precision.HIGHEST)
    return found


def beside(weights: Array, x: Array) -> Array:
    """Return `weights`, one copy for each member of a batch of `x`.

    In a batch (`jax.vmap`) a product with weights common to all would first turn `x` round in memory, which
    costs as much as everything else; zero times a number of `x` makes them every member's own.
    """
    return weights + 0 * jax.lax.stop_gradient(x.ravel()[0])
