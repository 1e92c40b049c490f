"""Grain that teams and households conceal at the harvest, the more the hungrier they were.

0-15 % of output; hidden = 1 - (1 - s) exp(-h want), want = (1 - energy of the last months / enough)+. It
stays in the village, is eaten in want and can be found by searches (see `collection`).

References
----------
thaxton2008
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.numerics.smooth_thresholds import positive
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (
    Parameter("share", 0.04, 0.0, 0.15, "share", assumed(), "harvest that teams conceal"),
    Parameter(
        "hoarding",
        0.4,
        0.0,
        0.8,
        "ratio",
        assumed("thaxton2008", note="the work tells of concealment in hunger, not of its size"),
        "more of the harvest concealed by want, 1 being nothing to eat",
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Move part of the harvest just reaped from the store to the concealed stock."""
    want = positive(1 - state.energy_past / p["enough"], 0.02)
    hidden = strength * (1 - (1 - p["share"]) * jnp.exp(-p["hoarding"] * want)) * flows.output
    return replace(state, store=state.store - hidden, concealed=state.concealed + hidden), flows


MECHANISM = Mechanism(
    id="concealment",
    systems=("S8", "S9"),
    summary="Teams and households conceal part of the harvest, more of it in hunger.",
    group="reports",
    reads=("output", "energy_past", "store", "concealed"),
    writes=("store", "concealed"),
    parameters=PARAMETERS,
    shared=("feeding.enough",),
    step=step,
    when="harvest",
)
