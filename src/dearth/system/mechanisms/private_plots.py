"""Food other than grain: private plots, gathering and, in towns, shops.

k_private = 0.12 k_norm (plots / 0.05)^0.7; part of it is gathered and does not depend on plots;
common kitchens take 60-100 % of it while they last. Plots answer a change within 3-5 months.
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever("plots", 0.05, 0.0, 0.1, "share of arable", recalled(), "land left in private plots"),
    Parameter(
        "energy",
        252.0,
        170.0,
        420.0,
        "kcal/head/day",
        recalled(note="12 % (8-20) of 2,100 kcal"),
        "food other than grain with normal plots",
    ),
    Parameter("gathered", 0.5, 0.3, 0.7, "share", assumed(), "part of it that needs no plot"),
    Parameter("curve", 0.7, 0.5, 0.9, "exponent", recalled(), "food by size of the plots"),
    Parameter(
        "answer",
        0.25,
        0.2,
        0.35,
        "share a month",
        recalled(),
        "gap between plots allowed and tilled, closed",
    ),
    Parameter("halls_take", 0.8, 0.6, 1.0, "share", recalled(), "of it lost by those who eat in common"),
    Parameter("towns", 315.0, 210.0, 420.0, "kcal/head/day", assumed(), "food other than grain in towns"),
)
NORMAL = float(PARAMETERS[0].default)  # plots of the normal years
FLOOR = 1e-5  # plots over normal below which the curve is straight: no infinite slope at none


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Till what is allowed and give the food it yields."""
    at = month.places
    plots = state.plots + strength * p["answer"] * (p["plots"] - state.plots)
    size = (plots / NORMAL + FLOOR) ** p["curve"] - FLOOR ** p["curve"]
    rural = p["energy"] * (p["gathered"] + (1 - p["gathered"]) * size) * (1 - p["halls_take"] * state.halls)
    food = strength * (rural * at.rural + p["towns"] * at.urban)
    return replace(state, plots=plots), replace(flows, other_energy=flows.other_energy + food)


MECHANISM = Mechanism(
    id="private_plots",
    systems=("S5",),
    summary="Private plots and gathering give vegetables, pork and tubers beside the grain.",
    group="plots",
    reads=("plots", "halls", "other_energy"),
    writes=("plots", "other_energy"),
    parameters=PARAMETERS,
    step=step,
)
