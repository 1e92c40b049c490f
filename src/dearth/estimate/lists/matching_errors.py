"""Errors of matching records between lists: two people taken for one, and one person taken for two."""

import numpy as np

from dearth.estimate.lists.histories import Floats, Histories

STEPS = 1000
FAR = 0.02  # of the people seen: a table further off than this cannot have come from so many missed matches


def split(counts: Floats, share: float) -> Floats:
    """Return the table where a `share` of the people on several lists has one record standing alone.

    Each of a person's records is as likely as the others to be the one that stands alone.

    Parameters
    ----------
    counts : (2**K,) people by history
    """
    return _splitter(len(counts), share) @ counts


def corrected(table: Histories, false: float, missed: float) -> Histories:
    """Return the table that would have been seen without errors of matching.

    Records are taken apart for false matches and joined for missed ones; the joining is the non-negative
    table of the largest Poisson likelihood (Richardson 1972).

    Parameters
    ----------
    false
        Share of the people on several lists who are two people, one of whose records was joined to the other.
    missed
        Share of the people on several lists of whom one record stands alone in the table.

    Raises
    ------
    ValueError
        More missed matches than there are records alone.

    References
    ----------
    ding1994, richardson1972
    """
    seen = split(table.counts, false)
    made = _splitter(len(seen), missed)
    people = seen + 1e-9  # a small number, so that an empty history can fill
    for _ in range(STEPS):
        people *= made.T @ (seen / np.maximum(made @ people, 1e-300)) / made.sum(axis=0)
    people[0] = 0.0
    if np.abs(made @ people - seen).sum() > FAR * seen.sum():
        raise ValueError(
            f"{missed:.0%} of the matches cannot be missing: too few people stand on one list alone"
        )
    return Histories(table.lists, people)


def _splitter(size: int, share: float) -> Floats:
    """Return the matrix of `split`, (size, size)."""
    if not 0 <= share < 1:
        raise ValueError(f"a share of {share} of the matches is given; 0 or more and less than 1 is needed")
    made = np.eye(size)
    for mask in range(size):
        records = mask.bit_count()
        if records < 2:
            continue
        made[mask, mask] -= share
        for k in range(size.bit_length() - 1):
            if mask >> k & 1:
                made[mask & ~(1 << k), mask] += share / records
                made[1 << k, mask] += share / records
    return made
