"""NumPy or JAX, by the array that is given: a measure of either, and its slope, have one definition.

NumPy arrays are summed in double precision; arrays of JAX keep their own, which may be traced.
"""

from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np


def namespace(x: Any) -> ModuleType:
    """Return the module whose functions take `x`."""
    return jnp if isinstance(x, jax.Array) else np


def real(x: Any) -> Any:
    """Return a NumPy array in double precision; an array of JAX as it is."""
    return x if isinstance(x, jax.Array) else np.asarray(x, float)


def total(x: Any, axis: int) -> Any:
    """Return the sum of `x` over an axis, in double precision where it is of NumPy."""
    return x.sum(axis) if isinstance(x, jax.Array) else x.sum(axis, dtype=np.float64)


def put(table: Any, at: Any, values: Any) -> Any:
    """Return `table` with `values` at the index `at`; a table of NumPy is changed in place."""
    if isinstance(table, jax.Array):
        return table.at[at].set(values)
    table[at] = values
    return table
