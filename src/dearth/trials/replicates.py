"""Run the replicates of a trial: degrade, estimate, compare; kept on disk one by one, resumed when killed."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from dearth.case.atomic_files import write_cache_file
from dearth.ensemble.executor import Executor, InProcess
from dearth.ensemble.shards import Arrays, Shard
from dearth.numerics.checkpoint import digest, versions
from dearth.numerics.hmc import Draws, Settings
from dearth.reconstruction.compiled import one
from dearth.reconstruction.convergence_gates import passes
from dearth.reconstruction.fit import SEEDS_APART
from dearth.reconstruction.judgement import JUDGED, judge
from dearth.reconstruction.problem_data import Data
from dearth.trials.calibration import simulated
from dearth.trials.estimator import PRINTED, SETTINGS, Estimator, compared, estimator
from dearth.trials.like import Like
from dearth.trials.trial_plan import Replicate

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
Kind = tuple[int, str, int, tuple[int, int]]
LEVELS = (50, 80, 90, 95)
LOST = "A killed run will compute this replicate again. Set DEARTH_CACHE to another folder."
SPREAD = 0.8  # of the starts about the mode, in its own standard deviations


@dataclass(frozen=True)
class Found:
    """What one replicate found.

    Attributes
    ----------
    intervals : by quantity and level, [low, high], persons; `medians`: by quantity
    ranks : share of draws below the truth, by quantity
    truth : by quantity
    furthest : how far chance was exceeded by the unknown that lies furthest from its prior
    warnings : those that would stand beside the printed interval
    refused : why it would not be printed; empty when it would
    """

    number: int
    window: str
    letters: str
    tier: int
    corner: bool
    drawn: dict[str, dict[str, float]]
    truth: dict[str, float]
    intervals: dict[str, dict[str, list[float]]]
    medians: dict[str, float]
    ranks: dict[str, float]
    furthest: float
    warnings: list[str]
    diagnostics: dict[str, float]
    refused: list[str]


@dataclass(frozen=True)
class ReplicateTask:
    """A pure function of a shard of one replicate: what it found, as JSON in bytes.

    Attributes
    ----------
    keep : a folder of this machine where each is read or written; None where others do that
    """

    replicates: tuple[Replicate, ...]
    settings: Settings
    like: Like | None
    keep: Path | None = None

    def __call__(self, shard: Shard) -> Arrays:
        """Return what one replicate found."""
        (r,) = self.replicates[shard.first : shard.last]
        with jax.enable_x64(True):  # a setting of the thread
            found = _kept_or_run(r, self.estimator(r), self.settings, self.keep)
        return {"found": np.frombuffer(json.dumps(asdict(found)).encode(), np.uint8)}

    def estimator(self, r: Replicate) -> Estimator:
        """Return the compiled estimator of a replicate; each is made once in a process."""
        with _making:
            if kind(r) not in self._made:
                self._made[kind(r)] = estimator(
                    r.tier, r.truth.length, self.settings, self.like, r.truth.soldiers
                )
            return self._made[kind(r)]

    @cached_property
    def _made(self) -> dict[Kind, Estimator]:
        return {}

    def __reduce__(self) -> tuple[type["ReplicateTask"], tuple[Any, ...]]:
        # compiled estimators stay in their process
        return type(self), (self.replicates, self.settings, self.like, self.keep)


_making = Lock()


def run(
    replicates: Sequence[Replicate], *, settings: Settings = SETTINGS, keep: Path | None = None,
    like: Like | None = None, progress: Progress = lambda done, total: None,
    executor: Executor | None = None,
) -> list[Found]:  # fmt: skip
    """Return what every replicate found, in their order.

    With `keep`, a folder, each is written there as it ends: called again alike after being killed, the
    rest is computed and the table is the same. `executor` computes them, by default threads of this process;
    the numbers do not depend on it.
    """
    found: dict[int, Found] = {}
    if executor is None:
        executor = InProcess(min(len(replicates), os.cpu_count() or 1))
        task = ReplicateTask(tuple(replicates), settings, like, keep)
        with jax.enable_x64(True):
            for r in replicates:
                task.estimator(r)  # before threads share it
    else:
        task = ReplicateTask(tuple(replicates), settings, like)
        kept = {at: _kept(r, settings, like, keep) for at, r in enumerate(replicates)} if keep else {}
        found = {at: one for at, one in kept.items() if one is not None}
    todo = [at for at in range(len(replicates)) if at not in found]
    with closing(executor.outcomes(task, [Shard(replicates[at].seed, at, at + 1) for at in todo])) as ended:
        for outcome in ended:
            if outcome.arrays is None:
                raise outcome.error or AssertionError("a failure without an error")
            at = todo[outcome.at]
            found[at] = Found(**json.loads(outcome.arrays["found"].tobytes()))
            if task.keep is None and keep is not None:
                _write(replicates[at], found[at], settings, like, keep)
            progress(len(found), len(replicates))
    return [found[at] for at in range(len(replicates))]


def kind(r: Replicate) -> Kind:
    """Return what decides which compiled program serves a replicate."""
    return r.tier.number, r.tier.letters, r.truth.length, r.truth.soldiers


def _kept_or_run(r: Replicate, made: Estimator, settings: Settings, keep: Path | None) -> Found:
    if keep is None:
        return compare(r, made, settings)
    found = _kept(r, settings, made.like, keep)
    if found is None:
        found = compare(r, made, settings)
        _write(r, found, settings, made.like, keep)
    return found


def _kept(r: Replicate, settings: Settings, like: Like | None, keep: Path) -> Found | None:
    try:
        held = json.loads(_path(r, keep).read_text(encoding="utf-8"))
        return Found(**held["found"]) if held["identity"] == identity(r, settings, like) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not there, cut off or of another version: it is made anew


def _write(r: Replicate, found: Found, settings: Settings, like: Like | None, keep: Path) -> None:
    text = json.dumps({"identity": identity(r, settings, like), "found": asdict(found)})
    write_cache_file(_path(r, keep), text, LOST)


def _path(r: Replicate, keep: Path) -> Path:
    return keep / f"replicate-{r.number:05d}.json"


def identity(r: Replicate, settings: Settings, like: Like | None = None) -> str:
    """Return a name for whatever decides what a replicate finds."""
    about = [
        r.number,
        like and like.identity,
        asdict(r.tier),
        r.letters,
        r.drawn,
        r.seed,
        r.calibrate,
        r.truth.soldiers,
        asdict(settings),
        versions(),
    ]
    held = r.records()
    books = [held.infant_deaths, held.other_deaths, held.births, held.stocks, held.fertility, held.counts]
    arrays = digest([r.truth.stocks, r.truth.infant_deaths, r.truth.other_deaths, r.truth.births, books])
    return hashlib.sha256((json.dumps(about, sort_keys=True) + arrays).encode()).hexdigest()


def compare(r: Replicate, made: Estimator, settings: Settings) -> Found:
    """Degrade, estimate and set the estimate beside the truth."""
    if r.calibrate:
        data, truth = simulated(made, r)
    else:
        records = r.records()  # whose truth is of those who stayed, where people left
        data, truth = made.data(records), records.truth.quantities().by_name()
        truth |= {name: truth[key] for key, name in {**PRINTED, "net": "net_printed"}.items()}
    seed = r.seed * SEEDS_APART + r.number
    shape = (1, settings.chains, made.model.unknowns.size)
    theta = SPREAD * jax.random.normal(jax.random.key(seed), shape)
    draws = made.made.sampler.sample(theta, data, seed=seed)
    for _ in range(1, settings.rounds):
        if passes(draws, JUDGED):
            break
        draws = made.made.sampler.extend(draws, data, seed=seed)
    return summary(r, made, one(data, 0), draws, truth)


def summary(r: Replicate, made: Estimator, mine: Data, draws: Draws, truth: dict[str, float]) -> Found:
    """Return what the draws of a replicate say beside its truth, by quantity."""
    kept = compared({name: values[0] for name, values in draws.seen.items()})
    flat = {name: np.asarray(values, float).ravel() for name, values in kept.items()}
    intervals = {
        name: {
            str(level): np.quantile(x, [0.5 - level / 200, 0.5 + level / 200]).tolist() for level in LEVELS
        }
        for name, x in flat.items()
    }
    judged = judge(made.model, mine, draws)
    return Found(
        r.number, r.truth.name, r.letters, r.tier.number, r.corner,
        {letter: dict(values) for letter, values in r.drawn.items()}, truth, intervals,
        {name: float(np.median(x)) for name, x in flat.items()},
        {name: float((x < truth[name]).mean()) for name, x in flat.items()},
        judged.furthest, judged.warnings, asdict(judged.diagnostics), judged.refused,
    )  # fmt: skip
