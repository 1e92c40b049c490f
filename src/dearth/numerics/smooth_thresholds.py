"""Thresholds without knife edges, for NumPy and JAX arrays.

A hard threshold lets rounding switch a mechanism and stops a gradient; each of these has a stated width.
"""

from typing import Any

Array = Any  # NumPy or JAX array
SHARPNESS = 20  # at a tie the smaller of two is taken 3.4 % low; at a ratio of 1 to 1.5 by 0.002 %
TINY = 1e-12


def positive(x: Array, width: float | Array) -> Array:
    """Return the positive part of `x`: width * log(1 + exp(x / width)), width * 0.69 at x = 0."""
    xp = x.__array_namespace__()
    scaled = x / width
    return width * (xp.maximum(scaled, xp.zeros_like(scaled)) + xp.log1p(xp.exp(-xp.abs(scaled))))


def hinge(x: Array, width: float) -> Array:
    """Return the positive part of `x`, a parabola within 4 widths of 0 and exact beyond: `width` at x = 0.

    No exponentials and no roots: for arrays so long that they would count. Its slope is continuous.
    """
    xp = x.__array_namespace__()
    reach = 4 * width
    bent = xp.clip(x + reach, 0.0, 2 * reach)
    beyond = x - reach
    return bent * bent / (4 * reach) + xp.maximum(beyond, xp.zeros_like(beyond))


def step(x: Array, width: float | Array) -> Array:
    """Return a smooth 0-to-1 step at x = 0, logistic of x / width."""
    xp = x.__array_namespace__()
    return 0.5 * (1 + xp.tanh(x / (2 * width)))


def least(a: Array, b: Array, sharpness: int = SHARPNESS) -> Array:
    """Return the smaller of two amounts >= 0, never above either and never below 0.

    (a^-n + b^-n)^(-1/n) with n = `sharpness`: free of scale, so tonnes and kilograms give the same answer.
    """
    xp = a.__array_namespace__()
    low, high = xp.minimum(a, b), xp.maximum(a, b)
    ratio = low / (high + TINY)
    return low * xp.exp(-xp.log1p(ratio**sharpness) / sharpness)


def ratio(part: Array, whole: Array, floor: float = 1e-6) -> Array:
    """Return part / whole, 0 where the whole is (nearly) nothing; width `floor` in units of the whole."""
    return part * whole / (whole * whole + floor * floor)
