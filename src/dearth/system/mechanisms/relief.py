"""Relief under belief and transport: grain sent where want is recognised, less the farther it must go.

amount = rho (need - what is believed to be there)+, times exp(-km / L). Want is what the centre
sees: last months' energy in so far as it has eyes for it, else its belief in the harvest. News of deaths (see
`mortality_reports`) adds a share a (1 - exp(-A)) of the want that was not seen.

References
----------
fan2016
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import positive
from dearth.system.flows import Flows
from dearth.system.granary import issue
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import CENTRE, State, per_head

PARAMETERS = (
    lever("rho", 0.2, 0.0, 0.9, "share", assumed(), "recognised want that is met if the stock allows"),
    lever("sight", 0.2, 0.0, 1.0, "share", assumed(), "weight of hunger seen against the harvest believed"),
    Parameter("need", 200.0, 180.0, 220.0, "kg/head/yr", recalled(), "food grain a head needs"),
    Parameter("need_energy", 1900.0, 1800.0, 2100.0, "kcal/head/day", recalled(), "energy a head needs"),
    Parameter("reach_km", 80.0, 60.0, 100.0, "km", assumed(), "L: distance that 37 % cover"),
    Parameter("answer", 0.5, 0.0, 1.0, "share", assumed(), "a: want believed on the news of many deaths"),
    lever("reach", 0.3, 0.05, 0.95, "share a month", assumed(), "state stock that relief may draw at most"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Send relief to rural places whose want is recognised."""
    at = month.places
    people = flows.present
    left = (1 - p["kept_back"]) * state.beliefs[CENTRE] - state.quota
    believed = positive(1 - per_head(left, people) * 1000.0 / p["need"], 0.03)
    seen = positive(1 - state.energy_past / p["need_energy"], 0.03)
    want = p["sight"] * seen + (1 - p["sight"]) * jnp.minimum(believed, 1.0)
    want = want + (1 - want) * p["answer"] * -jnp.expm1(-state.alarm)
    monthly = p["need"] / 12000.0 * people * at.rural
    wanted = strength * p["rho"] * want * monthly * jnp.exp(-at.km / p["reach_km"])
    given, drawn = issue(state, wanted, p["reach"], at)
    state = replace(state, store=state.store + given, granary=state.granary - drawn)
    return state, replace(flows, relief=flows.relief + given)


MECHANISM = Mechanism(
    id="relief",
    systems=("S10",),
    summary="The state sends grain where it recognises want or hears of deaths, as far as carts reach.",
    group="relief",
    reads=("present", "beliefs", "quota", "energy_past", "alarm", "store", "granary", "relief"),
    writes=("store", "granary", "relief"),
    parameters=PARAMETERS,
    shared=("resale.kept_back",),
    form=assumed("fan2016", note="the work shows relief that came late; the equation is a choice"),
    step=step,
)
