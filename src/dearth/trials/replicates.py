"""Run the replicates of a trial: degrade, estimate, compare; kept on disk one by one, resumed when killed."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Lock

import jax
import numpy as np
from numpy.typing import NDArray

from dearth.case.atomic_files import write_cache_file
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


def run(
    replicates: Sequence[Replicate], *, settings: Settings = SETTINGS, keep: Path | None = None,
    like: Like | None = None,
    progress: Progress = lambda done, total: None,
) -> list[Found]:  # fmt: skip
    """Return what every replicate found, in their order.

    With `keep`, a folder, each is written there as it ends: called again alike after being killed, the
    rest is computed and the table is the same.
    """
    with jax.enable_x64(True):
        made: dict[Kind, Estimator] = {}
        for r in replicates:
            if kind(r) not in made:
                made[kind(r)] = estimator(r.tier, r.truth.length, settings, like, r.truth.soldiers)
    done, lock, stop = 0, Lock(), Event()

    def one(r: Replicate) -> Found:
        nonlocal done
        if stop.is_set():
            raise KeyboardInterrupt
        with jax.enable_x64(True):  # a setting of the thread
            found = _kept_or_run(r, made[kind(r)], settings, keep)
        with lock:
            done += 1
            progress(done, len(replicates))
        return found

    with ThreadPoolExecutor(max(1, min(len(replicates), os.cpu_count() or 1))) as pool:
        try:
            return list(pool.map(one, replicates))
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def kind(r: Replicate) -> Kind:
    """Return what decides which compiled program serves a replicate."""
    return r.tier.number, r.tier.letters, r.truth.length, r.truth.soldiers


def _kept_or_run(r: Replicate, made: Estimator, settings: Settings, keep: Path | None) -> Found:
    if keep is None:
        return compare(r, made, settings)
    path, mark = keep / f"replicate-{r.number:05d}.json", identity(r, settings, made.like)
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["identity"] == mark:
            return Found(**held["found"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there, cut off or of another version: it is made anew
    found = compare(r, made, settings)
    write_cache_file(path, json.dumps({"identity": mark, "found": asdict(found)}), LOST)
    return found


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
        data, truth = made.data(records), records.truth.quantities()
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
