"""Dated local events: a storm, flood or hail that takes part of the standing crop (and of the store).

Damage of dated events: damage' = 1 - (1 - damage)(1 - strength * loss).
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (
    Parameter(
        "severity", 1.0, 0.5, 1.5, "ratio", assumed(), "loss that happened over the loss the scenario states"
    ),
    Parameter(
        "stored",
        0.1,
        0.0,
        0.3,
        "ratio",
        assumed(),
        "share of stored grain lost over the share of the crop lost",
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Take this month's dated losses from crop and store; `outside` holds month, place and loss by event."""
    now = month.outside["event_month"] == month.index
    losses = jnp.where(now, month.outside["event_loss"], 0.0)
    struck = jnp.zeros_like(state.damage).at[month.outside["event_place"]].add(losses)
    loss = strength * p["severity"] * struck
    spoiled = p["stored"] * loss * state.store
    state = replace(
        state, damage=1 - (1 - state.damage) * (1 - jnp.minimum(loss, 1.0)), store=state.store - spoiled
    )
    return state, replace(flows, lost=flows.lost + spoiled)


MECHANISM = Mechanism(
    id="local_events",
    systems=("S11",),
    summary="Dated storms, floods and hail take a share of the standing crop and of the store.",
    group="weather",
    reads=("damage", "store", "lost"),
    writes=("damage", "store", "lost"),
    parameters=PARAMETERS,
    step=step,
)
