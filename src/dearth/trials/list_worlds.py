"""Populations of known size whose lists depend on each other in different ways.

Each world gives the chance of every history, (2**K,), for a person drawn from it: sizes of lists are those
asked for, and the odds ratio between every two lists follows exactly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import log

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from dearth.estimate.lists.dependence_range import Declared
from dearth.estimate.lists.histories import Floats

NODES = 15  # of the Gauss-Hermite rule for a normal propensity
Rng = np.random.Generator


@dataclass(frozen=True)
class ListWorld:
    """One way in which lists depend on each other.

    Attributes
    ----------
    name, label : identifier, and what readers see
    chances : of every history, from the share of all people on each list, what is declared, and random
        numbers
    """

    name: str
    label: str
    chances: Callable[[Floats, Declared, Rng], Floats]


def odds_ratios(chances: Floats) -> list[float]:
    """Return the odds ratio between every two lists of a population with these chances of histories."""
    masks = np.arange(len(chances))
    lists = len(chances).bit_length() - 1
    found = []
    for i, j in combinations(range(lists), 2):
        on_i, on_j = masks >> i & 1 == 1, masks >> j & 1 == 1
        both, first = chances[on_i & on_j].sum(), chances[on_i & ~on_j].sum()
        second, none = chances[~on_i & on_j].sum(), chances[~on_i & ~on_j].sum()
        found.append(float(both * none / max(first * second, 1e-300)))
    return found


def _independent(shares: Floats, declared: Declared, rng: Rng) -> Floats:
    return _mixture(shares, np.ones(1), np.zeros((1, len(shares))))


def _pairs(shares: Floats, declared: Declared, rng: Rng) -> Floats:
    """Draw the odds ratio of each pair, given the other lists, within what is declared (log-uniform)."""
    lists = len(shares)
    masks = np.arange(2**lists)
    low, high = map(log, declared.odds_ratio)
    logs = np.zeros(2**lists)
    for i, j in combinations(range(lists), 2):
        logs += rng.uniform(low, high) * (masks >> i & masks >> j & 1)
    return _with_shares(np.exp(logs - logs.max()), shares)


def _classes(shares: Floats, declared: Declared, rng: Rng) -> Floats:
    """Draw two classes of people, one easier to see than the other on every list."""
    share = rng.uniform(0.2, 0.5)
    shift = rng.uniform(0.3, 1.0, len(shares))
    return _mixture(shares, np.array([share, 1 - share]), np.stack([shift, -shift]))


def _propensity(shares: Floats, declared: Declared, rng: Rng) -> Floats:
    """Give each person a normal propensity to be seen, the same for every list (a Rasch model)."""
    at, weight = np.polynomial.hermite_e.hermegauss(NODES)
    spread = rng.uniform(0.3, 1.2)
    return _mixture(shares, weight / weight.sum(), np.repeat(spread * at[:, None], len(shares), axis=1))


def _copied(shares: Floats, declared: Declared, rng: Rng) -> Floats:
    """Let the second list take over a share of the first, beside what it found itself."""
    copied = rng.uniform(0.3, 0.7)
    first, second = shares[0], shares[1]
    own = np.clip((second - copied * first) / (1 - copied * first), 0.01, 0.99)
    made = _mixture(np.r_[first, own, shares[2:]], np.ones(1), np.zeros((1, len(shares))))
    masks = np.arange(len(made))
    taken = np.where((masks & 3) == 1, copied * made, 0.0)  # on the first list and not yet on the second
    made = made - taken
    np.add.at(made, masks | 2, taken)
    return made


def _apart(shares: Floats, declared: Declared, rng: Rng) -> Floats:
    """Draw two groups of people; every second list serves mostly one group, the others the other."""
    shift = rng.uniform(1.0, 2.0) * np.where(np.arange(len(shares)) % 2, 1.0, -1.0)
    return _mixture(shares, np.array([0.5, 0.5]), np.stack([shift, -shift]))


WORLDS = (
    ListWorld("independent", "lists independent", _independent),
    ListWorld("pairs", "pairs dependent as declared", _pairs),
    ListWorld("classes", "two classes of people", _classes),
    ListWorld("propensity", "people more or less easily seen", _propensity),
    ListWorld("copied", "one list copies another", _copied),
    ListWorld("apart", "lists serve different groups", _apart),
)


def _mixture(shares: Floats, weights: Floats, shifts: Floats) -> Floats:
    """Return chances of histories where lists are independent within classes of `weights`.

    Parameters
    ----------
    shares : (K,) of all people on each list; weights : (C,); shifts : (C, K) of the log odds of each list
    """
    lists = len(shares)
    chance = np.empty_like(shifts)
    for k, share in enumerate(shares):
        level = brentq(lambda a, k=k, share=share: weights @ expit(a + shifts[:, k]) - share, -40, 40)
        chance[:, k] = expit(level + shifts[:, k])
    marks = np.arange(2**lists)[:, None] >> np.arange(lists) & 1
    cells = np.where(marks[None], chance[:, None, :], 1 - chance[:, None, :]).prod(axis=2)
    return np.asarray(weights @ cells / (weights @ cells).sum(), dtype=np.float64)


def _with_shares(chances: Floats, shares: Floats) -> Floats:
    """Scale chances of histories to the `shares` of lists; odds ratios given other lists stay."""
    masks = np.arange(len(chances))
    made: Floats = chances / chances.sum()
    for _ in range(500):
        for k, share in enumerate(shares):
            on = masks >> k & 1 == 1
            now = made[on].sum()
            made = np.where(on, made * share / now, made * (1 - share) / (1 - now))
    return made
