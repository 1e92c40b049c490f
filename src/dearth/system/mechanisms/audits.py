"""Audits: a share of places is looked into; belief moves to the truth, and so do the next reports, or away.

MECHANISMS 21: a place's harvest is revealed with probability a a season; the pull on the next report is
a * purpose, purpose in [-1, 1] (negative where the audit punishes shortfall, August 1959); a false verdict
(probability f) makes neighbours inflate. Its cost is cadres' time.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.system.flows import AUDIT, Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever("rate", 0.05, 0.0, 1.0, "share a season", "MECHANISMS 21 [A]", "a: places audited in half a year"),
    lever(
        "purpose", 1.0, -1.0, 1.0, "index", "MECHANISMS 21 [A]", "1 seeks the truth, -1 punishes shortfall"
    ),
    Parameter("false_verdict", 0.1, 0.0, 0.3, "share", "MECHANISMS 21 [A]", "f: honest places found guilty"),
    Parameter("memory", 6.0, 3.0, 12.0, "months", "assumed", "time in which the fear of audits fades"),
    Parameter(
        "cadres", 0.001, 0.0005, 0.002, "share", "assumed", "cadre-months of an audit over farm workers"
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Audit a share of the places and let it be known."""
    at = month.places
    audited = strength * p["rate"] / 6.0 * at.rural
    # until the autumn harvest is in, the last full year is what an auditor can measure
    truth = jnp.where(month.calendar > 10, state.reaped, state.past_harvests[0])
    revealed = audited * jnp.maximum(p["purpose"], 0.0)
    above = state.beliefs[1:] + revealed * (truth - state.beliefs[1:])
    pull = p["rate"] * (p["purpose"] - p["false_verdict"]) * at.rural
    deterred = state.deterred + strength / p["memory"] * (pull - state.deterred)
    labour = flows.labour.at[AUDIT].add(audited * p["cadres"] * at.labour)
    state = replace(state, beliefs=jnp.concatenate([state.beliefs[:1], above]), deterred=deterred)
    return state, replace(flows, labour=labour)


MECHANISM = Mechanism(
    id="audits",
    systems=("S14",),
    summary="Audits correct beliefs and the next reports, or worsen them where they punish shortfall.",
    group="reports",
    reads=("reaped", "past_harvests", "beliefs", "deterred", "labour"),
    writes=("beliefs", "deterred", "labour"),
    parameters=PARAMETERS,
    step=step,
)
