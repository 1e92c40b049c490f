"""Procurement quotas: what the state asks of each rural place for the grain year, by rival rules.

With Y the harvest, N people, c subsistence with seed and feed:

* `surplus` P1: s (Y_norm - seed - feed - ration N)+, Y_norm the mean of the last three harvests;
* `progressive` P2: (E[Y] - c N)+, E from past harvests;
* `inflated` P3: P2 on the centre's belief, at most kappa of the harvest seen;
* `contract` P4: (f Y_first - c N)+ on a base fixed at the start;
* `proportional` P5: a share of the harvest seen;
* `market` P6: a share of what is above needs;
* `flexible` P7: (Y seen - c N)+.

A career adds a share of output (Kung & Chen 2011). Every rule answers who is left and what could be
delivered: quota = rule (N / N of the last years)^f (1 - h (1 - delivered / last quota)), N / N at most 1.

References
----------
meng2015
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jax import Array

from dearth.bibliography.grade import assumed, published, recalled
from dearth.numerics.smooth_thresholds import least, positive
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, choice, lever
from dearth.system.mechanisms.reporting import expected
from dearth.system.state import CENTRE, State

RULES = ("surplus", "progressive", "inflated", "contract", "proportional", "market", "flexible")
YEARS = 3  # harvests and people of so many years make the expected surplus
PARAMETERS = (
    choice(
        "rule",
        "surplus",
        RULES,
        recalled(
            "meng2015", note="rule progressive follows Meng, Qian and Yared; the rule of 1955-57 is recalled"
        ),
        "rule by which the quota is set",
    ),
    Parameter("surplus_share", 0.85, 0.8, 0.9, "share", recalled(), "surplus taken by rule surplus"),
    Parameter("seed_and_feed", 0.15, 0.12, 0.2, "share", recalled(), "normal harvest kept for seed and feed"),
    lever("ration", 230.0, 150.0, 250.0, "kg/head/yr", recalled(), "food grain left under rule surplus"),
    lever(
        "subsistence",
        275.0,
        250.0,
        300.0,
        "kg/head/yr",
        recalled("walker1984"),
        "c: food, seed and feed left",
    ),
    Parameter("kappa", 0.5, 0.45, 0.6, "share", assumed(), "harvest that rule inflated can take at most"),
    Parameter("contract_base", 1.0, 0.9, 1.2, "ratio", assumed(), "f: contracted over normal harvest"),
    lever("tax_rate", 0.18, 0.05, 0.3, "share", assumed(), "harvest taken by rule proportional"),
    lever("sold_share", 0.6, 0.2, 0.9, "share", assumed(), "surplus sold at the price paid, rule market"),
    Parameter("follow", 1.0, 0.0, 2.0, "exponent", assumed(), "f: fall of the quota with the people alive"),
    Parameter("heeds", 0.3, 0.0, 0.8, "share", assumed(), "h: last year's arrears taken off the next quota"),
    lever(
        "career",
        0.0,
        0.0,
        0.05,
        "share",
        assumed("kung_chen2011", note="the work gives the sign, not the size"),
        "output asked beyond the rule for a career",
    ),
)


def quotas(state: State, flows: Flows, p: Settings, month: Month) -> Array:
    """Return the quota of every rule [rule, place], t a year."""
    at = month.places
    width = 0.01 * at.harvest + 0.01
    people = flows.present * at.rural / 1000.0
    need = p["subsistence"] * people
    seen = positive(expected(state, at, month.crop_calendar.last), width)
    past = jnp.mean(state.past_harvests, axis=0)

    def over(harvest: Array, kept: Array) -> Array:
        surplus: Array = positive(harvest - kept, width)
        return surplus

    surplus = p["surplus_share"] * over(past * (1 - p["seed_and_feed"]), p["ration"] * people)
    inflated = least(over(state.beliefs[CENTRE], need), p["kappa"] * seen)
    rules: Array = jnp.stack(
        [
            surplus,
            over(past, need),
            inflated,
            over(p["contract_base"] * at.harvest, need),
            p["tax_rate"] * seen,
            p["sold_share"] * over(seen, need),
            over(seen, need),
        ]
    )
    return rules


def relieved(state: State, flows: Flows, p: Settings, month: Month) -> Array:
    """Return the share of a rule's quota that is asked [place], after deaths and arrears."""
    gone = positive(jnp.log((state.counted + 1e-3) / (flows.present + 1e-3)), 0.01)
    least_asked = 0.01 * month.places.harvest + 1e-6  # below it a quota is as good as none
    met = (state.delivered + least_asked) / (state.quota + least_asked)
    missed = positive(1 - met, 0.01)
    share: Array = jnp.exp(-p["follow"] * gone) * (1 - p["heeds"] * missed)
    return share


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Set the quota of the grain year when the year's last harvest is in."""
    if not month.after_last_harvest:
        return state, flows
    asked = quotas(state, flows, p, month)
    chosen = jnp.arange(len(RULES)).reshape(-1, 1) == jnp.round(p["rule"])
    quota = jnp.sum(jnp.where(chosen, asked, 0.0), axis=0) + p["career"] * state.reaped
    quota = strength * quota * relieved(state, flows, p, month) * month.places.rural
    counted = state.counted + strength / YEARS * (flows.present - state.counted)
    delivered = (1 - strength) * state.delivered
    return replace(state, quota=quota, counted=counted, delivered=delivered), flows


MECHANISM = Mechanism(
    id="procurement",
    systems=("S9",),
    summary="The state sets each rural place's grain quota, by one of seven rules.",
    group="procurement",
    reads=(
        "present",
        "reaped",
        "past_harvests",
        "concealed",
        "beliefs",
        "quota",
        "delivered",
        "counted",
    ),
    writes=("quota", "delivered", "counted"),
    parameters=PARAMETERS,
    form=published("meng2015", note="rule progressive; the other rules are choices"),
    step=step,
    when="harvest",
)
