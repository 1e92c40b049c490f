"""Eating: grain wanted, grain that can be spared until the next harvest, and the energy it gives.

2,900 kcal a kilogram of original grain. A rural place spreads what it has, less the dues still
to come, over the months to the next harvest; under free supply it spreads less. Towns eat what is issued.
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.case.periods import DAYS_A_YEAR
from dearth.numerics.smooth_thresholds import least, positive
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State, per_head

DAYS = DAYS_A_YEAR / 12  # of a month
PARAMETERS = (
    Parameter(
        "norm",
        2100.0,
        2000.0,
        2200.0,
        "kcal/head/day",
        recalled("ashton1984", note="availability of 1957"),
        "energy wanted in normal times",
    ),
    Parameter(
        "kcal_per_kg",
        2900.0,
        2700.0,
        3100.0,
        "kcal/kg",
        recalled(note="0.83 kg edible a kilogram times 3,450 kcal"),
        "energy of original grain",
    ),
    Parameter(
        "spread", 1.0, 0.8, 1.1, "ratio", assumed(), "months spread over, over the months to the harvest"
    ),
    Parameter("carefree", 1.5, 0.0, 3.0, "ratio", assumed(), "how far free supply shortens the view"),
    Parameter(
        "release", 0.15, 0.05, 0.3, "share a month", assumed(), "concealed grain brought back to the bowl"
    ),
    Parameter("memory", 9.0, 6.0, 12.0, "months", assumed(), "months over which past energy is averaged"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Eat: from the store to the bowl, less what is spoiled."""
    at = month.places
    people = flows.present
    brought = strength * p["release"] * state.concealed
    store = state.store + brought
    outstanding = month.of_month(month.crop_calendar.outstanding, store.dtype) * state.quota
    free = store - least(outstanding, store)
    months = 1 + at.rural * (month.left - 1) * p["spread"] / (1 + p["carefree"] * flows.appetite)
    tonnes = people * DAYS / p["kcal_per_kg"] / 1000.0
    want = positive(p["norm"] * (1 + flows.need) * (1 + flows.appetite) - flows.other_energy, 20.0) * tonnes
    cooked = strength * least(want * (1 + flows.spoiled), free / months)
    eaten = cooked / (1 + flows.spoiled)
    of_grain = per_head(eaten, people) * 1000.0 * p["kcal_per_kg"] / DAYS
    energy = of_grain * (1 - flows.skimmed) + strength * flows.other_energy
    past = state.energy_past + strength / p["memory"] * (energy - state.energy_past)
    state = replace(state, store=store - cooked, concealed=state.concealed - brought, energy_past=past)
    flows = replace(
        flows, eaten=flows.eaten + eaten, lost=flows.lost + cooked - eaten, energy=flows.energy + energy
    )
    return state, flows


MECHANISM = Mechanism(
    id="eating",
    systems=("S6", "S10"),
    summary="People eat what they want or what can be spared until the next harvest.",
    group="",
    reads=(
        "present",
        "need",
        "concealed",
        "store",
        "quota",
        "appetite",
        "spoiled",
        "skimmed",
        "other_energy",
        "energy_past",
        "eaten",
        "lost",
        "energy",
    ),
    writes=("store", "concealed", "energy_past", "eaten", "lost", "energy"),
    parameters=PARAMETERS,
    step=step,
)
