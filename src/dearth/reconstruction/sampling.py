"""Sample many problems with one compiled program: a thread each, kept on disk, resumed when killed."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any

import jax
import numpy as np

from dearth.case.read import Case
from dearth.numerics.cache_folder import cache_folder
from dearth.numerics.checkpoint import Store
from dearth.numerics.hmc import Draws, Sampler, Settings
from dearth.reconstruction.identity import identify

Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """Say nothing: the default of library calls."""


@dataclass(frozen=True)
class Job:
    """One run of a sampler: a batch of problems [problem, chain, dimension] and where it is kept."""

    name: str
    theta: Any
    data: Any
    seed: int
    scale: Any = None


@dataclass
class Keeper:
    """Where jobs are kept while they run, and how far they all are together."""

    folder: Path | None
    about: str
    progress: Progress = silent
    stores: list[Store] = field(default_factory=list)

    def store(self, name: str) -> Store | None:
        """Return the store of a job, none where nothing is kept."""
        if self.folder is None:
            return None
        made = Store(self.folder / name, self.about)
        self.stores.append(made)
        return made

    def clear(self) -> None:
        """Remove what was kept, once its results are safe elsewhere."""
        for store in self.stores:
            store.clear()
        if self.folder is not None and self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()


def sample_all(
    sampler: Sampler, jobs: Sequence[Job], what: str, keeper: Keeper,
    enough: Callable[[Draws], bool] = lambda draws: True,
) -> list[Draws]:  # fmt: skip
    """Return the draws of every job, in their order.

    Jobs of one shape share the compiled program. Each has its own seed and store: results do not depend on
    how many run at once. A job whose draws are not `enough` goes on, up to `rounds` times the draws asked
    for; the gates then judge all of them.
    """
    rounds = sampler.settings.rounds
    done, lock, stop = dict.fromkeys((job.name for job in jobs), 0), Lock(), Event()
    totals: dict[str, int] = {}

    def tell(name: str, at: int, total: int) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        with lock:
            done[name], totals[name] = at, total
            ahead = sum(totals.values()) + total * (len(jobs) - len(totals))
            keeper.progress(what, sum(done.values()), ahead)

    def run(job: Job) -> Draws:
        with jax.enable_x64(True):  # a setting of the thread
            draws = sampler.sample(
                job.theta, job.data, job.scale, lambda at, total: tell(job.name, at, total),
                store=keeper.store(job.name), seed=job.seed,
            )  # fmt: skip
            for _ in range(1, rounds):
                if enough(draws):
                    break
                before = draws.done

                def more(at: int, total: int, before: int = before) -> None:
                    tell(job.name, before + at, before + total)

                draws = sampler.extend(draws, job.data, more, seed=job.seed)
            return draws

    with ThreadPoolExecutor(max(1, min(len(jobs), os.cpu_count() or 1))) as pool:
        try:
            return list(pool.map(run, jobs))
        except BaseException:
            stop.set()  # the other threads end at their next report; what they have is kept
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def joined(parts: Sequence[Draws]) -> Draws:
    """Return draws of several jobs as one, an entry a problem: some may have gone on longer than others."""
    kept = set.intersection(*(set(part.seen) for part in parts))
    seen = {name: [one for part in parts for one in part.seen[name]] for name in sorted(kept)}
    diverged = [one for part in parts for one in part.diverged]
    acceptance = np.concatenate([part.acceptance for part in parts])
    return Draws(seen, diverged, acceptance, parts[0].state, max(part.done for part in parts))


def problem(draws: Draws, at: int) -> Draws:
    """Return the draws of one problem alone."""
    seen = {name: [values[at]] for name, values in draws.seen.items()}
    return Draws(seen, [draws.diverged[at]], draws.acceptance[at : at + 1], draws.state, draws.done)


def kept_in(case: Case, settings: Settings) -> Path | None:
    """Return the folder a fit is kept in while it runs, by what it is of; None where caches are off."""
    folder = cache_folder()
    if folder is None:
        return None
    mark = hashlib.sha256(f"{identify(case).sha256} {settings}".encode()).hexdigest()[:16]
    return folder / "fits" / f"{case.name}-{mark}"
