"""The run: months are scanned between the harvests of a year, and years are scanned over them.

The crop calendar of the scenario says which months end with a harvest. Each part of a year is a scan of the
same month, without a branch inside it. Each year is computed again when gradients are taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from dearth.system.crop_calendar import CropCalendar, Part
from dearth.system.flows import Flows, opening_ledger
from dearth.system.mechanism import Mechanism, Month, Schedules
from dearth.system.order_of_month import ORDER
from dearth.system.places import Places
from dearth.system.recorded_variables import Records, joined, observe
from dearth.system.state import State


@dataclass(frozen=True)
class World:
    """Everything a run is given besides its settings.

    Attributes
    ----------
    opening : the state on 1 January of the first year
    disaster : share of land struck by disaster [year, place]
    events : dated losses by event: month since the start, place, share of the crop
    noise : standard normal fields by name [year, harvest, ...]
    fall : yearly fall of the log of the normal hazard of death []
    crop_calendar : harvests of the year and what falls into which month
    """

    opening: State
    places: Places
    schedules: Schedules
    disaster: Array
    events: Mapping[str, Array]
    noise: Mapping[str, Array]
    first_year: Array
    fall: Array
    crop_calendar: CropCalendar


jax.tree_util.register_dataclass(
    World,
    data_fields=["opening", "places", "schedules", "disaster", "events", "noise", "first_year", "fall"],
    meta_fields=["crop_calendar"],
)


def perform(
    order: tuple[Mechanism, ...], when: str, state: State, settings: Mapping[str, Any], month: Month
) -> tuple[State, Flows]:
    """Let the mechanisms of `order` that act at `when` do their step, in that order.

    In gradients each step is done again from what it was given: keeping all it makes costs more.
    """
    flows = opening_ledger(
        state.people, month.schedules.hazard, month.schedules.fertility, month.places, month.calendar
    )
    for mechanism in order:
        if mechanism.when == when:
            own = mechanism.own_settings(settings)
            step = jax.checkpoint(mechanism.step, prevent_cse=False)
            state, flows = step(state, flows, own, own["strength"], month)
    return state, flows


def closed(state: State, when: str) -> State:
    """Return the state after a harvest or the end of a year, its counters set back.

    After a harvest the next growing season begins; at the end of the year its harvest becomes the latest of
    the past ones.
    """
    if when == "harvest":
        none = jnp.zeros_like(state.damage)
        return replace(state, damage=none, season_work=jnp.zeros_like(state.season_work))
    past = jnp.concatenate([state.reaped[None], state.past_harvests[:-1]])
    return replace(state, past_harvests=past, reaped=jnp.zeros_like(state.reaped))


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
        left=jnp.asarray(world.crop_calendar.left, world.places.urban.dtype)[place],
        season=season,
        noise=here,
        outside={"disaster": here["disaster"], **world.events},
        places=world.places,
        schedules=replace(world.schedules, hazard=world.schedules.hazard * jnp.exp(-world.fall * year)),
        crop_calendar=world.crop_calendar,
    )


def noise_of(world: World) -> dict[str, Array]:
    """Return what the outside does, by year: random fields, and disasters unless a draw has its own."""
    return {"disaster": world.disaster, **world.noise}


def simulate(
    world: World,
    fixed: Mapping[str, Any],
    varying: Mapping[str, Any],
    group: Array,
    order: tuple[Mechanism, ...] = ORDER,
    span: tuple[int, int] | None = None,
) -> tuple[State, Records]:
    """Return the state at the end and the records [month, ...].

    Parameters
    ----------
    fixed, varying, group
        As in `settings.Settings`; varying as [year, month, group].
    order
        Mechanisms in their order; only tests leave some out.
    span
        First year of the run, from 0, and the one after its last; `world.opening` is the state at its start.
        None runs all years.
    """
    first_year, end = (0, world.disaster.shape[0]) if span is None else span

    def months(state: State, xs: Any, part: Part) -> tuple[State, Records]:
        year, tables, noise = xs
        first, last, events = part

        def one(state: State, x: Any) -> tuple[State, Records]:
            index, now = x
            month = month_of(world, year, index, noise)
            after, flows = perform(order, "month", state, settings_at(fixed, now, group), month)
            return after, observe(state, after, flows, world.places)

        cut = jax.tree.map(lambda v: v[first:last], tables)
        state, records = jax.lax.scan(one, state, (jnp.arange(first, last), cut))
        now = settings_at(fixed, jax.tree.map(lambda v: v[last - 1], tables), group)
        for when, season in events:
            month = month_of(world, year, last - 1, noise, season)
            after, flows = perform(order, when, state, now, month)
            records = joined(records, observe(state, after, flows, world.places))
            state = closed(after, when)
        return state, records

    def one_year(state: State, xs: Any) -> tuple[State, Records]:
        found = []
        for part in world.crop_calendar.parts:
            state, records = months(state, xs, part)
            found.append(records)
        return state, {k: jnp.concatenate([p[k] for p in found]) for k in found[0]}

    remade = jax.checkpoint(one_year, prevent_cse=False)  # the scan itself keeps forward and backward apart
    inputs = (varying, noise_of(world))
    if span is not None:
        inputs = jax.tree.map(lambda v: v[first_year:end], inputs)
    state, records = jax.lax.scan(remade, world.opening, (jnp.arange(first_year, end), *inputs))
    return state, {k: v.reshape(-1, *v.shape[2:]) for k, v in records.items()}
