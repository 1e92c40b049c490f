"""Many draws of a scenario: weather from named streams, uncertain parameters from their priors."""

import os
from collections.abc import Generator, Iterable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.problems import mistake
from dearth.ensemble.executor import Executor, InProcess
from dearth.ensemble.executors import open_executor
from dearth.ensemble.parts import clear_parts
from dearth.ensemble.runner import joined, run_shards
from dearth.ensemble.shards import Arrays, Shard
from dearth.numerics.cache_folder import cache_folder
from dearth.system import finite_checks, installed, step_checks
from dearth.system.draw_task import MANY, DrawTask, Order, history_of, prepared
from dearth.system.history import Floats, History
from dearth.system.initial_state import world
from dearth.system.run import simulate
from dearth.system.scenario import Scenario
from dearth.system.setting_names import STRENGTH
from dearth.system.settings import Settings
from dearth.system.yearly_history import YearlyHistory

CLOSED = 1e-3  # single precision closes the accounts to 1e-5; above this a mechanism breaks them
MEMORY = 0.8  # share of the machine's memory that the records may take


class Progress(Protocol):
    """Called with the step under way, and how far it is (0-1) where that is known."""

    def __call__(self, step: str, share: float | None = None, /) -> None:
        """Take one report."""


def quiet(_: str, __: float | None = None) -> None:
    """Say nothing."""


@cache
def _one(order: Order) -> Any:
    """Return the compiled run of one draw."""
    return jax.jit(partial(simulate, order=order))


def run_draws(
    scenario: Scenario,
    settings: Settings,
    seed: int,
    draws: int = 1,
    dtype: Any = jnp.float32,
    progress: Progress = quiet,
    executor: Executor | None = None,
) -> History:
    """Run the scenario `draws` times: once at the settings as they are, or over the priors.

    Parameters
    ----------
    executor
        What computes the draws; by default this process, and worker processes from 512 draws on. The numbers
        do not depend on it.

    Raises
    ------
    CaseError
        Where a record is not a finite number: names mechanism, place and month. Where a mechanism of an
        installed package uses what it does not declare, or breaks the accounts of grain or people. Where the
        records of all draws would not fit into the memory.
    """
    if draws == 1:
        return _closed(_single(scenario, settings, seed, dtype, progress))
    task = DrawTask(scenario, settings, jnp.dtype(dtype).name)
    return _closed(task.history(_all_draws(task, seed, draws, progress, executor)))


def run_yearly(
    scenario: Scenario,
    settings: Settings,
    seed: int,
    draws: int,
    progress: Progress = quiet,
    executor: Executor | None = None,
) -> YearlyHistory:
    """Run the scenario `draws` times over the priors and return the yearly measures of every draw.

    Raises
    ------
    CaseError
        As `run_draws`.
    """
    task = DrawTask(scenario, settings, yearly=True)
    arrays = _all_draws(task, seed, draws, progress, executor)
    first, last = scenario.span
    at = task.history({})
    return _closed(YearlyHistory(arrays, tuple(range(first, last + 1)), at.places, at.granary_areas))


def _single(scenario: Scenario, settings: Settings, seed: int, dtype: Any, progress: Progress) -> History:
    first, last = scenario.span
    fixed, tables, group = prepared(settings, last - first + 1, dtype)
    base = world(scenario, seed, 0, dtype)
    order = installed.order()
    step_checks.refuse_undeclared(base, fixed)
    progress("one run")
    _, found = _one(order)(base, fixed, tables, group)
    records = {k: np.asarray(v)[None] for k, v in found.items()}
    bad = finite_checks.first_bad_month({k: v[0] for k, v in records.items()})
    if bad is not None:
        raise finite_checks.error(base, fixed, tables, group, bad, order)
    return history_of(base, records)


def _all_draws(
    task: DrawTask, seed: int, draws: int, progress: Progress, executor: Executor | None
) -> dict[str, Floats]:
    """Return what the task makes of all draws [draw, ...]; a long run keeps its parts until it is done."""
    task.refuse_undeclared()
    shards = task.shards(seed, draws)
    long = executor is not None or (draws >= MANY and task.few)
    folder = _parts_folder(task, seed, draws) if long else None
    own = open_executor(None, most=len(shards)) if long and executor is None else InProcess()

    def report(done: int, total: int) -> None:
        progress(f"{total} draws", done / total)

    with own:
        results = run_shards(task, shards, folder, executor or own, report, task.about if folder else "")
        whole = joined(_fitting(results, draws), draws)
    if folder is not None:
        clear_parts(folder)
    return whole


def _parts_folder(task: DrawTask, seed: int, draws: int) -> Path | None:
    above = cache_folder()
    return None if above is None else above / "simulations" / f"{task.about[:16]}-{seed}-{draws}"


def _fitting(
    results: Iterable[tuple[Shard, Arrays]], draws: int
) -> Generator[tuple[Shard, Arrays], None, None]:
    """Hand results on, unless the first one says that all of them would not fit into the memory."""
    known = False
    for shard, arrays in results:
        if not known:
            _refuse_too_large(sum(values.nbytes for values in arrays.values()) / shard.draws, draws)
            known = True
        yield shard, arrays


def _refuse_too_large(one: float, draws: int) -> None:
    """Refuse draws of `one` bytes each that would not fit into the memory."""
    memory = _memory()
    if one * draws > MEMORY * memory:
        raise mistake(
            "--draws", f"the monthly records of {draws} draws take {one * draws / 1e9:.0f} GB, and this "
            f"machine has {memory / 1e9:.0f} GB. Keep the yearly measures only (--yearly), or take at most "
            f"{max(1, int(MEMORY * memory / one))} draws",
        )  # fmt: skip


def _memory() -> float:
    """Return the memory of this machine, bytes; without limit where the system does not say."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows
        return float("inf")


H = TypeVar("H", History, YearlyHistory)


def _closed(history: H) -> H:
    """Return the history, unless its accounts are broken: a stock changed without a flow of the same size."""
    for what, error in history.balance().items():
        if not error < CLOSED:
            names = ", ".join(one.mechanism.id for one in installed.installed())
            hint = f"; mechanisms of installed packages are: {names}" if names else ""
            raise mistake(
                "simulate",
                f"the accounts do not close ({what} is {error:.1e}, allowed is {CLOSED:.0e}): a mechanism "
                f"changes a stock without a flow of the same size{hint}; switch one after the other off "
                "with --off",
            )
    return history


def switched_off(settings: Settings, names: list[str]) -> Settings:
    """Return the settings with the strength of the named mechanisms at 0, everywhere and always."""
    fixed = {m: ({**v, STRENGTH: 0.0} if m in names else v) for m, v in settings.fixed.items()}
    varying = {
        m: ({k: v for k, v in t.items() if k != STRENGTH} if m in names else t)
        for m, t in settings.varying.items()
    }
    spread = {k: v for k, v in settings.spread.items() if not (k[0] in names and k[1] == STRENGTH)}
    return replace(settings, fixed=fixed, varying=varying, spread=spread)
