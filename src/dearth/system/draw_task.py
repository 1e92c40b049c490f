"""The task of a simulation's ensemble: draws of a scenario from its priors, shard by shard.

A draw has the same bits in whatever shard it stands: where places are few, draws go through the machine in
batches of a fixed size, and a shard begins with a whole batch.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.ensemble.shards import Shard, split
from dearth.numerics.checkpoint import digest
from dearth.numerics.free_memory import give_back
from dearth.system import finite_checks, installed, step_checks
from dearth.system.history import Floats, History
from dearth.system.initial_state import noise, world
from dearth.system.mechanism import Mechanism
from dearth.system.prior_draws import own_tables, prior_draws
from dearth.system.run import World, simulate
from dearth.system.scenario import Scenario
from dearth.system.settings import Settings
from dearth.system.yearly_history import yearly_measures

Tables = Mapping[str, Mapping[str, Any]]  # arrays, traced or not, by mechanism and parameter
Order = tuple[Mechanism, ...]
BATCH = 8
FEW_PLACES = 500  # above it a single draw fills the caches of a core
SHARD = 8 * BATCH  # of a long run: about five seconds of work
MANY = 512  # draws from which a run is long: worker processes and parts on disk pay


@dataclass(frozen=True)
class DrawTask:
    """A pure function of a shard: the records of its draws, or their yearly measures.

    Attributes
    ----------
    scenario, settings : what is simulated
    dtype : name of the floating-point type
    yearly : return the yearly measures of every draw, not its monthly records
    """

    scenario: Scenario
    settings: Settings
    dtype: str = "float32"
    yearly: bool = False

    def __call__(self, shard: Shard) -> dict[str, Floats]:
        """Return arrays by name [draw, ...] of the draws of a shard.

        Raises
        ------
        CaseError
            Where a record is not a finite number: names mechanism, place and month.
        """
        fixed, own = self._drawn(shard)
        whole: dict[str, Floats] = {}
        for start in range(0, shard.draws, self.batch):
            size = min(self.batch, shard.draws - start)
            at = [min(start + d, shard.draws - 1) for d in range(self.batch)]  # the last batch is padded
            for name, values in self._batch(shard, at, fixed, own).items():
                # one array from the start: joining batches at the end would hold every record twice
                if name not in whole:
                    whole[name] = np.empty((shard.draws, *values.shape[1:]), values.dtype)
                whole[name][start : start + size] = values[:size]
        return yearly_measures(self.history(whole)) if self.yearly else whole

    def shards(self, seed: int, draws: int) -> tuple[Shard, ...]:
        """Return the shards of a run: small ones where it is short."""
        return split(seed, draws, SHARD if draws >= MANY and self.few else self.batch)

    @property
    def few(self) -> bool:
        """Whether the places are few enough for batches of draws."""
        return len(self.scenario.places) <= FEW_PLACES

    @property
    def batch(self) -> int:
        """How many draws go through the machine at a time."""
        return BATCH if self.few else 1

    @property
    def about(self) -> str:
        """A name for whatever decides the numbers besides seed, draws and versions."""
        s = self.settings
        tables = digest([{m: dict(t) for m, t in s.varying.items()}, np.asarray(s.group)])
        told = [
            self.scenario.model_dump_json(),
            {m: dict(v) for m, v in s.fixed.items()},
            tables,
            [[list(key), [repr(row) for row in rows]] for key, rows in s.spread.items()],
            [repr(d) for m in s.declares for d in (m.id, m.parameters)],
            installed.used(),
            self.dtype,
            self.yearly,
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def refuse_undeclared(self) -> None:
        """Refuse mechanisms of installed packages that use what they do not declare.

        Raises
        ------
        CaseError
            With every mistake of the packages.
        """
        step_checks.refuse_undeclared(self._base, self._prepared[0])

    def history(self, records: Mapping[str, Floats]) -> History:
        """Return records [draw, month, ...] with the labels of the scenario."""
        return history_of(self._base, records)

    @cached_property
    def _base(self) -> World:
        return world(self.scenario, 1, 0, jnp.dtype(self.dtype))

    @cached_property
    def _prepared(self) -> tuple[Any, Any, Any]:
        return prepared(self.settings, self._years, jnp.dtype(self.dtype))

    @property
    def _years(self) -> int:
        first, last = self.scenario.span
        return last - first + 1

    def _drawn(self, shard: Shard) -> tuple[Any, Any]:
        """Return the fixed settings and the tables of the shard's draws [draw, ...]."""
        years, dtype = self._years, jnp.dtype(self.dtype)
        numbers = prior_draws(self.settings, shard.seed, shard.last, shard.first)
        tables = own_tables(self.settings, shard.seed, shard.last, 12 * years, shard.first)
        fixed = jax.tree.map(lambda v: jnp.asarray(v, dtype), numbers)
        own = jax.tree.map(lambda v: jnp.asarray(v, dtype).reshape(shard.draws, years, 12, -1), tables)
        return fixed, own

    def _batch(self, shard: Shard, at: list[int], fixed: Any, own: Any) -> dict[str, Floats]:
        """Return the records of draws `at`, counted from the shard's first."""
        order = installed.order()
        _, varying, group = self._prepared
        here, mine = jax.tree.map(lambda v: v[jnp.asarray(at)], (fixed, own))
        dtype = jnp.dtype(self.dtype)
        fields_ = [noise(self.scenario, shard.seed, shard.first + d, dtype) for d in at]
        stacked = jax.tree.map(lambda *x: jnp.stack(x), *fields_)
        compiled = compiled_batch(order)
        found = compiled(self._base, stacked, here, varying, group, mine)
        records = {k: np.asarray(v) for k, v in found.items()}
        _refuse(records, self._base, fields_, here, (varying, mine), group, order)
        _give_back_once(order)
        return records

    def __reduce__(self) -> tuple[type["DrawTask"], tuple[Any, ...]]:
        # what is made of the fields is made again where it is needed
        return type(self), tuple(getattr(self, one.name) for one in fields(self))


