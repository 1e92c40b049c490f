"""How many people stand on which lists: the table that every method of lists reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
MAX_LISTS = 8  # 255 histories; more lists leave almost every history empty


@dataclass(frozen=True)
class Histories:
    """People by the set of lists that have them.

    Attributes
    ----------
    lists : names of the K lists
    counts : (2**K,) people; entry h is the history in which list k has the person where bit k of h is 1.
        Entry 0, people on no list, is unknown and 0 here.
    """

    lists: tuple[str, ...]
    counts: Floats

    @property
    def seen(self) -> float:
        """People on at least one list."""
        return float(self.counts.sum())

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Every two lists, by position."""
        return list(combinations(range(len(self.lists)), 2))

    def with_all(self, lists: int) -> float:
        """Return the people who stand on every list of the bit mask `lists`."""
        masks = np.arange(len(self.counts))
        return float(self.counts[(masks & lists) == lists].sum())

    def size(self, at: int) -> float:
        """Return the people on the list at position `at`."""
        return self.with_all(1 << at)

    def overlap(self, one: int, other: int) -> float:
        """Return the people on both lists."""
        return self.with_all(1 << one | 1 << other)

    def names(self, lists: int) -> str:
        """Return a bit mask as readers see it: ``A + B``."""
        return " + ".join(name for k, name in enumerate(self.lists) if lists >> k & 1)


def histories(lists: Sequence[str], cells: ArrayLike, counts: ArrayLike) -> Histories:
    """Return the table of `counts` (C,) people in the histories `cells`, (C, K) of 0 and 1.

    Raises
    ------
    ValueError
        Fewer than two or more than `MAX_LISTS` lists, a count that is no whole number of people, a cell other
        than 0 and 1, or a row of people on no list.
    """
    marks = np.asarray(cells)
    people = np.asarray(counts, dtype=float)
    if not 2 <= len(lists) <= MAX_LISTS:
        raise ValueError(f"{len(lists)} lists are given; 2 to {MAX_LISTS} can be compared")
    if marks.shape != (len(people), len(lists)):
        raise ValueError(f"cells have shape {marks.shape}; {(len(people), len(lists))} is needed")
    if not np.isin(marks, (0, 1)).all():
        raise ValueError("a cell is 0 (not on the list) or 1 (on the list)")
    if not np.isfinite(people).all() or (people < 0).any() or (people % 1).any():
        raise ValueError("a count is a whole number of people, 0 or more")
    masks = marks.astype(int) @ (1 << np.arange(len(lists)))
    if (people[masks == 0] > 0).any():
        raise ValueError("people on no list cannot be counted; leave out the row whose marks are all 0")
    return Histories(tuple(lists), np.bincount(masks, people, 2 ** len(lists)).astype(float))
