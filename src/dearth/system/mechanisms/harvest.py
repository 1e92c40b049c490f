"""Grain production: the harvests of the crop calendar.

Y = A land^aL (hN)^aN capital^aK manure^aF W M, all over their normal values, times the
loss of a labour-short harvest window, loss = 1 - min(1, N / N_need)^theta. Two published sets of
elasticities: `panel` (Lin 1992) and `tang` (Tang 1984, high labour). Irrigation, terraces and skill
as in `land_works` and `training`; effort e^aE as in `work_incentives`.

References
----------
lin1992, tang1984, li_yang2005
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jax import Array

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import least
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, choice
from dearth.system.state import State

PANEL = (0.65, 0.13, 0.08, 0.17)  # land, labour, capital and draft, manure: lin1992, recalled
TANG = (0.25, 0.50, 0.10, 0.15)  # tang1984, recalled
PARAMETERS = (
    choice(
        "elasticities",
        "panel",
        ("panel", "tang"),
        recalled("lin1992", "tang1984"),
        "how output answers land, labour, capital, manure",
    ),
    Parameter("growth", 0.01, 0.0, 0.02, "log yield a year", assumed(), "slow gain of technique"),
    Parameter(
        "harvest_need",
        0.85,
        0.7,
        0.95,
        "share",
        assumed(),
        "normal farm labour that the harvest window needs",
    ),
    Parameter(
        "theta",
        1.0,
        0.7,
        1.5,
        "exponent",
        assumed(),
        "crop brought in, by labour there is over labour needed",
    ),
    Parameter(
        "effort_elasticity",
        0.4,
        0.3,
        0.5,
        "elasticity",
        recalled(),
        "output by effort of the workers",
    ),
    Parameter("irrigation_gain", 0.25, 0.15, 0.35, "share", recalled(), "yield on newly irrigated land"),
    Parameter(
        "drought_relief",
        0.5,
        0.3,
        0.7,
        "share",
        assumed(),
        "weather loss that irrigation takes away",
    ),
    Parameter("terrace_gain", 0.3, 0.2, 0.4, "share", recalled(), "yield on newly terraced land"),
    Parameter(
        "skill_gain", 0.1, 0.05, 0.15, "share", assumed(), "b: gain in yield and iron of full training"
    ),
    Parameter(
        "machine_share",
        0.03,
        0.0,
        0.05,
        "share",
        assumed(),
        "farm capital that comes from industry",
    ),
)


def brought_in(window: Array, need: Array, theta: Array) -> Array:
    """Return the share of the crop brought in with `window` labour where `need` is needed."""
    share: Array = (least(window / need, jnp.ones_like(window)) + 1e-9) ** theta
    return share


def inputs(state: State, p: Settings, length: float) -> Array:
    """Return output over normal [place] that land, labour of `length` months, capital and manure allow."""
    high = p["elasticities"]
    land, labour, capital, manure = (
        (1 - high) * one + high * other for one, other in zip(PANEL, TANG, strict=True)
    )
    work = state.season_work / length
    machines = 1 - p["machine_share"] * (1 - state.machinery)
    stock = (state.animals**0.7) * (state.tools**0.3) * machines
    area = state.sown * state.seeded
    product: Array = (
        (area + 1e-6) ** land * (work + 1e-6) ** labour * stock**capital * (state.animals + 1e-6) ** manure
    )
    return product


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Reap: the harvest goes to the store of the place; the season's counters open anew."""
    at = month.places
    share = at.shares[month.season]
    elapsed = month.index / 12.0
    shelter = 1 - p["drought_relief"] * state.irrigated
    water = 1 + p["irrigation_gain"] * state.irrigated + p["terrace_gain"] * state.terraced
    skill = 1 + p["skill_gain"] * state.skill / (1 + state.skill)
    effort = p["effort_elasticity"] * jnp.log(state.effort)
    season = jnp.exp(p["growth"] * elapsed + state.weather * shelter + effort) * (1 - state.damage)
    reaped = (
        strength
        * share
        * at.harvest
        * inputs(state, p, month.crop_calendar.lengths[month.season])
        * season
        * water
        * skill
        * state.technique
        * brought_in(state.window_work, p["harvest_need"], p["theta"])
    )
    state = replace(state, store=state.store + reaped, reaped=state.reaped + reaped)
    return state, replace(flows, output=flows.output + reaped)


MECHANISM = Mechanism(
    id="harvest",
    systems=("S5", "S11"),
    summary="Land, labour, draft animals, tools, manure, weather and effort make the harvests of the year.",
    group="",
    reads=(
        "season_work",
        "window_work",
        "animals",
        "tools",
        "machinery",
        "sown",
        "seeded",
        "irrigated",
        "terraced",
        "skill",
        "effort",
        "weather",
        "damage",
        "technique",
        "store",
        "reaped",
        "output",
    ),
    writes=("store", "reaped", "output"),
    parameters=PARAMETERS,
    form=recalled("lin1992", "tang1984", "li_yang2005"),
    step=step,
    when="harvest",
)
