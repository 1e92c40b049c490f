"""Relational models: a standard pattern of mortality or fertility, moved by a few numbers.

The logit system is that of Brass (1971); see Preston et al. (2001), chapter 9.

References
----------
brass1971, preston2001
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

Floats = NDArray[np.float64]


def logit_survivors(lx: ArrayLike) -> Floats:
    """Return Brass's logit of survivors, half the log odds of having died, `lx` strictly between 0 and 1."""
    alive = np.asarray(lx, float)
    if not ((alive > 0) & (alive < 1)).all():
        raise ValueError("survivors must lie strictly between 0 and 1; leave out birth and extinct ages")
    return np.asarray(0.5 * np.log((1 - alive) / alive))


def brass(lx: ArrayLike, alpha: ArrayLike, beta: ArrayLike = 1.0) -> Floats:
    """Return survivors [..., age] of a standard moved by `alpha` (level) and `beta` (old against young)."""
    moved = np.asarray(alpha, float)[..., None] + np.asarray(beta, float)[..., None] * logit_survivors(lx)
    return np.asarray(1 / (1 + np.exp(2 * moved)))


def siler(
    age: ArrayLike, infant: float, decline: float, background: float, old: float, slope: float
) -> Floats:
    """Return the hazard by `age`, per person-year: falling after birth, constant, rising with age.

    References
    ----------
    siler1979
    """
    return infant * np.exp(-decline * np.asarray(age, float)) + gompertz_makeham(age, background, old, slope)


def beta_fertility(age: ArrayLike, mean: float, sd: float, first: float = 15.0, last: float = 50.0) -> Floats:
    """Return shares of total fertility by single age: a beta density over `first` to `last`, summing to 1.

    Raises
    ------
    ValueError
        A mean outside the ages, or an sd no beta density between them can have.

    References
    ----------
    hoem1981
    """
    width = last - first
    at, spread = (mean - first) / width, (sd / width) ** 2
    if not (0 < at < 1 and 0 < spread < at * (1 - at)):
        raise ValueError(f"no beta curve between {first:g} and {last:g} has mean {mean:g} and sd {sd:g}")
    total = at * (1 - at) / spread - 1
    middle = (np.asarray(age, float) + 0.5 - first) / width
    inside = (middle > 0) & (middle < 1)
    unit = np.where(inside, middle, 0.5)
    curve = np.where(inside, unit ** (at * total - 1) * (1 - unit) ** ((1 - at) * total - 1), 0.0)
    return np.asarray(curve / curve.sum())


def stable_ages(rates: ArrayLike, growth: float) -> Floats:
    """Return persons by single age [..., age] for one birth a year now, births having grown by `growth`.

    Lotka's stable age distribution: exp(-r a) l(a) (Preston et al. 2001, chapter 7).

    References
    ----------
    preston2001
    """
    hazard = np.asarray(rates, float)
    before = np.cumsum(hazard, axis=-1) - hazard / 2
    return np.asarray(np.exp(-growth * (np.arange(hazard.shape[-1]) + 0.5) - before))


def gompertz_makeham(age: ArrayLike, background: float, level: float, slope: float) -> Floats:
    """Return the hazard `background` + `level` exp(`slope` age), per person-year.

    References
    ----------
    gompertz1825, makeham1860
    """
    return background + level * np.exp(slope * np.asarray(age, float))


def single_ages(totals: ArrayLike, first_ages: ArrayLike, end: int) -> Floats:
    """Spread group `totals` [group] over single ages up to `end`, monotone in the running sum.

    Group sums are reproduced: the cumulated distribution is interpolated by a monotone cubic.

    References
    ----------
    fritsch_carlson1980
    """
    groups, ages = np.asarray(totals, float), np.asarray(first_ages, float)
    if groups.shape != ages.shape or not (np.diff([*ages, end]) > 0).all():
        raise ValueError(
            f"{groups.shape} totals for ages {ages.tolist()} up to {end}: ages must ascend, one each"
        )
    if (groups < 0).any():
        raise ValueError("a group holds less than nobody")
    running = PchipInterpolator([*ages, end], np.concatenate([[0.0], np.cumsum(groups)]))
    return np.asarray(np.diff(running(np.arange(ages[0], end + 1))))


def total_fertility(rates: ArrayLike, width: float = 1.0) -> Floats:
    """Return children per woman of age-specific rates [..., age] in groups of `width` years."""
    return np.asarray(width * np.asarray(rates, float).sum(-1))


def mean_age_at_birth(rates: ArrayLike, first_ages: ArrayLike, width: float = 1.0) -> Floats:
    """Return the mean age of the fertility schedule [..., age], years."""
    f = np.asarray(rates, float)
    return np.asarray((f * (np.asarray(first_ages, float) + width / 2)).sum(-1) / f.sum(-1))
