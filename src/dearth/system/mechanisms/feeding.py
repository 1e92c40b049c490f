"""Feed and animals: what draft animals and pigs eat, and how herds shrink in want.

Feed 8 % of output in normal years, 3-4 % in crisis; large animals fell by a sixth 1957-61.
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import least, positive
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

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
    Parameter("recovery", 0.015, 0.01, 0.02, "share a month", assumed(), "gap to the normal herd bred back"),
    Parameter("enough", 1900.0, 1800.0, 2000.0, "kcal/head/day", recalled(), "energy below which animals go"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Feed the herd from the store; in want it is sold, eaten or starves."""
    wanted = p["feed"] / 12.0 * month.places.harvest * state.animals
    fed = strength * least(wanted, p["reach"] * state.store)
    want = positive(1 - state.energy_past / p["enough"], 0.02)
    change = p["recovery"] * (1 - state.animals) - p["slaughter"] * want * state.animals
    state = replace(state, store=state.store - fed, animals=state.animals + strength * change)
    return state, replace(flows, feed=flows.feed + fed)


MECHANISM = Mechanism(
    id="feeding",
    systems=("S5",),
    summary="Animals eat grain; in want the herd shrinks and breeds back slowly.",
    group="",
    reads=("animals", "store", "energy_past", "feed"),
    writes=("store", "animals", "feed"),
    parameters=PARAMETERS,
    step=step,
)
