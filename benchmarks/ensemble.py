"""Many draws on a Dask cluster whose workers are killed: python benchmarks/ensemble.py [--json] [--draws N].

A scheduler and four workers are started as processes of this machine. They simulate draws of a case from its
priors (`china-1958`, 50 places, unless `--case` names another), and keep yearly measures. At a quarter and
at half of the draws a worker is killed with SIGKILL while it computes; nobody takes its place.

`draws`, `workers` (at the start), `killed`.
`lost`: draws without a result. `twice`: draws that were finished more than once. `again`: draws that were
begun again because their worker was killed.
`seconds`: by the clock, from the first shard to the last, after every worker has compiled the program.
`cpu_per_draw`: CPU seconds of a draw in its worker. `driver_cpu_per_shard`: CPU seconds of the process that
receives a shard, writes its part and joins it to the others.
`efficiency`: CPU seconds of finished draws over what the cores could give: for every second as many cores as
workers live, at most those of the machine, less the CPU time of programs other than this benchmark.
`cores`: of the machine; `others`: cores that other programs took.
`bytes_per_draw`: of the parts on disk.
`same`: whether the first and the last shard, computed again in this process, have the same bits.

Reads /proc, so it runs on Linux. `--draws` is 512 unless given; `--workers N` and `--kill N` change the rest.
"""

import argparse
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dearth.case.read import load
from dearth.ensemble import cluster_worker
from dearth.ensemble.cluster import DaskCluster
from dearth.ensemble.runner import run_shards
from dearth.ensemble.shards import Arrays, Shard, split
from dearth.ensemble.worker import SINGLE
from dearth.numerics.compilation_cache import keep_compiled
from dearth.system.draw_task import BATCH, DrawTask
from dearth.system.plan import Asked, plan_of

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Logged:
    """A task that writes down when it begins and ends a shard, and the CPU seconds that it took."""

    task: DrawTask
    log: Path

    def __call__(self, shard: Shard) -> Arrays:
        self._note("begun", shard)
        start = time.process_time()
        found = self.task(shard)
        self._note("ended", shard, time.process_time() - start)
        return found

    def _note(self, what: str, shard: Shard, seconds: float = 0.0) -> None:
        row = {"what": what, "first": shard.first, "draws": shard.draws, "pid": os.getpid(), "cpu": seconds}
        with (self.log / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def rows(self) -> list[dict[str, Any]]:
        texts = [path.read_text(encoding="utf-8") for path in self.log.glob("*.jsonl")]
        return [json.loads(line) for text in texts for line in text.splitlines()]


@dataclass
class Processes:
    """A scheduler and its workers, and the CPU time of each."""

    folder: Path
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    spent: float = 0.0  # CPU seconds of those that were killed

    def start(self, many: int) -> str:
        place = self.folder / "scheduler.json"
        self.scheduler = self._dask("scheduler", "--host", "127.0.0.1", "--port", "0",
                                    "--scheduler-file", str(place), "--no-dashboard")  # fmt: skip
        while not place.is_file():
            time.sleep(0.1)
        for _ in range(many):
            self.workers.append(self._dask(
                "worker", "--scheduler-file", str(place), "--nthreads", "1", "--no-nanny", "--no-dashboard",
                "--memory-limit", "0", "--local-directory", str(self.folder), "--death-timeout", "60",
            ))  # fmt: skip
        address: str = json.loads(place.read_text(encoding="utf-8"))["address"]
        return address

    def cpu(self) -> float:
        return self.spent + sum(cpu_of(one.pid) for one in [self.scheduler, *self.workers] if one)

    def kill(self, pid: int) -> None:
        one = next(worker for worker in self.workers if worker.pid == pid)
        self.spent += cpu_of(pid)
        self.workers.remove(one)
        one.send_signal(signal.SIGKILL)
        one.wait()

    def end(self) -> None:
        for one in [*self.workers, self.scheduler]:
            if one is not None:
                one.kill()
                one.wait()

    def _dask(self, *words: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "dask.log").open("ab")
        return subprocess.Popen([sys.executable, "-m", "dask", *words], stdout=log, stderr=log,
                                env={**os.environ, **SINGLE})  # fmt: skip


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that a process has used; 0 where it ended."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / TICK


def busy() -> float:
    """Return the CPU seconds that all programs have used on this machine."""
    words = Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:]
    user, nice, system, _, _, irq, softirq, steal = map(int, words[:8])
    return (user + nice + system + irq + softirq + steal) / TICK


