"""What computes shards: the contract of every executor, and the executor of this process."""

import os
from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from dearth.ensemble.shards import Arrays, Shard, Task


@dataclass(frozen=True)
class Outcome:
    """What became of one shard.

    Attributes
    ----------
    at : its place among the shards that were given
    arrays : what the task returned; None where it failed
    error : why it failed; None where it did not
    """

    at: int
    arrays: Arrays | None
    error: BaseException | None = None


class Executor(ABC):
    """Computes shards somewhere; a context manager whose workers serve any number of calls.

    The numbers never depend on the executor: it decides where a task is called, not what it is given.
    """

    @property
    @abstractmethod
    def workers(self) -> int:
        """How many shards are computed at a time."""

    @abstractmethod
    def outcomes(self, task: Task, shards: Sequence[Shard]) -> Generator[Outcome, None, None]:
        """Yield the outcome of every shard, in the order in which they end.

        Shards are begun in their order. After a failure no other is begun; those that run are finished, so
        that of several failures the first in order is always found.
        """

    def close(self) -> None:  # noqa: B027 (an executor without workers has nothing to end)
        """End the workers."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def outcome(task: Task, shards: Sequence[Shard], at: int) -> Outcome:
    """Return what becomes of shard number `at`; a mistake is returned, an interruption is raised."""
    try:
        return Outcome(at, task(shards[at]))
    except Exception as error:
        return Outcome(at, None, error)


class InProcess(Executor):
    """Computes shards in this process, by default one after the other.

    Parameters
    ----------
    threads
        Shards computed at a time. The task must allow it.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = max(1, threads)

    @property
    def workers(self) -> int:
        """How many threads."""
        return self._threads

    def outcomes(self, task: Task, shards: Sequence[Shard]) -> Generator[Outcome, None, None]:
        """Yield the outcome of every shard."""
        if self._threads == 1:
            for at in range(len(shards)):
                found = outcome(task, shards, at)
                yield found
                if found.error is not None:
                    return
        else:
            yield from self._threaded(task, shards)

    def _threaded(self, task: Task, shards: Sequence[Shard]) -> Generator[Outcome, None, None]:
        todo, running, failed = iter(range(len(shards))), set[Future[Outcome]](), False
        pool = ThreadPoolExecutor(min(self._threads, max(1, len(shards))))
        try:
            while True:
                while not failed and len(running) < self._threads and (at := next(todo, None)) is not None:
                    running.add(pool.submit(outcome, task, shards, at))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for one in done:
                    found = one.result()
                    failed |= found.error is not None
                    yield found
        finally:
            pool.shutdown(cancel_futures=True)


def available_cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
