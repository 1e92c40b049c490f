"""Sharing between neighbours: stocks per head move towards their mean.

Neighbours are the rural places of one unit of the second level.

c_i = (1 - theta) own + theta mean, theta 0.4-0.7 in normal years, spread over six months;
what goes is cut by cart distance, and a little is lost on the way.

References
----------
kasahara_li2020
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.numerics.smooth_thresholds import ratio
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever(
        "theta",
        0.4,
        0.0,
        0.7,
        "share",
        assumed(),
        "distance to the mean of the neighbourhood made up in half a year",
    ),
    Parameter("lost", 0.02, 0.0, 0.05, "share", assumed(), "grain lost on carts between neighbours"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Move grain from places with more per head to those with less."""
    at = month.places
    people = flows.present * at.rural
    store = state.store * at.rural
    mean = ratio(at.by_neighbourhood(store), at.by_neighbourhood(people))[at.neighbourhood]
    gap = mean * people - store
    rate = strength * p["theta"] / 6.0 * jnp.exp(-at.km / p["reach_km"])
    out = rate * jnp.maximum(-gap, 0.0)
    lost = p["lost"] * out
    short = jnp.maximum(gap, 0.0)
    share = ratio(short, at.by_neighbourhood(short)[at.neighbourhood])
    arrived = at.by_neighbourhood(out - lost)[at.neighbourhood] * share
    # what finds no taker (nobody short in the neighbourhood) stays where it is
    taken = at.by_neighbourhood(arrived)[at.neighbourhood]
    fit = ratio(taken, at.by_neighbourhood(out - lost)[at.neighbourhood])
    out, lost = out * fit, lost * fit
    state = replace(state, store=state.store - out + arrived)
    flows = replace(
        flows, sent=flows.sent + out - lost, received=flows.received + arrived, lost=flows.lost + lost
    )
    return state, flows


MECHANISM = Mechanism(
    id="sharing",
    systems=("S10", "S5"),
    summary="Neighbouring rural places share grain with those that have less per head.",
    group="relief",
    reads=("present", "store", "sent", "received", "lost"),
    writes=("store", "sent", "received", "lost"),
    parameters=PARAMETERS,
    shared=("relief.reach_km",),
    form=assumed(
        "kasahara_li2020", note="the work finds stronger effects far from railways; the equation is a choice"
    ),
    step=step,
)
