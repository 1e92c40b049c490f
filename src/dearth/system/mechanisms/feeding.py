"""Feed and animals: what draft animals and pigs eat, how herds shrink in want, and the meat that this gives.

Feed 8 % of output in normal years, 3-4 % in crisis: in want people keep grain from the animals. What is
slaughtered is eaten in part; the rest is sold, spoils or starves. With enough to eat herds are bred back.

References
----------
keen1993
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import least, positive
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.mechanisms.eating import DAYS
from dearth.system.state import State, per_head

PARAMETERS = (
    Parameter("feed", 0.08, 0.03, 0.12, "share", recalled(), "normal harvest fed to normal herds in a year"),
    Parameter("reach", 0.02, 0.01, 0.04, "share a month", assumed(), "store that goes into feed at most"),
    Parameter(
        "slaughter",
        0.1,
        0.05,
        0.2,
        "share a month",
        assumed(),
        "herd lost by want of people, 1 being nothing to eat",
    ),
    Parameter(
        "meat",
        20000.0,
        10000.0,
        40000.0,
        "kcal/head",
        assumed(
            "keen1993",
            note="the work says that animals are sold and eaten; a fifth of an ox and a quarter of "
            "a pig a head give 50,000, of which part is sold or lost",
        ),
        "eaten of a whole normal herd, by head of the people at the start",
    ),
    Parameter("kept_back", 3.0, 0.0, 6.0, "ratio", assumed(), "fall of the log of feed by want of people"),
    Parameter("recovery", 0.015, 0.01, 0.02, "share a month", assumed(), "gap to the normal herd bred back"),
    Parameter("enough", 1900.0, 1800.0, 2000.0, "kcal/head/day", recalled(), "energy below which animals go"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Feed the herd from the store; in want it is sold, eaten or starves."""
    wanted = p["feed"] / 12.0 * month.places.harvest * state.animals
    want = positive(1 - state.energy_past / p["enough"], 0.02)
    fed = strength * least(wanted * jnp.exp(-p["kept_back"] * want), p["reach"] * state.store)
    slaughtered = p["slaughter"] * want * state.animals
    change = p["recovery"] * (1 - state.animals) - slaughtered
    herd = per_head(month.places.people * month.places.rural, flows.present)
    meat = strength * p["meat"] / DAYS * slaughtered * herd
    state = replace(state, store=state.store - fed, animals=state.animals + strength * change)
    return state, replace(flows, feed=flows.feed + fed, other_energy=flows.other_energy + meat)


MECHANISM = Mechanism(
    id="feeding",
    systems=("S5",),
    summary="Animals eat grain; in want the herd shrinks, is eaten in part and breeds back slowly.",
    group="",
    reads=("present", "animals", "store", "energy_past", "feed", "other_energy"),
    writes=("store", "animals", "feed", "other_energy"),
    parameters=PARAMETERS,
    step=step,
)
