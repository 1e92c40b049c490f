"""Losses of stored grain, in rural places and in the state's granaries.

Households lose 6 % (4-13) of a harvest over the year, which is 1.1 % a month of what lies in
store; the state about 3 % a year.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import recalled
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (
    Parameter(
        "household",
        0.011,
        0.007,
        0.024,
        "share a month",
        recalled(),
        "stored grain lost in rural places",
    ),
    Parameter("state", 0.0025, 0.001, 0.005, "share a month", recalled(), "stored grain lost by the state"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Let rats, damp and insects have their share."""
    lost = strength * p["household"] * state.store
    gone = jnp.mean(strength * p["state"]) * state.granary
    state = replace(state, store=state.store - lost, granary=state.granary - gone)
    return state, replace(flows, lost=flows.lost + lost, lost_state=flows.lost_state + gone)


MECHANISM = Mechanism(
    id="storage",
    systems=("S9",),
    summary="Stored grain is lost to damp, rats and insects.",
    group="",
    reads=("store", "granary", "lost", "lost_state"),
    writes=("store", "granary", "lost", "lost_state"),
    parameters=PARAMETERS,
    step=step,
)
