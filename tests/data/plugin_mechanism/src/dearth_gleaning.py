"""Gleaning: after a harvest, households collect by hand grain that was left in the field."""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (
    Parameter(
        "share", 0.01, 0.0, 0.05, "share of the harvest", assumed(), "grain gleaned over grain harvested"
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Add gleaned grain to the stores; it is output, and no office knows of it."""
    gleaned = strength * p["share"] * flows.output
    state = replace(state, store=state.store + gleaned)
    return state, replace(flows, output=flows.output + gleaned)


MECHANISM = Mechanism(
    id="gleaning",
    systems=("S5",),
    summary="Households glean grain that the harvest left in the field.",
    group="",
    reads=("output", "store"),
    writes=("output", "store"),
    parameters=PARAMETERS,
    step=step,
    when="harvest",
    form=assumed(),
    after="harvest",
)
