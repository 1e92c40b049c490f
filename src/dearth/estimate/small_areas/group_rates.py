"""Rates of groups within districts, such as displaced people: offsets from the others, and what mixes them.

The cells of the model are the rate of the others: the people of a district who are in no group with counts.
A group has an offset of its log rate, ``o_g + e_gd``: o for all districts, e for its people in one of them. A
survey of a whole district sees the log of the mean rate, ``log(1 + sum_g s_g (exp(o_gd) - 1))`` above the
others, s being the shares of the groups. The model is linear, so this is put as a straight line through the
offsets that the surveys make most likely (a Gauss-Newton step, repeated).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dearth.numerics.interval import Floats

GROUP_SD = 0.5  # sd of the offset of a group, of the log rate (assumed)
OWN_SD = 0.2  # sd of the further offset of a group in one district (assumed)
ROUNDS, CLOSE = 12, 1e-4  # repeated steps, and the change of offsets at which they end


@dataclass(frozen=True)
class GroupTerms:
    """What surveys say of the offsets, as a straight line.

    Attributes
    ----------
    slopes : change of each surveyed log rate with the offset of each group, (N, G)
    constant : surveyed log rate above the others where all offsets are 0, (N,)
    """

    slopes: Floats
    constant: Floats


def straight(shares: Floats, offsets: Floats) -> GroupTerms:
    """Return the straight line through offsets, for surveys with shares (N, G) and offsets (N, G)."""
    factor = 1 + (shares * np.expm1(offsets)).sum(1)
    slopes = shares * np.exp(offsets) / factor[:, None]
    return GroupTerms(slopes, np.asarray(np.log(factor) - (slopes * offsets).sum(1)))


def settled(shares: Floats, expected: Callable[[GroupTerms], Floats]) -> GroupTerms:
    """Return the straight line through the offsets that it makes most likely.

    Parameters
    ----------
    shares : share of each group among the people of each survey, (N, G)
    expected : gives the offsets (N, G) that surveys make most likely under a straight line
    """
    offsets = np.zeros_like(shares)
    terms = straight(shares, offsets)
    mixed = bool(((shares > 0) & (shares < 1)).any())
    for _ in range(ROUNDS if mixed else 0):
        before, offsets = offsets, expected(terms)
        terms = straight(shares, offsets)
        if np.abs(offsets - before).max() < CLOSE:
            break
    return terms


def group_covariance(terms: GroupTerms, place: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Floats:
    """Return the covariance of surveys through the offsets of groups, (N, N)."""
    alike = terms.slopes @ terms.slopes.T
    return np.asarray(alike * (GROUP_SD**2 + OWN_SD**2 * (place[:, None] == place)))


def mean_factor(shares: Floats, offsets: Floats) -> Floats:
    """Return the mean rate of a district over the rate of the others, (S, P, T).

    Parameters
    ----------
    shares : of each group in its district, (P, T, G)
    offsets : draws, (S, P, G)
    """
    return np.asarray(1 + np.einsum("ptg,spg->spt", shares, np.expm1(offsets)))
