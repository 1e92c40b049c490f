"""Land works: canals, dams and terraces, built by farm labour, useful years later.

2,000-3,000 labour-days a hectare irrigated, 300-600 a mu terraced; usable share q 0.3-0.5 in
1958-60, 0.8 later; wear 5 % a year; benefit after 2-5 years. The crop calendar says how much is done in
a month (`works`). Where
cadres work in the fields (Dazhai) their hands are added.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import least
from dearth.system.flows import AGRICULTURE, WORKS, Flows, divert
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.mechanisms.labour import WORK_DAYS
from dearth.system.state import State, per_head

CADRES = 0.03  # administrators over farm workers, assumed: 3-5 % of people
PARAMETERS = (
    lever("labour", 0.04, 0.0, 0.35, "share", assumed(), "farm labour on works in a full month"),
    lever("terraces", 0.2, 0.0, 1.0, "share", assumed(), "of that labour, on terraces"),
    Parameter("days", 2500.0, 2000.0, 3000.0, "days/ha", assumed(), "labour of a hectare irrigated"),
    Parameter("terrace_days", 6750.0, 4500.0, 9000.0, "days/ha", recalled(), "labour of a hectare terraced"),
    lever("usable", 0.8, 0.2, 0.9, "share", recalled(), "q: projects that can be used"),
    Parameter("delay", 36.0, 24.0, 60.0, "months", recalled(), "mean time until works are of use"),
    Parameter("wear", 0.05, 0.03, 0.1, "share a year", recalled(), "irrigation lost without upkeep"),
    lever("cadres", 0.0, 0.0, 1.0, "share", assumed(), "administrators who work in the fields"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Dig in the slack season; let old works come into use and wear."""
    at = month.places
    hands = strength * p["cadres"] * CADRES * at.labour
    flows = replace(flows, labour=flows.labour.at[AGRICULTURE].add(hands))
    season = month.of_month(month.crop_calendar.works, state.works.dtype)
    flows, workers = divert(flows, WORKS, strength * p["labour"] * season)
    water, slopes = workers * (1 - p["terraces"]) / p["days"], workers * p["terraces"] / p["terrace_days"]
    ready = strength / p["delay"] * state.works
    works = state.works + WORK_DAYS * p["usable"] * (water + slopes) - ready
    # ready hectares are split as they are begun; no more than the land there is
    part = p["terraces"] / p["terrace_days"]
    part = part / (part + (1 - p["terraces"]) / p["days"])
    gain = per_head(ready, at.land)
    wear = strength * p["wear"] / 12.0
    irrigated = state.irrigated * (1 - wear) + (1 - part) * gain
    state = replace(
        state,
        works=works,
        irrigated=least(irrigated, jnp.ones_like(irrigated)),
        terraced=least(state.terraced + part * gain, jnp.ones_like(irrigated)),
    )
    return state, flows


MECHANISM = Mechanism(
    id="land_works",
    systems=("S12", "S5"),
    summary="Canals, dams and terraces take slack-season labour and raise yields years later.",
    group="industry_and_works",
    reads=("labour", "works", "irrigated", "terraced"),
    writes=("labour", "works", "irrigated", "terraced"),
    parameters=PARAMETERS,
    step=step,
)
