"""What the tests of the food system share: short scenarios, a busy month, a bare place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import combinations
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.read import find
from dearth.system.draws import prepared
from dearth.system.flows import Flows, opening_ledger
from dearth.system.initial_state import world
from dearth.system.mechanism import Mechanism, Month
from dearth.system.order_of_month import ORDER
from dearth.system.run import World, closed, month_of, noise_of, perform, settings_at, simulate
from dearth.system.scenario import Dated, Event, Scenario, read_scenario, settled
from dearth.system.setting_names import defaults
from dearth.system.state import State

BY_ID = {m.id: m for m in ORDER}
ERRORS = ("error_place_grain", "error_state_grain", "error_people")


@cache
def valley() -> Scenario:
    return read_scenario(find("valley"))


def between(first: int, last: int) -> Scenario:
    """Return valley cut to some years, dated settings that reach over an end cut with it."""
    whole = valley()

    def inside(month: str | None, edge: str) -> str | None:
        return None if month is None or not first <= int(month[:4]) <= last else month

    dated = []
    for d in whole.timeline:
        outside = (d.first and int(d.first[:4]) > last) or (d.last and int(d.last[:4]) < first)
        if not outside:
            dated.append(
                d.model_copy(update={"first": inside(d.first, "from"), "last": inside(d.last, "to")})
            )
    return whole.model_copy(
        update={
            "years": f"{first}-{last}",
            "timeline": tuple(dated),
            "disasters": tuple(d for d in whole.disasters if first <= d.year <= last),
            "events": tuple(e for e in whole.events if first <= int(e.month[:4]) <= last),
        }
    )


def two_provinces(first: int, last: int) -> Scenario:
    """Return valley with half its communes and a second town in another region, its people unlike in need.

    Grain is ordered abroad in every month in which cover is short, a storm strikes in the last September, and
    the state wants so much in reserve that it asks for more than the quotas.
    """
    part = between(first, last)
    *communes, town = part.places
    half = len(communes) // 2
    towns = [
        town.model_copy(update={"name": name, "people": town.people / 2}) for name in (town.name, "Weir")
    ]
    north = [p.model_copy(update={"within": {"region": "North"}}) for p in (*communes[:half], towns[0])]
    south = [p.model_copy(update={"within": {"region": "South"}}) for p in (*communes[half:], towns[1])]
    storm = Event(month=f"{last}-09", place=communes[0].name, kind="storm", loss=0.2, source="assumed")
    ready = Dated(
        set={
            "grain_imports.readiness": 0.5,
            "needs.form": "by_age",
            "false_reports.answer": 0.3,
            "supplementary_quotas.reserve": 60.0,
        },
        source="assumed",
    )
    return part.model_copy(
        update={
            "places": (*north, *south),
            "events": (*part.events, storm),
            "timeline": (*part.timeline, ready),
        }
    )


def unequal(args: tuple[World, Any, Any, Any]) -> tuple[World, Any, Any, Any]:
    """Return inputs with next to nothing in the first region's granary."""
    base, *rest = args
    granary = base.opening.granary.at[0].multiply(0.02)
    return replace(base, opening=replace(base.opening, granary=granary)), *rest


def inputs(scenario: Scenario, dtype: Any = jnp.float64, seed: int = 1) -> tuple[World, Any, Any, Any]:
    """Return world, fixed settings, tables and groups of a scenario as it was."""
    first, last = scenario.span
    return world(scenario, seed, 0, dtype), *prepared(settled(scenario), last - first + 1, dtype)


@dataclass(frozen=True)
class Moment:
    """What a mechanism is given in a month of the crisis."""

    state: State
    flows: Flows
    settings: Mapping[str, Any]
    month: Month


@cache
def moments() -> dict[str, Moment]:
    """Return, by mechanism, the moment before its step in autumn and December of two regions' crisis."""
    with jax.enable_x64(True):
        base, fixed, tables, group = unequal(inputs(two_provinces(1909, 1911)))
        monthly = jax.jit(lambda s, now, m: perform(ORDER, "month", s, now, m)[0])
        found: dict[str, Moment] = {}
        state = base.opening
        for month in range(36):
            year, index = divmod(month, 12)
            noise = jax.tree.map(lambda v, y=year: v[y], noise_of(base))
            now = settings_at(fixed, jax.tree.map(lambda v, y=year, i=index: v[y, i], tables), group)
            at = month_of(base, year, index, noise)
            if month == 2:  # what the low granary had ordered in January is due
                found["grain_imports"] = _before_each("month", state, now, at)["grain_imports"]
            if month == 32:  # September of the last year: halls and furnaces work, a storm strikes
                found = _before_each("month", state, now, at) | found
            state = monthly(state, now, at)
            if index in (5, 9, 11):
                when, season = {5: ("harvest", 0), 9: ("harvest", 1), 11: ("year", -1)}[index]
                at = month_of(base, year, index, noise, season)
                if month in (33, 35):
                    found |= _before_each(when, state, now, at)
                state = closed(perform(ORDER, when, state, now, at)[0], when)
        return found


