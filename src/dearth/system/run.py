"""The run: months scanned, harvest months split out, years scanned over them.

A year is January to June, the summer harvest, July to October, the autumn harvest, November and December,
the turn of the year: three scans of the same month and no branch inside them. Each year is
rematerialised when gradients are taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from dearth.system.flows import Flows, opening_ledger
from dearth.system.mechanism import Mechanism, Month, Schedules
from dearth.system.order_of_month import ORDER
from dearth.system.places import Places
from dearth.system.recorded_variables import Records, joined, observe
from dearth.system.state import State

LEFT = (6, 5, 4, 3, 2, 1, 4, 3, 2, 1, 8, 7)  # months until the next harvest is in, this one counted
SPLITS = ((0, 6, 0), (6, 10, 1), (10, 12, -1))  # months of the year, and the harvest that ends them


@dataclass(frozen=True)
class World:
    """Everything a run is given besides its settings.

    Attributes
    ----------
    opening : the state on 1 January of the first year
    disaster : share of land struck by disaster [year, place]
    events : dated losses by event: month since the start, place, share of the crop
    noise : standard normal fields by name [year, harvest, ...]
    """

    opening: State
    places: Places
    schedules: Schedules
    disaster: Array
    events: Mapping[str, Array]
    noise: Mapping[str, Array]
    first_year: Array


jax.tree_util.register_dataclass(
    World,
    data_fields=["opening", "places", "schedules", "disaster", "events", "noise", "first_year"],
    meta_fields=[],
)


def perform(
    order: tuple[Mechanism, ...], when: str, state: State, settings: Mapping[str, Any], month: Month
) -> tuple[State, Flows]:
    """Let the mechanisms of `order` that act at `when` do their step, in that order.

    In gradients each step is done again from what it was given: keeping all it makes costs more.
    """
    flows = opening_ledger(state.people, month.schedules.hazard, month.places, month.calendar)
    for mechanism in order:
        if mechanism.when == when:
            own = mechanism.own_settings(settings)
            step = jax.checkpoint(mechanism.step, prevent_cse=False)
            state, flows = step(state, flows, own, own["strength"], month)
    return state, flows


def turned(state: State) -> State:
    """Close the harvest book of the year: it becomes the latest past harvest."""
    past = jnp.concatenate([state.reaped[None], state.past_harvests[:-1]])
    return replace(state, past_harvests=past, reaped=jnp.zeros_like(state.reaped))


def opened(state: State) -> State:
    """Open the counters of the next growing season."""
    return replace(state, damage=jnp.zeros_like(state.damage), season_work=jnp.zeros_like(state.season_work))


def settings_at(
    fixed: Mapping[str, Any], now: Mapping[str, Any], group: Array
) -> dict[str, dict[str, Array]]:
    """Return every mechanism's settings of a month: single numbers, and [place] where they vary."""
    placed = {m: {k: v[group] for k, v in table.items()} for m, table in now.items()}
    return {m: {**fixed[m], **placed.get(m, {})} for m in fixed}


def month_of(world: World, year: Any, index: Any, noise: Mapping[str, Array], season: int = -1) -> Month:
    """Return what steps know of month `index` (0-11) of year `year` (from 0), `noise` being the year's."""
    place = jnp.asarray(index, jnp.int32)
    here = {k: (v if k == "disaster" else v[max(season, 0)]) for k, v in noise.items()}
    return Month(
        index=year * 12 + place,
        calendar=place + 1,
        year=world.first_year + year,
        left=jnp.asarray(LEFT, world.places.urban.dtype)[place],
        season=season,
        noise=here,
        outside={"disaster": here["disaster"], **world.events},
        places=world.places,
        schedules=world.schedules,
    )


def noise_of(world: World) -> dict[str, Array]:
    """Return what the outside does, by year: random fields and disasters."""
    return {**world.noise, "disaster": world.disaster}


def simulate(
    world: World,
    fixed: Mapping[str, Any],
    varying: Mapping[str, Any],
    group: Array,
    order: tuple[Mechanism, ...] = ORDER,
) -> tuple[State, Records]:
    """Return the state at the end and the records [month, ...].

    Parameters
    ----------
    fixed, varying, group
        As in `settings.Settings`; varying as [year, month, group].
    order
        Mechanisms in their order; only tests leave some out.
    """

    def segment(state: State, xs: Any, split: tuple[int, int, int]) -> tuple[State, Records]:
        year, tables, noise = xs
        first, last, season = split

        def one(state: State, x: Any) -> tuple[State, Records]:
            index, now = x
            month = month_of(world, year, index, noise)
            after, flows = perform(order, "month", state, settings_at(fixed, now, group), month)
            return after, observe(state, after, flows, world.places)

        cut = jax.tree.map(lambda v: v[first:last], tables)
        state, records = jax.lax.scan(one, state, (jnp.arange(first, last), cut))
        now = settings_at(fixed, jax.tree.map(lambda v: v[last - 1], tables), group)
        month = month_of(world, year, last - 1, noise, season)
        after, flows = perform(order, "harvest" if season >= 0 else "year", state, now, month)
        records = joined(records, observe(state, after, flows, world.places))
        return (opened(after) if season >= 0 else turned(after)), records

    def one_year(state: State, xs: Any) -> tuple[State, Records]:
        parts = []
        for split in SPLITS:
            state, records = segment(state, xs, split)
            parts.append(records)
        return state, {k: jnp.concatenate([p[k] for p in parts]) for k in parts[0]}

    remade = jax.checkpoint(one_year, prevent_cse=False)  # the scan itself keeps forward and backward apart
    years = jnp.arange(world.disaster.shape[0])
    state, records = jax.lax.scan(remade, world.opening, (years, varying, noise_of(world)))
    return state, {k: v.reshape(-1, *v.shape[2:]) for k, v in records.items()}
