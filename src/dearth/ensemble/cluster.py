"""Workers of a Dask cluster: of one that runs at an address, or of one started on this machine.

dearth brings no scheduler of its own. The task is sent to each worker once, to those that join later too; a
shard sent is three numbers. Arrays come back as each shard ends and are written here, so that workers need no
common file system.
"""

import logging
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import CancelledError
from typing import Any
from uuid import uuid4

import cloudpickle
from distributed import Client, KilledWorker, LocalCluster, wait
from distributed.client import Future, FutureCancelledError
from distributed.diagnostics.plugin import WorkerPlugin

from dearth.case.problems import CaseError, mistake
from dearth.ensemble import cluster_worker
from dearth.ensemble.executor import Executor, Outcome
from dearth.ensemble.shards import Shard, Task

OPTION = "--cluster"
ANSWER = 10  # seconds that a scheduler may take to answer
JOIN = 60  # seconds that a scheduler may be without a worker
ALIKE = ("code", "jax", "jaxlib", "numpy")  # versions that decide the numbers
START = "start workers with: dask worker {address} --nworkers -1 --nthreads 1"
AGAIN = "Repeat the command: shards that are done are not computed again"


class TaskPlugin(WorkerPlugin):
    """Brings a task to every worker of a cluster, once."""

    def __init__(self, name: str, task: bytes) -> None:
        self.name, self.task = name, task

    def setup(self, worker: Any) -> None:
        """Keep the task in the worker's process."""
        cluster_worker.add_task(self.name, self.task)

    def teardown(self, worker: Any) -> None:
        """Forget the task."""
        cluster_worker.remove_task(self.name)


class DaskCluster(Executor):
    """Computes shards on the workers of a Dask scheduler.

    Parameters
    ----------
    address
        Of the scheduler; empty starts one here, with `local` workers of one thread each.

    Raises
    ------
    CaseError
        Where no scheduler answers, it has no workers, or these have another version of dearth, JAX or NumPy.
    """

    def __init__(self, address: str = "", local: int = 0) -> None:
        self._cluster: LocalCluster | None = None
        if local:
            self._cluster = LocalCluster(
                n_workers=local, threads_per_worker=1, processes=True, memory_limit=0,
                dashboard_address=":0", silence_logs=logging.ERROR,
            )  # fmt: skip
        self._address = address or str(self._cluster.scheduler_address if self._cluster else "")
        try:
            self.client = _connected(self._address)
            self._check_workers()
        except BaseException:
            self.close()
            raise

    @property
    def workers(self) -> int:
        """How many workers the scheduler has now."""
        return len(self.client.nthreads())

    def outcomes(self, task: Task, shards: Sequence[Shard]) -> Generator[Outcome, None, None]:
        """Yield the outcome of every shard, in the order in which they end."""
        name = f"dearth-{uuid4().hex}"
        self._give(name, task)
        running: dict[Future[Any], int] = {}
        try:
            yield from self._computed(name, shards, running)
        except (CancelledError, FutureCancelledError, OSError) as error:
            if isinstance(error, CaseError):
                raise
            raise mistake(
                OPTION, f"the connection to the scheduler at {self._address} was lost ({error}). {AGAIN}"
            ) from None
        finally:
            self._end(name, running)

    def close(self) -> None:
        """Leave the cluster; end the one that was started here."""
        client = getattr(self, "client", None)
        if client is not None:
            client.close()
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def _computed(
        self, name: str, shards: Sequence[Shard], running: "dict[Future[Any], int]"
    ) -> Generator[Outcome, None, None]:
        todo, end = deque(range(len(shards))), len(shards)
        while True:
            # one shard a worker: what a worker has finished is here before it begins another, so that nothing
            # finished is lost with it
            free = max(1, self.workers) - len(running)
            while todo and todo[0] < end and free > 0:
                at, free = todo.popleft(), free - 1
                running[self._submit(name, shards, at)] = at
            if not running:
                return
            for future in self._ended(list(running)):
                at = running.pop(future, -1)
                if at < 0:
                    continue  # of no use: one before it failed
                found = _outcome(future, at, shards)
                future.release()  # a worker that dies later does not take it with it
                if found.error is not None:
                    end = min(end, found.at)
                    for other in [one for one, at in running.items() if at > end]:
                        del running[other]
                        other.cancel()
                yield found

    def _submit(self, name: str, shards: Sequence[Shard], at: int) -> "Future[Any]":
        seed, first, last = shards[at]
        key = f"{name}-{first}-{last}"
        return self.client.submit(cluster_worker.compute, name, seed, first, last, key=key, pure=False)

    def _ended(self, running: "list[Future[Any]]") -> "set[Future[Any]]":
        """Return futures that are over; waits for one, as long as there are workers."""
        without = 0
        while True:
            try:
                with self.client.as_current():
                    return set(wait(running, timeout=5, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                without = 0 if self.workers else without + 5
                if without >= JOIN:
                    start = START.format(address=self._address)
                    raise mistake(
                        OPTION, f"the scheduler at {self._address} lost all its workers; {start}. {AGAIN}"
                    ) from None

    def _give(self, name: str, task: Task) -> None:
        try:
            self.client.register_plugin(TaskPlugin(name, cloudpickle.dumps(task)))
        except ImportError as error:
            raise mistake(
                OPTION, f"a worker cannot load the task ({error}); install the same version of dearth, and "
                "of the packages that the task needs, where the workers run",
            ) from None  # fmt: skip

    def _end(self, name: str, running: "dict[Future[Any], int]") -> None:
        if self.client.status == "running":
            self.client.cancel(list(running), force=True)
            self.client.unregister_worker_plugin(name)

    def _check_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError:
            start = START.format(address=self._address)
            raise mistake(OPTION, f"the scheduler at {self._address} has no workers; {start}") from None
        try:
            theirs = self.client.run(cluster_worker.versions)
        except ImportError as error:
            raise mistake(OPTION, f"the workers at {self._address} cannot import dearth ({error}); install "
                          "the same version of dearth where they run") from None  # fmt: skip
        ours = cluster_worker.versions()
        for worker, found in theirs.items():
            other = [f"{what} {found[what][:12]} (here {ours[what][:12]})" for what in ALIKE
                     if found[what] != ours[what]]  # fmt: skip
            if other:
                raise mistake(
                    OPTION, f"the worker {worker} has other versions: {', '.join(other)}; the numbers would "
                    "differ. Install the same versions where the workers run",
                )  # fmt: skip


def _connected(address: str) -> Client:
    try:
        return Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise mistake(
            OPTION, f"no Dask scheduler answers at {address} ({error}). Start one with: dask scheduler, and "
            f"give the address that it prints; {START.format(address='ADDRESS')}. Or use this machine: "
            "--cluster local:4",
        ) from None  # fmt: skip


def _outcome(future: "Future[Any]", at: int, shards: Sequence[Shard]) -> Outcome:
    shard = shards[at]
    try:
        arrays, error = future.result()
    except KilledWorker:
        return Outcome(at, None, mistake(
            "worker", f"several workers ended while they computed draws {shard.first} to {shard.last - 1}. "
            "Most often memory ran out: give each worker more, or use a coarser resolution"))  # fmt: skip
    return Outcome(at, arrays, error)
