"""State grain moved between granary areas: stocks drift towards the needs of towns and people.

A share of the gap a month, a little lost on the way.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever("rate", 0.15, 0.0, 0.5, "share a month", assumed(), "gap to the stock needed that is moved"),
    Parameter(
        "lost", 0.01, 0.0, 0.03, "share", assumed(), "state grain lost on the way between granary areas"
    ),
    Parameter(
        "rural_weight", 0.1, 0.0, 0.3, "ratio", assumed(), "claim of a countryman over that of a townsman"
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Move grain between the granaries of the state."""
    at = month.places
    claim = at.by_granary_area(flows.present * (at.urban + p["rural_weight"] * at.rural))
    share = claim / (jnp.sum(claim) + 1e-6)
    # a rate of the whole: means over places, so that a setting by place moves its own area most
    rate = strength * p["rate"] * jnp.ones_like(at.urban)
    rate = at.by_granary_area(rate) / jnp.maximum(at.by_granary_area(jnp.ones_like(at.urban)), 1.0)
    lost = jnp.mean(p["lost"])
    out = rate * jnp.maximum(state.granary - share * jnp.sum(state.granary), 0.0)
    gap = jnp.maximum(share * jnp.sum(state.granary) - state.granary, 0.0)
    short = jnp.sum(gap) + 1e-9
    into = (1 - lost) * jnp.sum(out) * gap / short
    # the sliver that no granary is short enough to take is not sent
    out = out * jnp.sum(gap) / short
    gone = lost * out
    state = replace(state, granary=state.granary - out + into)
    flows = replace(
        flows,
        moved_out=flows.moved_out + out - gone,
        moved_in=flows.moved_in + into,
        lost_state=flows.lost_state + gone,
    )
    return state, flows


MECHANISM = Mechanism(
    id="shipments",
    systems=("S10",),
    summary="The centre moves state grain between granary areas.",
    group="relief",
    reads=("present", "granary", "moved_out", "moved_in", "lost_state"),
    writes=("granary", "moved_out", "moved_in", "lost_state"),
    parameters=PARAMETERS,
    step=step,
)