def _before_each(when: str, state: State, now: Any, month: Month) -> dict[str, Moment]:
    found = {}
    flows = opening_ledger(
        state.people, month.schedules.hazard, month.schedules.fertility, month.places, month.calendar
    )
    for m in ORDER:
        if m.when == when:
            own = m.own_settings(now)
            found[m.id] = Moment(state, flows, own, month)
            state, flows = m.step(state, flows, own, own["strength"], month)
    return found


@cache
def bare() -> tuple[State, Month]:
    """Return two communes of one county and a town, 1000 persons each, as a normal January leaves them."""
    with jax.enable_x64(True):
        scenario = valley().model_copy(
            update={
                "years": "1904-1904", "timeline": (), "disasters": (), "events": (),
                "places": tuple(
                    valley().places[at].model_copy(update={
                        "people": 1000, "land_ha": 250, "yield_kg_ha": 1460, "km": 0})
                    for at in (0, 1, 12)
                ),
            }
        )  # fmt: skip
        base = world(scenario, 1, 0, jnp.float64)
        noise = jax.tree.map(lambda v: v[0], noise_of(base))
        plain: tuple[State, Month] = jax.tree.map(np.asarray, (base.opening, month_of(base, 0, 0, noise)))
        return plain


def done(
    name: str, state: Mapping[str, Any] | None = None, flows: Mapping[str, Any] | None = None,
    strength: float = 1.0, calendar: int = 1, season: int = -1, outside: Mapping[str, Any] | None = None,
    noise: Mapping[str, Any] | None = None, km: float = 0.0, need_at_start: float | None = None,
    left: int | None = None, **settings: Any,
) -> tuple[State, Flows]:  # fmt: skip
    """Do one step of a mechanism at the bare places; numbers given stand for every place (or entry)."""
    with jax.enable_x64(True):
        opening, month = jax.tree.map(jnp.asarray, bare())
        places = replace(month.places, km=km + jnp.zeros_like(month.places.km))
        if need_at_start is not None:
            places = replace(places, need=_like(places.need, need_at_start))
        month = replace(
            month, calendar=jnp.asarray(calendar), season=season, places=places,
            left=month.left if left is None else jnp.asarray(float(left)),
            outside={**month.outside, **{k: jnp.asarray(v) for k, v in (outside or {}).items()}},
            noise={**month.noise, **{k: jnp.asarray(v) for k, v in (noise or {}).items()}},
        )  # fmt: skip
        before = replace(opening, **{k: _like(getattr(opening, k), v) for k, v in (state or {}).items()})
        ledger = opening_ledger(
            before.people, month.schedules.hazard, month.schedules.fertility, places, month.calendar
        )
        ledger = replace(ledger, **{k: _like(getattr(ledger, k), v) for k, v in (flows or {}).items()})
        own = {k: jnp.asarray(v) for k, v in ({**BY_ID[name].own_settings(defaults())} | settings).items()}
        after = BY_ID[name].step(before, ledger, own, jnp.asarray(strength), month)
        plain: tuple[State, Flows] = jax.tree.map(np.asarray, after)
        return plain


def _like(array: jax.Array, value: Any) -> jax.Array:
    return jnp.broadcast_to(jnp.asarray(value, array.dtype), array.shape)


def names(part: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(part))


def masked(present: jax.Array) -> tuple[Mechanism, ...]:
    """Return the month's order with mechanism i left out where `present`[i] is 0: one program for all."""

    def step_of(at: int, m: Mechanism) -> Callable[..., tuple[State, Flows]]:
        def step(state: Any, flows: Any, p: Any, strength: Any, month: Any) -> tuple[State, Flows]:
            after = m.step(state, flows, p, strength, month)
            kept: tuple[State, Flows] = jax.tree.map(
                lambda new, old: jnp.where(present[at] > 0, new, old), after, (state, flows)
            )
            return kept

        return step

    return tuple(replace(m, step=step_of(at, m)) for at, m in enumerate(ORDER))


def covering(factors: int) -> np.ndarray:
    """Return rows of switches in which every pair of factors takes all four values.

    Columns are distinct sets of n/2 - 1 rows besides the first (Kleitman & Spencer 1973): no two are nested.
    """
    rows = next(n for n in range(4, 40) if len(list(combinations(range(n - 1), n // 2 - 1))) >= factors)
    table = np.zeros((rows, factors))
    for column, chosen in zip(range(factors), combinations(range(1, rows), rows // 2 - 1), strict=False):
        table[[0, *chosen], column] = 1
    for one, other in combinations(range(factors), 2):
        assert len(np.unique(table[:, [one, other]], axis=0)) == 4
    return table


def with_strengths(fixed: Any, strengths: Any) -> Any:
    """Return fixed settings with the strengths [mechanism] in the month's order."""
    return {m.id: {**fixed[m.id], "strength": strengths[at]} for at, m in enumerate(ORDER)}


def records(args: tuple[World, Any, Any, Any]) -> dict[str, np.ndarray]:
    return {k: np.asarray(v) for k, v in jax.jit(simulate)(*args)[1].items()}
