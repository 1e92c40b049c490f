"""Births: pregnancies come to term nine months after conception.

Row 0 of the people takes the newborn of the calendar year; conceptions count children that
will be born alive.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np

from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Settings
from dearth.system.state import AGES, State

NEWBORN = (np.arange(AGES) == 0).astype(np.float32)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Deliver the pregnancies at term and bring the others a month nearer."""
    moved = strength * state.pregnancies
    waiting = state.pregnancies - moved
    waiting = waiting.at[:-1].add(moved[1:])
    girls = month.schedules.girls
    born = jnp.stack([moved[0] * girls, moved[0] * (1 - girls)])
    # added to every age, to none but the first: an update of one row would copy all the others
    people = state.people + born[:, None] * NEWBORN[:, None]
    state = replace(state, people=people, pregnancies=waiting)
    return state, replace(flows, births=flows.births + born)


MECHANISM = Mechanism(
    id="births",
    systems=("S16",),
    summary="Children are born nine months after they were conceived.",
    group="",
    reads=("people", "pregnancies", "births"),
    writes=("people", "pregnancies", "births"),
    parameters=(),
    step=step,
)
