"""Work laid up in the crop: the labour of the growing season and of the harvest window.

The season's mean labour enters the production function, that of the last two months the
harvest loss.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.system.flows import AGRICULTURE, Flows
from dearth.system.mechanism import Mechanism, Month, Settings
from dearth.system.state import State, per_head


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Add the month's farm work, in units of a normal month's."""
    done = strength * per_head(flows.labour[AGRICULTURE] * jnp.exp(flows.vigour), month.places.labour)
    window = state.window_work + 0.5 * (done - strength * state.window_work)
    return replace(state, season_work=state.season_work + done, window_work=window), flows


MECHANISM = Mechanism(
    id="field_work",
    systems=("S5",),
    summary="Farm work adds up over the growing season and the harvest window.",
    group="",
    reads=("labour", "vigour", "season_work", "window_work"),
    writes=("season_work", "window_work"),
    parameters=(),
    step=step,
)
