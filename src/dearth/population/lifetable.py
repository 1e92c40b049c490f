"""Life tables from central death rates: single or abridged ages, an open last interval.

The formulas are those of Preston et al. (2001), chapter 3. Infants follow Andreev and Kingkade (2015), as in
version 6 of the protocol of the Human Mortality Database. Ages are the last axis; any number of axes may
stand before it.

The rates of a famine need one more rule. Half the width is no possible value of ax where the rate is so high
that fewer than zero people would survive the interval. There ax is that of a constant hazard, which gives
qx = 1 - exp(-width * rate). `plausible_ax` states where one rule passes into the other.

References
----------
andreev_kingkade2015, hmd_protocol2021, preston2001
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Sex = Literal["female", "male"]


@dataclass(frozen=True)
class LifeTable:
    """Columns of a life table of radix 1, each [..., age]; `width` ends with infinity.

    Attributes
    ----------
    mx : central death rate, per person-year
    ax : years lived in the interval by those who die in it
    qx : probability of dying in the interval
    lx, dx : survivors to its start, deaths in it
    Lx, Tx : person-years lived in it, and from it on
    ex : years still expected
    """

    age: Floats
    width: Floats
    mx: Floats
    ax: Floats
    qx: Floats
    lx: Floats
    dx: Floats
    Lx: Floats
    Tx: Floats
    ex: Floats


def _checked(values: ArrayLike, age: ArrayLike, name: str) -> tuple[Floats, Floats]:
    rates, ages = np.asarray(values, float), np.asarray(age, float)
    if ages.ndim != 1 or rates.shape[-1:] != ages.shape:
        raise ValueError(f"{name} has shape {rates.shape}, age {ages.shape}; the last axis must be the ages")
    if len(ages) < 2 or ages[0] < 0 or not (np.diff(ages) > 0).all():
        raise ValueError(f"ages must ascend from 0 or more, at least two of them; given {ages.tolist()}")
    if not np.isfinite(rates).all() or (rates < 0).any():
        raise ValueError(f"{name} holds negative or missing values; rates are finite and 0 or more")
    return rates, ages


def infant_ax(m0: ArrayLike, sex: Sex) -> Floats:
    """Return years lived in the first year by those who die in it (Andreev & Kingkade 2015, table 3)."""
    m = np.asarray(m0, float)
    if sex == "male":
        return np.where(
            m < 0.02300, 0.14929 - 1.99545 * m, np.where(m < 0.08307, 0.02832 + 3.26021 * m, 0.29915)
        )
    return np.where(m < 0.01724, 0.14903 - 2.05527 * m, np.where(m < 0.06891, 0.04667 + 3.88089 * m, 0.31411))


def child_ax(m0: ArrayLike, sex: Sex) -> Floats:
    """Return years lived in ages 1-4 by those who die there (Coale-Demeny West; Preston et al. table 3.3)."""
    m = np.asarray(m0, float)
    high, low, slope = (1.352, 1.651, 2.816) if sex == "male" else (1.361, 1.522, 1.518)
    return np.where(m >= 0.107, high, low - slope * m)


def _constant_hazard_ax(mx: Floats, width: ArrayLike) -> Floats:
    """Return ax of a death rate that is the same throughout the interval (Preston et al., section 3.2)."""
    years = np.asarray(width, float)
    with np.errstate(over="ignore"):
        return 1 / mx - years / np.expm1(years * mx)


def plausible_ax(ax: ArrayLike, mx: ArrayLike, width: ArrayLike) -> Floats:
    """Return `ax` where the rate allows it, and the value of a constant hazard where it does not [..., age].

    The product of ax and the rate decides. Up to 1/2 the given value is kept; it is 1/2 where the width times
    the rate is 1 and ax is half the width. From 1 on, where qx would reach 1, the hazard is constant. Between
    the two the values are mixed in proportion, so that qx always rises with the rate.

    Parameters
    ----------
    ax
        Years lived in the interval by those who die in it [..., age].
    mx
        Central death rates, per person-year [..., age].
    width
        Widths of the closed intervals, years [age].
    """
    given, rate = np.asarray(ax, float), np.asarray(mx, float)
    kept = np.clip(2 * (1 - given * rate), 0.0, 1.0)
    constant = _constant_hazard_ax(np.where(kept < 1, rate, 1.0), width)
    return np.asarray(kept * given + (1 - kept) * constant)


def separation(mx: ArrayLike, age: ArrayLike, sex: Sex) -> Floats:
    """Return ax [..., age]: infants and 1-4 by formula, the open interval 1/mx, half the width elsewhere.

    Very high rates pass to the ax of a constant hazard (`plausible_ax`).

    Raises
    ------
    ValueError
        Rates that are negative or missing, ages out of order, or a rate of 0 in the open interval.
    """
    rates, ages = _checked(mx, age, "mx")
    width = np.diff(ages)
    ax = np.broadcast_to(np.append(width / 2, np.nan), rates.shape).copy()
    if (rates[..., -1] <= 0).any():
        raise ValueError("the rate of the open interval is 0: nobody would ever die; close it earlier")
    if ages[0] == 0 and ages[1] == 1:
        ax[..., 0] = infant_ax(rates[..., 0], sex)
        if len(ages) > 2 and ages[2] == 5:
            ax[..., 1] = child_ax(rates[..., 0], sex)
    ax[..., :-1] = plausible_ax(ax[..., :-1], rates[..., :-1], width)
    ax[..., -1] = 1 / rates[..., -1]
    return ax


def life_table(mx: ArrayLike, age: ArrayLike, sex: Sex) -> LifeTable:
    """Return the life table of death rates `mx` [..., age] by first ages `age`, the last one open.

    Raises
    ------
    ValueError
        Rates that are negative or missing, ages out of order, shapes that differ, nobody dying at the end.
    """
    rates, ages = _checked(mx, age, "mx")
    ax = separation(rates, ages, sex)
    width = np.append(np.diff(ages), np.inf)
    with np.errstate(invalid="ignore"):
        qx = width * rates / (1 + (width - ax) * rates)
    qx[..., -1] = 1.0
    return _complete(rates, np.minimum(qx, 1.0), ax, ages, width)


def from_qx(qx: ArrayLike, age: ArrayLike, ax: ArrayLike) -> LifeTable:
    """Return the life table of probabilities of dying `qx` [..., age], given `ax`; the last must be 1.

    Raises
    ------
    ValueError
        Probabilities outside 0-1 or a last one that is not 1.
    """
    chances, ages = _checked(qx, age, "qx")
    if (chances > 1).any() or (chances[..., -1] != 1).any():
        raise ValueError("qx must lie between 0 and 1, and be 1 in the open interval")
    lived = np.broadcast_to(np.asarray(ax, float), chances.shape)
    width = np.append(np.diff(ages), np.inf)
    with np.errstate(invalid="ignore"):
        years = np.where(np.isinf(width), lived, width * (1 - chances) + lived * chances)
    return _complete(chances / years, chances, lived, ages, width)


def _complete(mx: Floats, qx: Floats, ax: Floats, age: Floats, width: Floats) -> LifeTable:
    alive = np.cumprod(1 - qx, axis=-1)
    lx = np.concatenate([np.ones_like(alive[..., :1]), alive[..., :-1]], axis=-1)
    dx = lx * qx
    closed = np.where(np.isinf(width), 0.0, width)
    lived = closed * (1 - qx) + ax * qx  # years in the interval per person who enters it
    years = lx * lived
    left = np.cumsum(years[..., ::-1], axis=-1)[..., ::-1]
    return LifeTable(age, width, mx, ax, qx, lx, dx, years, left, _expectation(lived, qx))


def _expectation(lived: Floats, qx: Floats) -> Floats:
    """Return years still expected [..., age], from the last age down: finite even where nobody is left."""
    expected = lived.copy()
    for at in range(lived.shape[-1] - 2, -1, -1):
        expected[..., at] += (1 - qx[..., at]) * expected[..., at + 1]
    return expected


def survival_ratios(table: LifeTable) -> Floats:
    """Return the proportions `population.projection.step` takes [..., age + 1], steps as wide as the ages.

    First births into the first group, then each group into the next, last within the open group.

    Raises
    ------
    ValueError
        Where the closed intervals differ in width: group the table first.
    """
    width = table.width[:-1]
    if (width != width[0]).any():
        raise ValueError(f"the intervals differ in width ({np.unique(width).tolist()}); one width is needed")
    years, left = table.Lx, table.Tx
    births = years[..., :1] / width[0]
    closed = years[..., 1:-1] / years[..., :-2]
    both = (left[..., -1] / left[..., -2])[..., None]  # those who enter the open group, and those in it
    return np.concatenate([births, closed, both, both], axis=-1)
