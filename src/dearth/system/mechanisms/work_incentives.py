"""Reward for labour: effort as a function of pay, supervision, and the size of the team that shares.

MECHANISMS 10 (Lin 1988; Dong & Dow 1993): e* = [w ((1-a) m + ((1-m)(1-a) + a) / n) / chi]^(1/(nu-1)), here
over its value under the reference team of 1955-57; w and chi cancel. Payment sets m, the quality lost and
the time supervision or meetings take: `time_rate` with fixed grades, `piece_rate` quotas, `self_assessed`
points (Dazhai).
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jax import Array

from dearth.system.flows import COMMUTING, Flows, divert
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, choice, lever
from dearth.system.state import State

PAYMENTS = ("time_rate", "piece_rate", "self_assessed")
MONITORED = (0.3, 0.8, 0.35)  # m: MECHANISMS 10
QUALITY = (0.0, 0.075, 0.0)  # yield lost to haste
TIME = (0.0, 0.0, 0.04)  # labour spent in meetings, beyond the supervision every team has
BY_HEAD, MEMBERS = 0.4, 75.0  # reference team: 30 households, four tenths of the grain shared by head
PARAMETERS = (
    choice("payment", "time_rate", PAYMENTS, "MECHANISMS 10", "how points are given"),
    lever(
        "by_head", BY_HEAD, 0.3, 1.0, "share", "MECHANISMS 10 [R]", "a: income shared by head, not by work"
    ),
    lever(
        "members", MEMBERS, 2.0, 10000.0, "workers", "MECHANISMS 10 [R]", "n: workers of the accounting unit"
    ),
    Parameter("nu", 2.5, 2.0, 3.0, "exponent", "MECHANISMS 10 [R]", "how fast toil grows with effort"),
    Parameter(
        "half_life", 6.0, 3.0, 12.0, "months", "MECHANISMS 10 [A]", "time in which half of a change shows"
    ),
)


def reward(by_head: Any, monitored: Any, members: Any) -> Any:
    """Return what a worker keeps of the product of his effort."""
    return (1 - by_head) * monitored + ((1 - monitored) * (1 - by_head) + by_head) / members


def _of_payment(values: tuple[float, ...], p: Settings) -> Array:
    chosen = jnp.round(p["payment"])
    return sum((jnp.where(chosen == k, value, 0.0) for k, value in enumerate(values)), jnp.zeros_like(chosen))


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Let effort move towards what the reward calls for."""
    rural = month.places.rural
    kept = reward(p["by_head"], _of_payment(MONITORED, p), p["members"])
    normal = reward(BY_HEAD, MONITORED[0], MEMBERS)
    quality = (1 - _of_payment(QUALITY, p)) ** 2.5  # as effort: output answers effort with 0.4
    target = (kept / normal) ** (1 / (p["nu"] - 1)) * quality
    pace = strength * rural * (1 - 0.5 ** (1 / p["half_life"]))
    state = replace(state, effort=state.effort + pace * (target - state.effort))
    flows, _ = divert(flows, COMMUTING, strength * _of_payment(TIME, p) * rural)
    return state, flows


MECHANISM = Mechanism(
    id="work_incentives",
    systems=("S13", "S5"),
    summary="Effort follows the share of his product a worker keeps: payment, sharing by head, team size.",
    group="incentives",
    reads=("effort", "labour"),
    writes=("effort", "labour"),
    parameters=PARAMETERS,
    step=step,
)
