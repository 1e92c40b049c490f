"""Technical training: part-time months of workers become skill that fades.

S' = S (1 - 0.03) + e L_train / N a year; yield and workshop quality answer b S / (1 + S).
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed
from dearth.system.flows import TRAINING, Flows, divert
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State, per_head

PARAMETERS = (
    lever("labour", 0.0, 0.0, 0.1, "share", assumed(), "farm labour in training"),
    Parameter("fading", 0.03, 0.02, 0.05, "share a year", assumed(), "skill lost"),
    Parameter("learning", 1.0, 0.5, 1.5, "ratio", assumed(), "e: skill gained per trained month and worker"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Train some and let skill fade."""
    flows, learners = divert(flows, TRAINING, strength * p["labour"])
    gained = p["learning"] * per_head(learners, month.places.labour)
    fading = strength * p["fading"] / 12.0 * state.skill
    return replace(state, skill=state.skill + gained - fading), flows


MECHANISM = Mechanism(
    id="training",
    systems=("S7",),
    summary="Training takes labour and leaves skill that raises yields and the quality of iron.",
    group="industry_and_works",
    reads=("labour", "skill"),
    writes=("labour", "skill"),
    parameters=PARAMETERS,
    step=step,
)
