"""Migration: flight from hunger, recruitment into towns, return from them.

m = N mu exp(-dist / L) ln(k_there / k_here)+ times control c; roadblocks c 0.1-0.3. All who
leave meet in one pool and are spread by where there is more to eat (flight), over towns (recruits) or over
communes (returned), with the ages of those who left. Hungry towns send people back, r want a month, and
recruit fewer, exp(-h want): want = (1 - energy of the month / enough)+.
"""

from dataclasses import replace
from functools import reduce
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.materialise import written_out
from dearth.numerics.smooth_thresholds import positive
from dearth.numerics.weighted_sums import summed
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State, headcount

PARAMETERS = (
    Parameter(
        "flight",
        0.02,
        0.005,
        0.03,
        "share a month",
        assumed(),
        "mu: leave per unit of log energy gap",
    ),
    lever("allowed", 0.5, 0.05, 1.0, "ratio", assumed(), "c: movement let pass"),
    lever("recruited", 0.0005, 0.0, 0.01, "share a month", recalled(), "villagers taken into towns"),
    Parameter("recall", 0.08, 0.03, 0.2, "share a month", assumed(), "r: townspeople sent back by want"),
    Parameter("halt", 10.0, 5.0, 20.0, "ratio", assumed(), "h: fall of recruitment by want of the towns"),
    lever("returned", 0.0, 0.0, 0.05, "share a month", recalled(), "townspeople sent to the country"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Let people leave and arrive; nobody is lost between."""
    at = month.places
    people = headcount(state)
    mean = jnp.sum(state.energy_past * people) / (jnp.sum(people) + 1e-6)
    gap = jnp.log((mean + 50.0) / (state.energy_past + 50.0))
    flight = p["flight"] * p["allowed"] * jnp.exp(-at.km / p["reach_km"]) * positive(gap, 0.02) * at.rural
    want = positive(1 - flows.energy / p["enough"], 0.02)
    of_towns = jnp.sum(want * people * at.urban) / (jnp.sum(people * at.urban) + 1e-6)
    recruited = p["recruited"] * jnp.exp(-p["halt"] * of_towns) * at.rural
    rates = (flight, recruited, (p["returned"] + p["recall"] * want) * at.urban)
    better = people * positive(-gap, 0.02) + 1e-6
    goals = (better, (people + 1e-6) * at.urban, (people + 1e-6) * at.rural)
    # with no town (or no village) nobody is sent there
    totals = [jnp.sum(goal) for goal in goals]
    out = jnp.stack([strength * r * (t > 0) for r, t in zip(rates, totals, strict=True)])
    shares = jnp.stack([g / jnp.where(t > 0, t, 1.0) for g, t in zip(goals, totals, strict=True)])
    out, shares = written_out(out), written_out(shares)  # fused into the ages they would be made 202 times
    pools = jnp.einsum("sap,kp->sak", state.people, out)
    left = written_out(reduce(jnp.add, out))
    # as a sum of products, done where people are written: a product of matrices would be written out first
    arrived = sum((pools[..., k, None] * share for k, share in enumerate(shares)), jnp.zeros_like(left))
    came = summed(pools) @ shares
    state = replace(state, people=state.people * (1 - left) + arrived)
    return state, replace(flows, left=flows.left + left * people, came=flows.came + came)


MECHANISM = Mechanism(
    id="migration",
    systems=("S10",),
    summary="People flee hunger, are recruited into towns or sent back from them.",
    group="migration",
    reads=("people", "energy", "energy_past", "left", "came"),
    writes=("people", "left", "came"),
    parameters=PARAMETERS,
    shared=("relief.reach_km", "feeding.enough"),
    step=step,
)
