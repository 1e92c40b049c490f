"""Grain that teams conceal at the harvest.

0-15 % of output, more where quotas bite. It stays in the village, is eaten in want and can
be found by searches (see `collection`).
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (Parameter("share", 0.04, 0.0, 0.15, "share", assumed(), "harvest that teams conceal"),)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Move part of the harvest just reaped from the store to the concealed stock."""
    hidden = strength * p["share"] * flows.output
    return replace(state, store=state.store - hidden, concealed=state.concealed + hidden), flows


MECHANISM = Mechanism(
    id="concealment",
    systems=("S8", "S9"),
    summary="Teams conceal part of the harvest.",
    group="reports",
    reads=("output", "store", "concealed"),
    writes=("store", "concealed"),
    parameters=PARAMETERS,
    step=step,
    when="harvest",
)
