"""Many draws of a scenario: weather from named streams, uncertain parameters from their priors.

Few places: draws go through the machine in batches of a fixed size, padded, so that a draw has the same bits
whatever the number of draws. Many places: one after the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.problems import mistake
from dearth.numerics.free_memory import give_back
from dearth.system import finite_checks, installed, step_checks
from dearth.system.history import Floats, History
from dearth.system.initial_state import noise, world
from dearth.system.mechanism import Mechanism
from dearth.system.prior_draws import own_tables, prior_draws
from dearth.system.run import World, simulate
from dearth.system.scenario import Scenario
from dearth.system.setting_names import STRENGTH
from dearth.system.settings import Settings

Tables = Mapping[str, Mapping[str, Any]]  # arrays, traced or not, by mechanism and parameter
Order = tuple[Mechanism, ...]
BATCH = 8
FEW_PLACES = 500  # above it a single draw fills the caches of a core
CLOSED = 1e-3  # single precision closes the accounts to 1e-5; above this a mechanism breaks them


@cache
def _one(order: Order) -> Any:
    """Return the compiled run of one draw."""
    return jax.jit(partial(simulate, order=order))


@cache
def _many(order: Order) -> Any:
    """Return the compiled run of a batch of draws."""

    def batch(world: World, fields: Any, fixed: Any, varying: Tables, group: Any, own: Any) -> Any:
        def one(noise: Any, numbers: Any, tables: Tables) -> Any:
            given = replace(world, noise=noise)
            return simulate(given, numbers, merged(varying, tables), group, order)[1]

        return jax.vmap(one)(fields, fixed, own)

    return jax.jit(batch)


def merged(varying: Tables, own: Tables) -> Tables:
    """Return the tables shared by all draws with those of one draw over them."""
    return {m: {**varying.get(m, {}), **own.get(m, {})} for m in {**varying, **own}}


def prepared(settings: Settings, years: int, dtype: Any) -> tuple[Any, Any, Any]:
    """Return fixed settings, tables [year, month, group] and groups as JAX arrays."""
    fixed = jax.tree.map(lambda v: jnp.asarray(v, dtype), settings.fixed)
    tables = jax.tree.map(lambda v: jnp.asarray(v, dtype).reshape(years, 12, -1), settings.varying)
    return fixed, tables, jnp.asarray(settings.group)


def run_draws(
    scenario: Scenario,
    settings: Settings,
    seed: int,
    draws: int = 1,
    dtype: Any = jnp.float32,
    progress: Callable[[str], None] = lambda text: None,
) -> History:
    """Run the scenario `draws` times: once at the settings as they are, or over the priors.

    Raises
    ------
    CaseError
        Where a record is not a finite number: names mechanism, place and month. Where a mechanism of an
        installed package uses what it does not declare, or breaks the accounts of grain or people.
    """
    first, last = scenario.span
    fixed, tables, group = prepared(settings, last - first + 1, dtype)
    base = world(scenario, seed, 0, dtype)
    order = installed.order()
    step_checks.refuse_undeclared(base, fixed)
    if draws == 1:
        progress("one run")
        _, found = _one(order)(base, fixed, tables, group)
        records = {k: np.asarray(v)[None] for k, v in found.items()}
        bad = finite_checks.first_bad_month({k: v[0] for k, v in records.items()})
        if bad is not None:
            raise finite_checks.error(base, fixed, tables, group, bad, order)
        return _closed(_history(base, records))
    many = jax.tree.map(lambda v: jnp.asarray(v, dtype), prior_draws(settings, seed, draws))
    years = last - first + 1
    own = jax.tree.map(
        lambda v: jnp.asarray(v, dtype).reshape(draws, years, 12, -1),
        own_tables(settings, seed, draws, 12 * years),
    )
    size = BATCH if len(scenario.places) <= FEW_PLACES else 1
    whole: dict[str, Floats] = {}
    for start in range(0, draws, size):
        progress(f"draw {start + 1} of {draws}")
        chosen = [min(d, draws - 1) for d in range(start, start + size)]  # the last batch is padded
        here = jax.tree.map(lambda v, c=chosen: v[jnp.asarray(c)], many)
        fields = [noise(scenario, seed, d, dtype) for d in chosen]
        stacked = jax.tree.map(lambda *x: jnp.stack(x), *fields)
        mine = jax.tree.map(lambda v, c=chosen: v[jnp.asarray(c)], own)
        found = _many(order)(base, stacked, here, tables, group, mine)
        kept = {k: np.asarray(v)[: min(size, draws - start)] for k, v in found.items()}
        _refuse(kept, base, fields, here, (tables, mine), group, order)
        for name, values in kept.items():
            # one array from the start: joining batches at the end would hold every record twice
            if name not in whole:
                whole[name] = np.empty((draws, *values.shape[1:]), values.dtype)
            whole[name][start : start + len(values)] = values
        if not start:
            give_back()  # what the compiler freed
    return _closed(_history(base, whole))


def _closed(history: History) -> History:
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


def _refuse(
    kept: Mapping[str, Floats],
    base: World,
    fields: list[Any],
    fixed: Any,
    tables: Any,
    group: Any,
    order: Order,
) -> None:
    for at in range(len(kept["population"])):
        bad = finite_checks.first_bad_month({k: v[at] for k, v in kept.items()})
        if bad is not None:
            own = jax.tree.map(lambda v, a=at: v[a], fixed)
            varying = merged(tables[0], jax.tree.map(lambda v, a=at: v[a], tables[1]))
            raise finite_checks.error(replace(base, noise=fields[at]), own, varying, group, bad, order)


def _history(base: World, records: Mapping[str, Floats]) -> History:
    at, first = base.places, base.opening
    return History(
        records,
        int(base.first_year),
        at.names,
        at.granary_areas,
        np.asarray(at.granary_area),
        np.asarray(at.urban) > 0.5,
        np.asarray(at.land, float),
        float(sum(np.asarray(x, float).sum() for x in (first.store, first.concealed, first.granary))),
        base.crop_calendar.grain_year_start,
        at.levels,
    )


def switched_off(settings: Settings, names: list[str]) -> Settings:
    """Return the settings with the strength of the named mechanisms at 0, everywhere and always."""
    fixed = {m: ({**v, STRENGTH: 0.0} if m in names else v) for m, v in settings.fixed.items()}
    varying = {
        m: ({k: v for k, v in t.items() if k != STRENGTH} if m in names else t)
        for m, t in settings.varying.items()
    }
    spread = {k: v for k, v in settings.spread.items() if not (k[0] in names and k[1] == STRENGTH)}
    return replace(settings, fixed=fixed, varying=varying, spread=spread)
