"""Reward for labour: effort as a function of pay, supervision, and the size of the team that shares.

After Lin (1988) and Dong and Dow (1993): e* = [w ((1-a) m + ((1-m)(1-a) + a) / n) / chi]^(1/(nu-1)), here
over its value under the reference team of 1955-57; w and chi cancel. Payment sets m, the quality lost and
the time supervision or meetings take: `time_rate` with fixed grades, `piece_rate` quotas, `self_assessed`
points (Dazhai), `pace_setters`. Self-assessed points creep up until all stand in one high grade, unless
peers check them: m falls from 0.35 to 0.2. Pace-setters are piece-rate quotas whose norm is what the best
few do: the ordinary worker, at `pace` of theirs, is credited with that share of his monitored product; the
rest is shared out as unmonitored work is, so that m falls to `pace` m (assumed). Where members may not leave
(Lin 1990), effort falls from what the threat of leaving sustains, x of the way in logs from e* to the joint
optimum of the reference team, to e*; at the defaults a fifth of output, which can be compared with published
falls of 15-25 %, which did not set it.

References
----------
lin1988, dong_dow1993, lin1990
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jax import Array

from dearth.bibliography.grade import assumed, recalled
from dearth.system.flows import COMMUTING, Flows, divert
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, choice, lever
from dearth.system.state import State

PAYMENTS = ("time_rate", "piece_rate", "self_assessed", "pace_setters")
MONITORED = (0.3, 0.8, 0.35, 0.8)  # m, recalled; the last as of piece-rate quotas
PADDED = 0.2  # m once self-assessed grades are compressed, recalled
QUALITY = (0.0, 0.075, 0.0, 0.075)  # yield lost to haste
TIME = (0.0, 0.0, 0.04, 0.0)  # labour spent in meetings, beyond the supervision (10 %) every team has
BY_HEAD, MEMBERS = 0.4, 75.0  # reference team: 30 households, four tenths of the grain shared by head
PARAMETERS = (
    choice("payment", "time_rate", PAYMENTS, recalled("lin1988", "dong_dow1993"), "how points are given"),
    lever("by_head", BY_HEAD, 0.3, 1.0, "share", recalled(), "a: income shared by head, not by work"),
    lever("members", MEMBERS, 2.0, 10000.0, "workers", recalled(), "n: workers of the accounting unit"),
    lever("peers", 0.0, 0.0, 1.0, "share", assumed(), "self-assessed points that fellow workers check"),
    lever("exit_right", 1.0, 0.0, 1.0, "share", recalled("lin1990"), "members who are free to leave"),
    Parameter("nu", 2.5, 2.0, 3.0, "exponent", recalled(), "how fast toil grows with effort"),
    Parameter("half_life", 6.0, 3.0, 12.0, "months", assumed(), "time in which half of a change shows"),
    Parameter("creep", 12.0, 6.0, 24.0, "months", assumed(), "time in which grades are half compressed"),
    Parameter("pace", 0.7, 0.5, 1.0, "share", assumed(), "an ordinary worker's pace over the pace-setters'"),
    Parameter(
        "cooperation", 0.5, 0.2, 0.8, "share", assumed(), "x: of the gain of acting jointly, in log effort"
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
    self_assessed = _of_payment((0.0, 0.0, 1.0, 0.0), p)
    by_the_best = _of_payment((0.0, 0.0, 0.0, 1.0), p)
    monitored = _of_payment(MONITORED, p) - self_assessed * (MONITORED[2] - PADDED) * state.padded
    monitored = monitored * (1 - by_the_best * (1 - p["pace"]))
    kept = reward(p["by_head"], monitored, p["members"])
    normal = reward(BY_HEAD, MONITORED[0], MEMBERS)
    quality = (1 - _of_payment(QUALITY, p)) ** (1 / p["effort_elasticity"])  # lost yield, as effort
    # who may not leave loses what joint effort was above the reference team's e*: normal keeps `normal` of 1
    bound = (1 - p["exit_right"]) * p["cooperation"]
    target = (kept / normal * normal**bound) ** (1 / (p["nu"] - 1)) * quality
    pace = strength * rural * (1 - 0.5 ** (1 / p["half_life"]))
    creeping = strength * rural * (1 - 0.5 ** (1 / p["creep"]))
    padded = state.padded + creeping * (self_assessed * (1 - p["peers"]) - state.padded)
    state = replace(state, effort=state.effort + pace * (target - state.effort), padded=padded)
    flows, _ = divert(flows, COMMUTING, strength * _of_payment(TIME, p) * rural)
    return state, flows


MECHANISM = Mechanism(
    id="work_incentives",
    systems=("S13", "S5"),
    summary="Effort follows the share of his product a worker keeps, peers' checks and the right to leave.",
    group="incentives",
    reads=("effort", "padded", "labour"),
    writes=("effort", "padded", "labour"),
    parameters=PARAMETERS,
    shared=("harvest.effort_elasticity",),
    form=recalled("lin1988", "dong_dow1993", "lin1990"),
    step=step,
)
