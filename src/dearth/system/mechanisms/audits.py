"""Audits: a share of reports is looked into; belief moves to what is found, and so do the next reports.

A place's harvest is revealed with probability a a season, at level l. An audit compares what
a level reported with what was reported to it: the smallest level its claim with the harvest, each
higher one its claims with those below; `all` compares every claim with the harvest. Those above the level
learn what was found, times exp(favour * lean), for auditors may favour high figures or low ones. The next
reports of the level lose the share a * purpose of what they add (gain it where purpose < 0: shortfall is
punished) and take on a * favour * lean. A false verdict on an honest place (probability f) works the other
way on all rural places of its neighbourhood. The cost is cadres' time.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jax import Array

from dearth.bibliography.grade import assumed
from dearth.system.flows import AUDIT, Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, choice, lever
from dearth.system.places import Places
from dearth.system.state import State

PARAMETERS = (
    choice("level", "all", ("all",), assumed(), "l: whose reports are looked into", levels="options"),
    lever("rate", 0.05, 0.0, 1.0, "share a season", assumed(), "a: places audited in half a year"),
    lever("purpose", 1.0, -1.0, 1.0, "index", assumed(), "1 seeks the truth, -1 punishes shortfall"),
    lever(
        "favour", 0.0, -1.0, 1.0, "index", assumed(), "1 auditors find what plans call for, -1 what spares"
    ),
    Parameter("lean", 0.1, 0.05, 0.2, "log ratio", assumed(), "finding of a partial auditor over the truth"),
    Parameter("false_verdict", 0.1, 0.0, 0.3, "share", assumed(), "f: honest places found guilty"),
    Parameter("memory", 6.0, 3.0, 12.0, "months", assumed(), "time in which the fear of audits fades"),
    Parameter(
        "cadres", 0.001, 0.0005, 0.002, "share", assumed(), "cadre-months of an audit over farm workers"
    ),
    Parameter(
        "books",
        0.1,
        0.05,
        0.2,
        "ratio",
        assumed(),
        "cost of an audit of accounts alone, above the smallest level",
    ),
)


def found_by(state: State, level: Array, month: Month) -> Array:
    """Return the year's harvest that an impartial auditor finds at each place, t."""
    # until the year's last harvest is in, the last full year is what an auditor can measure
    last = month.crop_calendar.harvests[-1].month
    truth = jnp.where(month.calendar > last, state.reaped, state.past_harvests[0])
    found = truth
    for above in range(2, len(state.claims)):  # each level that has another below it and one above
        found = jnp.where(level == above, state.claims[above - 2], found)
    return found


def of_neighbours(share: Array, at: Places) -> Array:
    """Return the mean [place] of `share` over the rural places of the place's neighbourhood."""
    many = jnp.maximum(at.by_neighbourhood(at.rural), 1.0)
    return (at.by_neighbourhood(share * at.rural) / many)[at.neighbourhood]


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Audit a share of the reports and let it be known."""
    at = month.places
    level = jnp.round(p["level"])
    audited = strength * p["rate"] / 6.0 * at.rural
    partial = p["favour"] * p["lean"]
    verdict = found_by(state, level, month) * jnp.exp(partial)
    revealed = audited * jnp.maximum(p["purpose"], 0.0)
    levels = jnp.arange(1, at.levels.many)[:, None]
    above = levels >= level  # every level but the smallest, where it stands above the audited one
    beliefs = state.beliefs[1:] + above * revealed * (verdict - state.beliefs[1:])
    rate = p["rate"] * at.rural
    looked_into = (level == 0) | (levels == level)  # every level but the centre
    pull = looked_into * at.rural * (rate * p["purpose"] - p["false_verdict"] * of_neighbours(rate, at))
    pace = strength / p["memory"]
    deterred = state.deterred + pace * (pull - state.deterred)
    urged = state.urged + pace * (looked_into * rate * partial - state.urged)
    cost = p["cadres"] * jnp.where(level < 2, 1.0, p["books"])
    labour = flows.labour.at[AUDIT].add(audited * cost * at.labour)
    beliefs = jnp.concatenate([state.beliefs[:1], beliefs])
    return replace(state, beliefs=beliefs, deterred=deterred, urged=urged), replace(flows, labour=labour)


MECHANISM = Mechanism(
    id="audits",
    systems=("S14",),
    summary="Audits of a level correct beliefs and its next reports, or worsen them in another's favour.",
    group="reports",
    reads=("reaped", "past_harvests", "claims", "beliefs", "deterred", "urged", "labour"),
    writes=("beliefs", "deterred", "urged", "labour"),
    parameters=PARAMETERS,
    step=step,
)
