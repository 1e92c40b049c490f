"""Seed grain: what the next crop needs is taken from the store after each harvest.

90-130 kg a hectare, about 7 % of output. Hungry people keep back a part of it and eat it. What is not sown
shortens the next harvest.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import least, positive, ratio
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (
    Parameter("seed_rate", 110.0, 90.0, 130.0, "kg/ha", recalled(), "seed of a hectare sown"),
    Parameter(
        "seed_eaten",
        0.3,
        0.0,
        0.6,
        "share",
        assumed(),
        "seed kept back and eaten, 1 being nothing else to eat",
    ),
    Parameter("reach", 0.6, 0.4, 0.8, "share", assumed(), "store that may go into the ground at most"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Sow for the next harvest and open the counters of its season."""
    at = month.places
    share = at.shares[(month.season + 1) % month.crop_calendar.many]
    need = p["seed_rate"] * at.land * state.sown * share / 1000.0
    want = positive(1 - state.energy_past / p["enough"], 0.02)
    wanted = need * jnp.exp(-p["seed_eaten"] * want)
    taken = strength * least(wanted, p["reach"] * state.store)
    missing = ratio(strength * need - taken, need)
    state = replace(state, store=state.store - taken, seeded=1 - missing)
    return state, replace(flows, seed=flows.seed + taken)


MECHANISM = Mechanism(
    id="sowing",
    systems=("S5",),
    summary="Seed for the next crop is taken from the store; what is missing or eaten is not sown.",
    group="",
    reads=("store", "sown", "seed", "energy_past"),
    writes=("store", "seeded", "seed"),
    parameters=PARAMETERS,
    shared=("feeding.enough",),
    step=step,
    when="harvest",
)
