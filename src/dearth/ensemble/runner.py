"""Run shards: those that are on disk are read, the others computed, and all come back in their order."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.ensemble.executor import Executor, InProcess, Outcome
from dearth.ensemble.parts import Parts
from dearth.ensemble.shards import Arrays, Shard, Task

Progress = Callable[[int, int], None]  # draws that are done, of how many


def run_shards(
    task: Task,
    shards: Sequence[Shard],
    folder: Path | None = None,
    executor: Executor | None = None,
    progress: Progress = lambda done, total: None,
    about: str = "",
) -> Generator[tuple[Shard, Arrays], None, None]:
    """Yield every shard with the arrays that `task` makes of it, in the order of the shards.

    The arrays are the same bit for bit whatever the executor, the number of workers and the number of times
    that the run was killed. Each shard is written to `folder` as it ends; called again alike, a killed run
    reads what is there and computes the rest. A worker that dies costs the shard it was at, which is
    computed again.

    Parameters
    ----------
    task
        A pure function of a shard that can be pickled: a function of a module, or an instance of a class
        with `__call__`. It returns arrays by name with the draws of the shard as first axis. It runs in other
        processes: whatever it needs (precision, seeds) it must bring or set itself.
    shards
        As `split` makes them.
    folder
        Where parts are kept; None keeps nothing, and a killed run starts anew. Remove them with
        `clear_parts` when the result is safe.
    executor
        As `open_executor` gives it; by default this process.
    progress
        Is told how many draws are done, of how many.
    about
        With `folder`: whatever decides the numbers and is in the task (say, the hash of a case and the
        settings). Versions of dearth, JAX, NumPy and the machine are added. Parts of anything else are never
        used.

    Raises
    ------
    ValueError
        A folder without `about`.
    Exception
        What the task raises; of several shards that fail, the first one's.

    Examples
    --------
    >>> import numpy as np
    >>> from dearth.ensemble.executors import open_executor
    >>> from dearth.ensemble.runner import joined, run_shards
    >>> from dearth.ensemble.shards import split
    >>> def squares(shard):
    ...     return {"square": np.arange(shard.first, shard.last) ** 2}
    >>> shards = split(seed=1, draws=5, size=2)
    >>> with open_executor("in-process") as executor:
    ...     joined(run_shards(squares, shards, executor=executor), draws=5)["square"].tolist()
    [0, 1, 4, 9, 16]
    """
    if folder is not None and not about:
        raise ValueError("parts on disk need `about`: name what decides the numbers")
    store = None if folder is None else Parts(folder, identity(about))
    with store or nullcontext():
        yield from _run(task, shards, store, executor or InProcess(), progress)


def joined(results: Iterable[tuple[Shard, Arrays]], draws: int, first: int = 0) -> dict[str, NDArray[Any]]:
    """Return whole arrays [draw, ...] of what `run_shards` yields: draws `first` to `first + draws` - 1.

    Each array is made once and filled shard by shard, so that no record stands in memory twice.
    """
    whole: dict[str, NDArray[Any]] = {}
    for shard, arrays in results:
        for name, values in arrays.items():
            if name not in whole:
                whole[name] = np.empty((draws, *values.shape[1:]), values.dtype)
            whole[name][shard.first - first : shard.last - first] = values
    return whole


def identity(about: str) -> dict[str, str]:
    """Return whatever decides the numbers of an ensemble, by name: `about`, and versions."""
    from dearth.numerics.checkpoint import versions  # JAX is imported where it is needed

    return {"inputs": about, **versions()}


def _run(
    task: Task, shards: Sequence[Shard], store: Parts | None, executor: Executor, progress: Progress
) -> Generator[tuple[Shard, Arrays], None, None]:
    stored = set() if store is None else store.have(shards)
    total, done = sum(s.draws for s in shards), sum(shards[at].draws for at in stored)
    progress(done, total)
    todo = [at for at in range(len(shards)) if at not in stored]
    waiting: dict[int, Arrays] = {}  # computed, not on disk, and not yet their turn
    turn = 0

    def due() -> Generator[tuple[Shard, Arrays], None, None]:
        nonlocal turn
        while turn < len(shards) and (turn in waiting or turn in stored):
            shard = shards[turn]
            arrays = waiting.pop(turn, None)
            if arrays is None and store is not None:
                arrays = store.read(shard)
            # what was found damaged is computed here
            yield shard, task(shard) if arrays is None else arrays
            turn += 1

    yield from due()
    failed: list[Outcome] = []
    computing = executor.outcomes(task, [shards[at] for at in todo])
    try:
        for found in computing:
            at = todo[found.at]
            if found.arrays is None:
                failed.append(found)
                continue
            if store is not None and store.write(shards[at], found.arrays) and at != turn:
                stored.add(at)
            else:
                waiting[at] = found.arrays
            done += shards[at].draws
            progress(done, total)
            yield from due()
    finally:
        computing.close()
    if failed:
        first = min(failed, key=lambda one: one.at).error
        raise first if first is not None else AssertionError("a failure without an error")
    yield from due()
