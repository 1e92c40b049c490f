"""Preference for final digits in reported ages: Whipple's and Myers's indices of single years of age."""

import numpy as np
from numpy.typing import ArrayLike

WHIPPLE_CLASSES = (
    (105, "highly accurate"), (110, "fairly accurate"), (125, "approximate"), (175, "rough"),
    (float("inf"), "very rough"),
)  # fmt: skip
"""Upper ends of Whipple's index and their names, by the United Nations (in Shryock and Siegel 1976)."""


def whipple(persons: ArrayLike) -> float:
    """Return Whipple's index: five times the share of ages that end in 0 or 5, of ages 23 to 62, in percent.

    100 is no preference, 500 means that every age ends in 0 or 5.

    Parameters
    ----------
    persons
        Persons by single year of age from 0 [age], to age 62 at least.

    Raises
    ------
    ValueError
        Fewer than 63 ages, or nobody at 23 to 62.

    References
    ----------
    shryock_siegel1976
    """
    counts = _counts(persons, 63)
    total = counts[23:63].sum()
    if not total > 0:
        raise ValueError("nobody is aged 23 to 62")
    return float(100 * 5 * counts[25:61:5].sum() / total)


def whipple_class(index: float) -> str:
    """Return the words of the United Nations for a value of Whipple's index."""
    return next(words for end, words in WHIPPLE_CLASSES if index < end)


def myers(persons: ArrayLike) -> tuple[float, dict[int, float]]:
    """Return Myers's blended index and the share of each final digit, in percent, from ages 10 to 89.

    Each digit is counted from ten starting ages, so that the fall of numbers with age is shared by all. The
    index is half the sum of the distances of the ten shares from 10 %. 0 is no preference, 90 means that all
    ages end in one digit. It is the least share of people whose age has a wrong final digit.

    Parameters
    ----------
    persons
        Persons by single year of age from 0 [age], to age 89 at least.

    Raises
    ------
    ValueError
        Fewer than 90 ages, or nobody at 10 to 89.

    References
    ----------
    shryock_siegel1976
    """
    counts = _counts(persons, 90)
    blended = np.array([
        (digit + 1) * counts[10 + digit : 80 : 10].sum() + (9 - digit) * counts[20 + digit : 90 : 10].sum()
        for digit in range(10)
    ])  # fmt: skip
    if not blended.sum() > 0:
        raise ValueError("nobody is aged 10 to 89")
    shares = 100 * blended / blended.sum()
    return float(np.abs(shares - 10).sum() / 2), dict(enumerate(shares.tolist()))


def _counts(persons: ArrayLike, ages: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    counts = np.asarray(persons, float)
    if counts.ndim != 1 or len(counts) < ages:
        raise ValueError(f"single ages from 0 to {ages - 1} are needed; given {counts.shape}")
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("persons must be zero or more at every age")
    return counts
