"""Shards: the draws of an ensemble in pieces that depend on nothing but the seed and the numbers of draws.

A shard is the unit of work, of storage and of repetition after a failure. It never depends on the number of
workers, so that a run begun on one machine can go on on many.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]  # by name; the first axis of each is the draws of the shard


class Shard(NamedTuple):
    """Draws `first` to `last` - 1 of the ensemble of a seed."""

    seed: int
    first: int
    last: int

    @property
    def draws(self) -> int:
        """How many draws."""
        return self.last - self.first


# a pure function of a shard: the same arrays wherever and whenever it is called
Task = Callable[[Shard], Arrays]


def split(seed: int, draws: int, size: int) -> tuple[Shard, ...]:
    """Return the shards of `draws` draws: `size` draws each, the last one what remains.

    Parameters
    ----------
    size
        Draws of a shard. It may depend on the case and on `draws`, never on the machine: parts on disk are
        found again by the bounds of their shard. Five seconds to a minute of work are good.

    Raises
    ------
    ValueError
        For fewer than one draw, or a size below one.

    Examples
    --------
    >>> split(seed=1, draws=10, size=4)
    (Shard(seed=1, first=0, last=4), Shard(seed=1, first=4, last=8), Shard(seed=1, first=8, last=10))
    """
    if draws < 1 or size < 1:
        raise ValueError(f"{draws} draws in shards of {size}; give at least 1 of each")
    return tuple(Shard(seed, at, min(at + size, draws)) for at in range(0, draws, size))
