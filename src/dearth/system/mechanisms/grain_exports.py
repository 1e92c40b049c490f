"""Grain exports: the year's plan and what debt service adds, shipped month by month.

A plan fixed a year ahead (see `export_plans`); first claim on the stock by default. As the towns' cover runs
down a part of it is forgone: f exp(-M / s), M being the months of the towns' ration in stock.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.numerics.smooth_thresholds import least
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever("planned", 1.0, 0.0, 1.5, "ratio", assumed(), "export ordered over the plan; 0 stops it"),
    Parameter("forgone", 0.5, 0.0, 1.0, "share", assumed(), "f: exports left out when the stock is gone"),
    lever("reach", 0.3, 0.0, 0.95, "share a month", assumed(), "state stock that exports may draw at most"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Ship abroad from each granary in proportion to its stock."""
    total = jnp.sum(state.granary)
    month_of_towns = jnp.sum(p["ration"] / 12000.0 * flows.present * month.places.urban)
    months = jnp.minimum(total / (month_of_towns + 1e-6), 120.0)
    low = jnp.mean(p["forgone"]) * jnp.exp(-months / jnp.mean(p["slack"]))
    planned = state.export_plan / 12.0 + flows.export_order
    order = jnp.mean(p["planned"] * strength) * (1 - low) * planned
    shipped = least(order, jnp.mean(p["reach"]) * total)
    gone = shipped * state.granary / (total + 1e-9)
    return replace(state, granary=state.granary - gone), replace(flows, exports=flows.exports + gone)


MECHANISM = Mechanism(
    id="grain_exports",
    systems=("S1", "S9"),
    summary="Planned grain exports leave the state's stock month by month.",
    group="trade",
    reads=("present", "export_plan", "export_order", "granary", "exports"),
    writes=("granary", "exports"),
    parameters=PARAMETERS,
    shared=("urban_ration.ration", "urban_ration.slack"),
    step=step,
)
