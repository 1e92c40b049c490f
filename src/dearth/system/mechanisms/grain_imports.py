"""Grain imports: ordered when the towns' cover runs out, arriving months later.

Large cities' cover under ten days triggers imports; decision December 1960, ships January 1961. Orders fill
the stock up to the cover and to what the towns eat until they arrive, as far as ports and money allow.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import least, positive
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.mechanisms.eating import DAYS
from dearth.system.state import State

PARAMETERS = (
    lever(
        "readiness", 0.0, 0.0, 1.0, "share", assumed(), "shortfall of cover that is ordered abroad in a month"
    ),
    Parameter(
        "cover",
        45.0,
        10.0,
        90.0,
        "days",
        recalled(),
        "towns' ration in stock below which grain is ordered",
    ),
    Parameter(
        "limit", 0.03, 0.01, 0.06, "share", assumed(), "normal harvest that can be ordered in a year at most"
    ),
    Parameter("lag", 2.0, 1.0, 6.0, "months", recalled(), "mean time from order to arrival"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Land what was on order and order what the cover lacks."""
    at = month.places
    daily = at.by_granary_area(p["ration"] / 365e3 * flows.present * at.urban)
    arrived = jnp.mean(strength / p["lag"]) * state.on_order
    lag = jnp.mean(p["lag"])
    wanted = (jnp.mean(p["cover"]) + lag * DAYS) * daily
    short = positive(wanted - state.granary - state.on_order, 0.05 * wanted + 1e-6)
    limit = jnp.mean(p["limit"]) / 12.0 * jnp.sum(at.harvest) * daily / (jnp.sum(daily) + 1e-6)
    ordered = least(jnp.mean(strength * p["readiness"]) * short, limit)
    state = replace(state, granary=state.granary + arrived, on_order=state.on_order - arrived + ordered)
    return state, replace(flows, imports=flows.imports + arrived)


MECHANISM = Mechanism(
    id="grain_imports",
    systems=("S1", "S9"),
    summary="Grain is ordered abroad when the towns' cover runs out and arrives months later.",
    group="trade",
    reads=("present", "granary", "on_order", "imports"),
    writes=("granary", "on_order", "imports"),
    parameters=PARAMETERS,
    shared=("urban_ration.ration",),
    step=step,
)
