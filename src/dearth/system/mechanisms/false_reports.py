"""Inflation of reports: pressure of targets, career, and the race between neighbours.

ln(report / truth) = beta + gamma + delta (highest neighbour - own)+ at the smallest level, beta at
each level above it; each makes up a share of what it hears short of its target; audits reduce it, level by
level, and partial auditors add to it. Each level below the centre has a setting with its name: in a
scenario that names no levels community, district and region.

References
----------
fan2016, kung_chen2011
"""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import positive, ratio
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.mechanisms.reporting import expected
from dearth.system.state import State

PARAMETERS = (
    lever(
        "smallest",
        0.01,
        -0.15,
        0.8,
        "log ratio",
        assumed(),
        "added by the {level} under its target",
        levels="smallest",
    ),
    lever(
        "between",
        0.01,
        -0.05,
        0.3,
        "log ratio",
        recalled(note="that each level adds a tenth is a stylised account"),
        "added by the {level}",
        levels="between",
    ),
    lever(
        "career",
        0.0,
        0.0,
        0.15,
        "log ratio",
        assumed("kung_chen2011", note="the work gives the sign, not the size"),
        "added where a career depends on it",
    ),
    Parameter(
        "race",
        0.3,
        0.0,
        0.6,
        "share a harvest",
        assumed("fan2016", note="the work gives the sign, not the size"),
        "distance to the highest claim of the neighbourhood made up at each harvest",
    ),
    lever(
        "answer",
        0.0,
        0.0,
        1.0,
        "share",
        assumed(),
        "of the log shortfall of what is seen under the target, made up in the report",
    ),
    Parameter("audit_pull", 1.0, 0.5, 1.5, "ratio", assumed(), "how far the fear of audits moves it"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Set what each level adds to the report of this harvest."""
    at = month.places
    own = state.bias[0]
    highest = jax.ops.segment_max(own, at.neighbourhood, len(at.neighbourhoods))[at.neighbourhood]
    raced = p["race"] * positive(highest - own, 0.02)
    honest = 1 - p["audit_pull"] * state.deterred
    first, *others = at.levels.reporting
    parts = (p[first] + p["career"] + raced, *(p[name] for name in others))
    urged = p["audit_pull"] * state.urged
    heard, bias = expected(state, at, month.season), []
    for kept, part, more, target in zip(honest, parts, urged, state.targets, strict=True):
        short = jnp.log1p(positive(ratio(target, heard, 0.01) - 1, 0.02))
        added = strength * (kept * (part + p["answer"] * short) + more) * at.rural
        heard = heard * jnp.exp(added)
        bias.append(added)
    return replace(state, bias=jnp.stack(bias)), flows


MECHANISM = Mechanism(
    id="false_reports",
    systems=("S8",),
    summary="Targets, careers and rivalry inflate the reports of every level below the centre.",
    group="reports",
    reads=("bias", "deterred", "urged", "targets", "reaped", "past_harvests", "concealed"),
    writes=("bias",),
    parameters=PARAMETERS,
    form=assumed("fan2016", "kung_chen2011", note="the works give the signs, not the equations"),
    step=step,
    when="harvest",
)
