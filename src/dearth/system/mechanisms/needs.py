"""Needs by age and sex: how much the people of a place need, beside those who lived there at the start.

`alike` (one representative need a person): as at the start. `by_age`: of the
mean need, a child to 4 takes 0.5, one of 5-9 0.7, of 10-14 0.9, a man 1.25, a woman 1.0, the old from 60 on
0.8; over their mean at the start, so that every norm and need of other mechanisms is that of the people of
the start. Where a famine takes the youngest and the oldest, or few are born, those left need more a head.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import recalled
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Settings, choice
from dearth.system.state import State, per_head

PARAMETERS = (choice("form", "alike", ("alike", "by_age"), recalled(), "whose need the norms stand for"),)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Say by how much the need of an average head differs from that of the start."""
    start = month.places.need
    beyond = per_head(flows.mouths - start * flows.present, flows.present) / start
    beyond = jnp.where(jnp.round(p["form"]) == 1, beyond, 0.0)
    return state, replace(flows, need=flows.need + strength * beyond)


MECHANISM = Mechanism(
    id="needs",
    systems=("S16", "S10"),
    summary="What people need may follow their ages and sexes: eating, strength and wasting answer to it.",
    group="",
    reads=("present", "mouths", "need"),
    writes=("need",),
    parameters=PARAMETERS,
    step=step,
)
