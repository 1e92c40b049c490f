"""Worker processes of this machine, each with its own interpreter and one thread of XLA.

They are plain child processes that speak over their standard input and output: the main module of the caller
is not run again in them, as `multiprocessing` would; the death of one costs the shard it was at, where a
`ProcessPoolExecutor` gives up the whole pool; and they end with the caller, however it ends.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Lock, Thread

from dearth.case.problems import mistake
from dearth.ensemble.executor import Executor, Outcome
from dearth.ensemble.shards import Shard, Task
from dearth.ensemble.worker import SINGLE, Answer, receive, send

DEATHS = 3  # of workers at one shard, before it is given up


class Worker:
    """One worker process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dearth.ensemble.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **SINGLE},
        )  # fmt: skip
        self._task = b""
        self._send(sys.path)

    def compute(self, task: bytes, shard: Shard) -> Answer | None:
        """Return what a pickled task made of a shard; None where the process died."""
        if task != self._task:
            self._send(task)
            self._task = task
        self._send(shard)
        assert self.process.stdout is not None
        content = receive(self.process.stdout)
        return None if content is None else Answer(*pickle.loads(content))

    def end(self) -> int:
        """End the process and return how it ended, as `subprocess` says it."""
        if self.process.poll() is None:
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was still to be sent
                    pipe.close()
        return self.process.wait()

    def _send(self, what: object) -> None:
        assert self.process.stdin is not None
        with suppress(OSError):  # where it died, reading its answer finds out
            send(self.process.stdin, what)


class LocalProcesses(Executor):
    """Computes shards in `workers` processes of this machine; each is started when it is first needed."""

    def __init__(self, workers: int) -> None:
        self._workers = max(1, workers)
        self._idle: list[Worker] = []

    @property
    def workers(self) -> int:
        """How many processes."""
        return self._workers

    def outcomes(self, task: Task, shards: Sequence[Shard]) -> Generator[Outcome, None, None]:
        """Yield the outcome of every shard, in the order in which they end."""
        run = _Run(pickle.dumps(task), shards, self._idle)
        threads = [Thread(target=run.serve) for _ in range(min(self._workers, len(shards)))]
        for thread in threads:
            thread.start()
        working = len(threads)
        try:
            while working:
                found = run.found.get()
                if found is None:
                    working -= 1
                else:
                    yield found
        finally:
            run.stop()
            for thread in threads:
                thread.join()

    def close(self) -> None:
        """End the processes."""
        while self._idle:
            self._idle.pop().end()


class _Run:
    """The shards of one call, shared by a thread for each worker process."""

    def __init__(self, task: bytes, shards: Sequence[Shard], idle: list[Worker]) -> None:
        self._task, self._shards, self._idle = task, shards, idle
        self.found: SimpleQueue[Outcome | None] = SimpleQueue()
        self._todo = deque(range(len(shards)))
        self._deaths = dict.fromkeys(range(len(shards)), 0)
        self._lock, self._stopped = Lock(), Event()
        self._end = len(shards)  # shards from here on are not begun: one before them failed
        self._busy: set[Worker] = set()

    def stop(self) -> None:
        """Begin nothing more and end the workers that are at a shard."""
        with self._lock:
            self._stopped.set()
            for worker in self._busy:
                worker.process.kill()

    def serve(self) -> None:
        """Compute shards with one worker process until none is left, with another one where it dies."""
        try:
            while (at := self._next()) is not None:
                worker = self._worker()
                if worker is None:
                    return
                try:
                    answer = worker.compute(self._task, self._shards[at])
                finally:
                    with self._lock:
                        self._busy.discard(worker)
                if answer is None:
                    self._died(at, worker.end())
                    continue
                self._idle.append(worker)
                self._put(Outcome(at, answer.arrays, answer.error))
        except Exception as error:  # a fault of this file must not leave the caller waiting
            self._put(Outcome(0, None, error))
        finally:
            self.found.put(None)

    def _worker(self) -> Worker | None:
        """Return an idle worker, or a new one; None where all is to stop."""
        with self._lock:
            if self._stopped.is_set():
                return None
            worker = self._idle.pop() if self._idle else Worker()
            self._busy.add(worker)
            return worker

    def _next(self) -> int | None:
        with self._lock:
            ended = self._stopped.is_set() or not self._todo or self._todo[0] >= self._end
            return None if ended else self._todo.popleft()

    def _put(self, found: Outcome) -> None:
        if found.error is not None:
            with self._lock:
                self._end = min(self._end, found.at)
        self.found.put(found)

    def _died(self, at: int, status: int) -> None:
        """Give the shard of a worker that died back, unless several died of it."""
        with self._lock:
            if self._stopped.is_set():
                return
            self._deaths[at] += 1
            if self._deaths[at] < DEATHS:
                self._todo.appendleft(at)
                return
        shard = self._shards[at]
        how = f"signal {-status}" if status < 0 else f"status {status}"
        self._put(Outcome(at, None, mistake(
            "worker", f"{DEATHS} worker processes ended ({how}) while they computed draws {shard.first} to "
            f"{shard.last - 1}. Most often memory ran out: use fewer workers (--cluster processes:1), or a "
            "coarser resolution")))  # fmt: skip
