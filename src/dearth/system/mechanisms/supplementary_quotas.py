"""Supplementary quotas: where stock and quotas do not cover what the state must issue, villages deliver more.

need = towns' ration and other uses of a year and some months in reserve, exports planned and sales fixed;
have = state stock and quotas. Asked beyond the quota: m (1 - exp(-(need - have)+ / (m Y))) of each place's
harvest that has a quota, Y the harvest of all. The towns come first; collection meets the usual resistance.

References
----------
lin_yang2000
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.numerics.smooth_thresholds import positive
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.mechanisms.resale import RULES
from dearth.system.state import State

NONE = 0.002  # quota over a normal harvest that is as good as none, assumed
PARAMETERS = (
    Parameter("most", 0.06, 0.02, 0.12, "share", assumed(), "m: harvest that supplements take at most"),
    Parameter("reserve", 3.0, 1.0, 6.0, "months", assumed(), "of the towns' claims wanted beyond the year's"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Raise the quotas of the grain year when the year's last harvest is in."""
    if not month.after_last_harvest:
        return state, flows
    at = month.places
    towns = jnp.sum((p["ration"] + p["other_uses"]) / 1000.0 * flows.present * at.urban)
    fixed = jnp.where(jnp.round(p["rule"]) == RULES.index("fixed"), p["sales"], 0.0)
    sales = jnp.sum(fixed / 1000.0 * flows.present * at.rural)
    need = towns * (1 + jnp.mean(p["reserve"]) / 12.0) + state.export_plan + sales
    have = jnp.sum(state.granary) + jnp.sum(state.quota)
    gap = positive(need - have, 0.02 * need + 1e-6)
    most = jnp.mean(p["most"])
    rate = -most * jnp.expm1(-gap / (most * jnp.sum(state.reaped) + 1e-3))
    # where the state sets no quota it asks for no supplement
    squared = state.quota * state.quota
    bound = squared / (squared + (NONE * at.harvest) ** 2 + 1e-9)
    extra = strength * rate * bound * state.reaped * at.rural
    return replace(state, quota=state.quota + extra), flows


MECHANISM = Mechanism(
    id="supplementary_quotas",
    systems=("S9",),
    summary="Where stock and quotas do not cover the towns' needs, the state asks villages for more.",
    group="procurement",
    reads=("present", "granary", "export_plan", "reaped", "quota"),
    writes=("quota",),
    parameters=PARAMETERS,
    shared=("urban_ration.ration", "urban_ration.other_uses", "resale.sales", "resale.rule"),
    form=assumed("lin_yang2000", note="the work measures the priority of towns; the equation is a choice"),
    step=step,
    when="harvest",
)
