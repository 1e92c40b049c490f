"""Mass prospecting: searchers find part of what is in the ground, rigs bring up part of what is found.

found = U (1 - exp(-p L (1 + s skill))), one million searcher-months finding 1-3 % of U;
output = min(K / life, capacity). Food hardly feels the coal before 1965: the cost is labour, now.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.numerics.smooth_thresholds import least
from dearth.system.flows import SEARCH, Flows, divert
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever("labour", 0.0, 0.0, 0.05, "share", assumed(), "farm labour put into the search"),
    Parameter(
        "finding",
        0.02,
        0.01,
        0.03,
        "share per million searcher-months",
        assumed(),
        "p: of what is undiscovered in the country, found",
    ),
    Parameter("skill", 0.5, 0.0, 1.0, "ratio", assumed(), "how far training helps the search"),
    Parameter("life", 20.0, 10.0, 40.0, "years", assumed(), "reserves over a year's output"),
    Parameter(
        "capacity", 0.02, 0.005, 0.05, "share a year", assumed(), "deposits that rigs and carts can bring up"
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Search, find, and bring up."""
    at = month.places
    flows, searchers = divert(flows, SEARCH, strength * p["labour"])
    # the finding rate is of the country's million; a place searches its own share of the ground
    share = jnp.sum(at.labour) / (at.labour + 1e-6) * at.rural
    effort = p["finding"] * searchers / 1e6 * share * (1 + p["skill"] * state.skill)
    found = state.undiscovered * -jnp.expm1(-effort)
    raised = strength * least(state.reserves / p["life"], p["capacity"] * at.deposits) / 12.0
    state = replace(state, undiscovered=state.undiscovered - found, reserves=state.reserves + found - raised)
    return state, replace(flows, coal=flows.coal + raised)


MECHANISM = Mechanism(
    id="prospecting",
    systems=("S2",),
    summary="Searchers leave the fields and find coal and oil; a part is brought up.",
    group="industry_and_works",
    reads=("labour", "skill", "undiscovered", "reserves", "coal"),
    writes=("labour", "undiscovered", "reserves", "coal"),
    parameters=PARAMETERS,
    step=step,
)
