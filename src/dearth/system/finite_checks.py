"""Finite checks: a history with a figure that is not a number is refused, and its origin is named."""

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np

from dearth.case.problems import CaseError, mistake
from dearth.system.flows import opening_ledger
from dearth.system.mechanism import Mechanism
from dearth.system.order_of_month import ORDER
from dearth.system.run import World, closed, month_of, noise_of, perform, settings_at

Named = tuple[str, str, str]  # mechanism, place, variable


def first_bad_month(records: Mapping[str, Any]) -> int | None:
    """Return the first month in which a record [month, ...] is not finite; None if all are."""
    found = None
    for rows in records.values():
        bad = ~np.isfinite(np.asarray(rows)).reshape(len(rows), -1).all(axis=1)
        if bad.any():
            first = int(bad.argmax())
            found = first if found is None else min(found, first)
    return found


def error(
    world: World,
    fixed: Mapping[str, Any],
    varying: Mapping[str, Any],
    group: Any,
    month: int,
    order: tuple[Mechanism, ...] = ORDER,
) -> CaseError:
    """Return the error that names mechanism, place and month, by replaying the run up to `month`."""
    year, index = divmod(month, 12)
    when = f"{int(world.first_year) + year}-{index + 1:02d}"
    named = _replay(world, fixed, varying, group, month, order)
    mechanism, place, variable = named or ("the run", "somewhere", "a number")
    return mistake(
        "simulate",
        f"{mechanism} made {variable} of {place} not a number in {when}; "
        "set its parameters within the ranges of 'dearth mechanisms'",
    )


def _replay(
    world: World, fixed: Any, varying: Any, group: Any, until: int, order: tuple[Mechanism, ...]
) -> Named | None:
    state = world.opening
    monthly = jax.jit(lambda s, now, m: perform(order, "month", s, now, m)[0])
    ends = {part.end - 1: part.events for part in world.crop_calendar.parts}
    for month in range(until + 1):
        year, index = divmod(month, 12)
        noise = jax.tree.map(lambda v, y=year: v[y], noise_of(world))
        now = settings_at(fixed, jax.tree.map(lambda v, y=year, i=index: v[y, i], varying), group)
        at = month_of(world, year, index, noise)
        if month == until:
            named = _one_by_one(order, "month", state, now, at)
            if named:
                return named
        state = monthly(state, now, at)
        for when, season in ends.get(index, ()):
            at = month_of(world, year, index, noise, season)
            if month == until:
                named = _one_by_one(order, when, state, now, at)
                if named:
                    return named
            state = closed(perform(order, when, state, now, at)[0], when)
    return None


def _one_by_one(order: tuple[Mechanism, ...], when: str, state: Any, now: Any, month: Any) -> Named | None:
    flows = opening_ledger(
        state.people, month.schedules.hazard, month.schedules.fertility, month.places, month.calendar
    )
    for mechanism in order:
        if mechanism.when != when:
            continue
        own = mechanism.own_settings(now)
        state, flows = mechanism.step(state, flows, own, own["strength"], month)
        for part in (state, flows):
            for name in part.__dataclass_fields__:
                values = np.asarray(getattr(part, name))
                if not np.isfinite(values).all():
                    return mechanism.id, _place(month.places, values), name
    return None


def _place(places: Any, values: Any) -> str:
    """Return the name of the first place (or granary area) whose figure is not a number."""
    where = int(np.argwhere(~np.isfinite(np.atleast_1d(values)))[0][-1])
    length = values.shape[-1] if values.ndim else 0
    if length == len(places.names):
        return str(places.names[where])
    return str(places.granary_areas[where]) if length == len(places.granary_areas) else "the whole"
