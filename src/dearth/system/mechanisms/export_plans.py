"""The export plan of the next year, set on the harvest the centre believes in.

X' = X e^g (E_c / (Y e^(2g)))^xi, Y the mean of the three harvests before and g the usual growth of yields: a
harvest that keeps to its trend lets exports grow as it does.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import CENTRE, State

MIDDLE = 2  # years from the middle of the three harvests before to the one believed in
PARAMETERS = (
    Parameter("xi", 1.5, 1.0, 2.0, "elasticity", assumed(), "exports planned, by harvest believed"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Set the plan in December from belief over the trend of the harvests of the three years before."""
    believed = jnp.sum(state.beliefs[CENTRE])
    before = jnp.sum(jnp.mean(state.past_harvests, axis=0))
    growth = jnp.mean(p["growth"])
    change = jnp.log((jnp.maximum(believed, 0.0) + 1.0) / (before + 1.0)) - MIDDLE * growth
    grown = jnp.mean(strength) * growth + jnp.mean(strength * p["xi"]) * jnp.clip(change, -2.0, 2.0)
    plan = state.export_plan * jnp.exp(grown)
    return replace(state, export_plan=plan), flows


MECHANISM = Mechanism(
    id="export_plans",
    systems=("S1", "S8"),
    summary="Next year's grain exports follow the harvest the centre believes in.",
    group="trade",
    reads=("beliefs", "past_harvests", "export_plan"),
    writes=("export_plan",),
    parameters=PARAMETERS,
    shared=("harvest.growth",),
    step=step,
    when="year",
)
