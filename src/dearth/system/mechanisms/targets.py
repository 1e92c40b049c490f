"""Targets: what the centre believes a place can yield is asked of it next year, and every level adds to it.

"Each level adds a tenth" is the stylised account of how figures grew on their way; the target
of a year is the harvest the centre believed, raised by its ambition, then by each level on
the way down. `false_reports.answer` says how far reports answer a target that is out of reach.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Settings, lever
from dearth.system.state import CENTRE, State

PARAMETERS = (
    lever("ambition", 0.0, -0.1, 0.7, "log ratio", assumed(), "asked by the centre beyond what it believes"),
    lever(
        "raised",
        0.0,
        0.0,
        0.15,
        "log ratio",
        recalled(note="that each level adds a tenth is a stylised account"),
        "added by each level on the way down",
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Set next year's targets of every level below the centre when the last harvest is reported."""
    if not month.after_last_harvest:
        return state, flows
    asked = state.beliefs[CENTRE] * jnp.exp(p["ambition"]) * month.places.rural
    # the highest level below the centre is asked what the centre wants, the others what those above them add
    above = reversed(range(len(state.targets)))
    handed = jnp.stack([asked * jnp.exp(levels * p["raised"]) for levels in above])
    return replace(state, targets=state.targets + strength * (handed - state.targets)), flows


MECHANISM = Mechanism(
    id="targets",
    systems=("S8",),
    summary="What the centre believes, raised on its way down, is next year's target of each level.",
    group="reports",
    reads=("beliefs", "targets"),
    writes=("targets",),
    parameters=PARAMETERS,
    step=step,
    when="harvest",
)