@dataclass
class Watch:
    """Kills workers when their time has come, and adds up what the cores could have given."""

    processes: Processes
    task: Logged
    kills: list[float]  # shares of the draws at which a worker is killed
    cores: int
    capacity: float = 0.0  # core seconds
    killed: int = 0
    last: float = field(default_factory=time.perf_counter)

    def __call__(self, done: int, total: int) -> None:
        now = time.perf_counter()
        self.capacity += (now - self.last) * min(self.cores, len(self.processes.workers))
        self.last = now
        if self.kills and done >= self.kills[0] * total:
            self.kills.pop(0)
            self.processes.kill(self._at_work())
            self.killed += 1

    def _at_work(self) -> int:
        """Return a worker that is in the middle of a shard."""
        alive = {one.pid for one in self.processes.workers}
        while True:
            open_shards = Counter[int]()
            for row in self.task.rows():
                open_shards[row["pid"]] += 1 if row["what"] == "begun" else -1
            working = sorted(pid for pid in alive if open_shards[pid] > 0)
            if working:
                return working[0]
            time.sleep(0.01)


def measured(case: str, draws: int, workers: int, kill: int, size: int, folder: Path) -> dict[str, Any]:
    plan = plan_of(load(case), Asked(draws=draws))
    plain = DrawTask(plan.scenario, plan.settings, yearly=True)
    (folder / "log").mkdir()
    plain(Shard(1, 0, BATCH))  # compiled once, here; the workers find the program in the cache
    task, shards, parts = Logged(plain, folder / "log"), split(1, draws, size), folder / "parts"
    cores, processes = len(os.sched_getaffinity(0)), Processes(folder)
    try:
        with DaskCluster(processes.start(workers)) as cluster:
            cluster.client.wait_for_workers(workers)
            warm = [cluster.client.submit(warmed, pickle.dumps(plain), workers=[one], pure=False)
                    for one in cluster.client.nthreads()]  # fmt: skip
            cluster.client.gather(warm)
            kills = [(at + 1) / (2 * kill) for at in range(kill)]
            watch = Watch(processes, task, kills, cores)
            own, whole = processes.cpu() + time.process_time(), busy()
            start, driver = time.perf_counter(), time.process_time()
            first_last: dict[int, Arrays] = {}
            found = 0
            for shard, arrays in run_shards(task, shards, parts, cluster, watch, plain.about):
                found += len(next(iter(arrays.values())))
                if shard in (shards[0], shards[-1]):
                    first_last[shard.first] = arrays
            seconds = time.perf_counter() - start
            driver = time.process_time() - driver
            others = busy() - whole - (processes.cpu() + time.process_time() - own)
    finally:
        processes.end()
    rows = task.rows()
    ended = Counter({row["first"]: 0 for row in rows})
    ended.update(row["first"] for row in rows if row["what"] == "ended")
    draws_of = {shard.first: shard.draws for shard in shards}
    useful = sum({row["first"]: row["cpu"] for row in rows if row["what"] == "ended"}.values())
    begun = sum(row["draws"] for row in rows if row["what"] == "begun")
    return {
        "draws": draws, "workers": workers, "seconds": round(seconds, 2),
        "efficiency": round(useful / (watch.capacity - max(0.0, others)), 3),
        "killed": watch.killed, "lost": draws - found,
        "bytes_per_draw": round(sum(path.stat().st_size for path in parts.iterdir()) / draws),
        "twice": sum((many - 1) * draws_of[at] for at, many in ended.items() if many > 1),
        "again": begun - draws, "cpu_per_draw": round(useful / draws, 5), "cores": cores,
        "driver_cpu_per_shard": round(driver / len(shards), 5),
        "others": round(others / seconds, 2), "case": case, "size": size,
        "same": all(same(plain(shard), first_last[shard.first]) for shard in (shards[0], shards[-1])),
    }  # fmt: skip


def warmed(task: bytes) -> None:
    """Compile the program in a worker."""
    cluster_worker.add_task("warm", task)
    _, error = cluster_worker.compute("warm", 1, 0, BATCH)
    if error is not None:
        raise error


def same(one: Arrays, other: Arrays) -> bool:
    return one.keys() == other.keys() and all(one[k].tobytes() == other[k].tobytes() for k in one)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--json", action="store_true")
    words.add_argument("--draws", type=int, default=512)
    words.add_argument("--case", default="china-1958")
    words.add_argument("--workers", type=int, default=4)
    words.add_argument("--kill", type=int, default=2)
    words.add_argument("--size", type=int, default=16, help="draws of a shard, a multiple of 8")
    given = words.parse_args()
    keep_compiled()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(given.case, given.draws, given.workers, given.kill, given.size, Path(folder))
    if given.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:16}{value}")


if __name__ == "__main__":
    main()
