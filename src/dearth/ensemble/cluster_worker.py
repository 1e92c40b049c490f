"""What a worker of a Dask cluster does: keep tasks, and compute shards with them."""

import os
import pickle

from dearth.ensemble.shards import Arrays, Shard, Task
from dearth.ensemble.worker import SINGLE, portable

_tasks: dict[str, Task] = {}


def add_task(name: str, task: bytes) -> None:
    """Keep a pickled task, and let this process compile once and use one thread of XLA.

    Where JAX has already begun in the process, its threads stay as they are; the numbers are the same.
    """
    for variable, value in SINGLE.items():
        os.environ.setdefault(variable, value)

    from dearth.numerics.compilation_cache import keep_compiled

    keep_compiled()
    _tasks[name] = pickle.loads(task)


def remove_task(name: str) -> None:
    """Forget a task."""
    _tasks.pop(name, None)


def compute(name: str, seed: int, first: int, last: int) -> tuple[Arrays | None, BaseException | None]:
    """Return what a task makes of a shard, or the error that it raises."""
    try:
        return _tasks[name](Shard(seed, first, last)), None
    except Exception as error:  # Dask would repeat it; the caller decides
        return None, portable(error)


def versions() -> dict[str, str]:
    """Return what decides the numbers besides their inputs, on this worker."""
    for variable, value in SINGLE.items():
        os.environ.setdefault(variable, value)

    from dearth.numerics.checkpoint import versions as found

    return found()
