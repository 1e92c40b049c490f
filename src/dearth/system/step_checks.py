"""Steps of installed mechanisms are compared with their declarations before a run is compiled."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from dearth.case.problems import CaseError, Problem
from dearth.system.flows import Flows, opening_ledger
from dearth.system.installed import Installed, installed
from dearth.system.level_parameters import parameters
from dearth.system.levels import Levels
from dearth.system.mechanism import Month, Settings
from dearth.system.run import World, month_of, noise_of
from dearth.system.state import State
from dearth.system.step_trace import FIELDS, fields_used


def refuse_undeclared(world: World, fixed: Mapping[str, Settings]) -> None:
    """Refuse mechanisms of installed packages that fail, change shapes, or use fields they do not declare.

    Parameters
    ----------
    fixed : settings by mechanism and parameter

    Raises
    ------
    CaseError
        With every mistake of the packages.
    """
    problems = [
        Problem(
            f"package {one.package}",
            f"mechanism '{one.mechanism.id}': {text}; correct the package, or remove it with 'pip uninstall "
            f"{one.package}'",
        )
        for one in installed()
        for text in _wrong(one, world, fixed)
    ]
    if problems:
        raise CaseError(problems)


def _wrong(one: Installed, world: World, fixed: Mapping[str, Settings]) -> list[str]:
    """Return what is wrong with the step of a mechanism."""
    mechanism, settings = one.mechanism, _settings(one, fixed, world.places.levels)
    read: set[str] = set()
    written: set[str] = set()
    for season in range(world.crop_calendar.many) if mechanism.when == "harvest" else (-1,):
        month = _month(world, season)
        flows = opening_ledger(
            world.opening.people,
            month.schedules.hazard,
            month.schedules.fertility,
            month.places,
            month.calendar,
        )
        try:
            given = (world.opening, flows, settings, settings["strength"], month)
            changed = _changed_shapes((world.opening, flows), jax.eval_shape(mechanism.step, *given))
            if changed:
                return changed
            used = fields_used(mechanism, world.opening, flows, settings, month)
        except Exception as error:  # a fault of the package must end in a message, not in a traceback
            return [f"its step fails ({type(error).__name__}: {' '.join(str(error).split())[:200]})"]
        read, written = read | used[0], written | used[1]
    more = ((written - set(mechanism.writes), "writes"), (read - set(mechanism.reads), "reads"))
    return [
        f"its step {verb} '{name}', which `{verb}` does not declare"
        for names, verb in more
        for name in sorted(names)
    ]


def _settings(one: Installed, fixed: Mapping[str, Settings], levels: Levels) -> Settings:
    """Return a setting for each parameter and the strength; those that vary by month are taken as 1."""
    names = [*(p.name for p in parameters(one.mechanism.parameters, levels)), "strength"]
    own = {name: fixed[one.mechanism.id].get(name, jnp.ones(())) for name in names}
    for setting in one.mechanism.shared:
        owner, _, name = setting.partition(".")
        own[name] = fixed[owner].get(name, jnp.ones(()))
    return own


def _month(world: World, season: int) -> Month:
    first = jax.tree.map(lambda v: v[0], noise_of(world))
    return month_of(world, 0, jnp.zeros((), jnp.int32), first, season)


def _kind(array: Any) -> str:
    return f"{array.dtype}{list(array.shape)}"


def _changed_shapes(before: tuple[State, Flows], after: Any) -> list[str]:
    """Return which fields come back with another shape or type."""
    if not (isinstance(after, tuple) and len(after) == 2):
        return ["its step must return the state and the flows"]
    if not (isinstance(after[0], State) and isinstance(after[1], Flows)):
        return ["its step must return the state and the flows, in this order"]
    pairs = zip(FIELDS, jax.tree.leaves(before), jax.tree.leaves(after), strict=True)
    return [
        f"its step was given '{name}' as {_kind(old)} and returns {_kind(new)}"
        for name, old, new in pairs
        if old.shape != new.shape or old.dtype != new.dtype
    ]
