"""The reporting hierarchy: each level reports to the one above, which believes the report in part.

R_l = R_(l-1) exp(bias_l); E_l = w R + (1 - w) of what was believed before. A forecast after
an early harvest counts the later ones of the year as in the last years.

References
----------
fan2016
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jax import Array

from dearth.bibliography.grade import assumed
from dearth.numerics.smooth_thresholds import least
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.places import Places
from dearth.system.state import State

PARAMETERS = (
    Parameter(
        "weight",
        0.65,
        0.5,
        0.8,
        "share",
        assumed(),
        "weight of a new report against what was believed",
    ),
)


def expected(state: State, places: Places, season: int) -> Array:
    """Return the year's harvest as it can be seen on the spot after harvest `season` [place], t."""
    later = places.shares[season + 1 :]
    still = jnp.sum(later, axis=0) * jnp.mean(state.past_harvests, axis=0) if len(later) else 0.0
    whole = state.reaped + still
    seen: Array = whole - least(state.concealed, whole)
    return seen


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Pass the claims up and let each level revise what it believes."""
    seen = expected(state, month.places, month.season)
    reported = seen * jnp.exp(jnp.cumsum(state.bias, axis=0))
    reported = jnp.concatenate([reported, reported[-1:]])  # the centre publishes what is reported to it
    heard = jnp.concatenate([seen[None], reported[:-1]])
    above = len(heard) - 1  # levels that hear of the harvest from another
    trust = jnp.stack([jnp.ones_like(p["weight"]), *[p["weight"]] * above])
    trust = trust.reshape(len(heard), *([1] if trust.ndim == 1 else trust.shape[1:]))
    claims = state.claims + strength * (reported - state.claims)
    beliefs = state.beliefs + strength * trust * (heard - state.beliefs)
    return replace(state, claims=claims, beliefs=beliefs), flows


MECHANISM = Mechanism(
    id="reporting",
    systems=("S8",),
    summary="Reports go up from level to level; each weighs them against what it believed.",
    group="",
    reads=("reaped", "past_harvests", "concealed", "bias", "claims", "beliefs"),
    writes=("claims", "beliefs"),
    parameters=PARAMETERS,
    form=assumed("fan2016", note="the work gives the distortion, not the equation"),
    step=step,
    when="harvest",
)
