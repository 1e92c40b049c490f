"""Which fields a step reads and writes, found from its trace."""

from collections.abc import Mapping
from typing import Any

import jax

from dearth.system.flows import FLOW_FIELDS, Flows
from dearth.system.mechanism import Mechanism, Month
from dearth.system.state import STATE_FIELDS, State

FIELDS = (*STATE_FIELDS, *FLOW_FIELDS)


def fields_used(
    mechanism: Mechanism, state: State, flows: Flows, settings: Mapping[str, Any], month: Month
) -> tuple[set[str], set[str]]:
    """Return the fields of State and Flows that a step reads, and those that it writes.

    A field is written where the step returns another array than it was given. A field is read where an array
    that is written depends on it.
    """

    def step(state: State, flows: Flows) -> Any:
        return mechanism.step(state, flows, settings, settings["strength"], month)

    jaxpr = jax.make_jaxpr(step)(state, flows).jaxpr
    pairs = list(zip(FIELDS, jaxpr.invars, jaxpr.outvars, strict=True))
    written = {name for name, before, after in pairs if after is not before}
    needed = _needed(jaxpr, [after for name, _, after in pairs if name in written])
    return {name for name, before, _ in pairs if before in needed}, written


def _needed(jaxpr: Any, outputs: list[Any]) -> set[Any]:
    """Return the variables that the outputs depend on; an equation that calls others is taken as a whole."""
    wanted = {v for v in outputs if not hasattr(v, "val")}
    for equation in reversed(jaxpr.eqns):
        if any(v in wanted for v in equation.outvars):
            wanted |= {v for v in equation.invars if not hasattr(v, "val")}
    return wanted