@cache
def compiled_batch(order: Order) -> Any:
    """Return the compiled run of a batch of draws."""

    def batch(world: World, fields: Any, fixed: Any, varying: Tables, group: Any, own: Any) -> Any:
        def one(noise: Any, numbers: Any, tables: Tables) -> Any:
            given = replace(world, noise=noise)
            return simulate(given, numbers, merged(varying, tables), group, order)[1]

        return jax.vmap(one)(fields, fixed, own)

    return jax.jit(batch)


@cache
def _give_back_once(order: Order) -> None:
    """Give back what the compiler freed, after the first batch."""
    give_back()


def merged(varying: Tables, own: Tables) -> Tables:
    """Return the tables shared by all draws with those of one draw over them."""
    return {m: {**varying.get(m, {}), **own.get(m, {})} for m in {**varying, **own}}


def prepared(settings: Settings, years: int, dtype: Any) -> tuple[Any, Any, Any]:
    """Return fixed settings, tables [year, month, group] and groups as JAX arrays."""
    fixed = jax.tree.map(lambda v: jnp.asarray(v, dtype), settings.fixed)
    tables = jax.tree.map(lambda v: jnp.asarray(v, dtype).reshape(years, 12, -1), settings.varying)
    return fixed, tables, jnp.asarray(settings.group)


def history_of(base: World, records: Mapping[str, Floats]) -> History:
    """Return records [draw, month, ...] with the labels of a world."""
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


def _refuse(
    records: Mapping[str, Floats],
    base: World,
    fields: list[Any],
    fixed: Any,
    tables: Any,
    group: Any,
    order: Order,
) -> None:
    for at in range(len(records["population"])):
        bad = finite_checks.first_bad_month({k: v[at] for k, v in records.items()})
        if bad is not None:
            own = jax.tree.map(lambda v, a=at: v[a], fixed)
            varying = merged(tables[0], jax.tree.map(lambda v, a=at: v[a], tables[1]))
            raise finite_checks.error(replace(base, noise=fields[at]), own, varying, group, bad, order)
