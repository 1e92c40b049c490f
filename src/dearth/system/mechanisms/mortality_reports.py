"""News of deaths: the centre learns, late, how far registered deaths lie above normal.

A' = A + (e - A) / delay, e = (registered / normally registered - 1)+. Relief and resale answer A, in so far
as they heed it. A famine that no office registers gives no news.

References
----------
fan2016
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed
from dearth.numerics.smooth_thresholds import positive, ratio
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (
    Parameter(
        "delay",
        12.0,
        3.0,
        24.0,
        "months",
        assumed(
            "fan2016", note="the work puts the recognition of a national famine two years after its onset"
        ),
        "mean time until registered deaths are known to the centre",
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Let the centre's picture of deaths follow those registered."""
    usual = (p["deaths"] + (1 - p["deaths"]) * p["ever"]) * flows.normal_deaths
    excess = positive(ratio(flows.deaths_registered, usual) - 1, 0.05)
    alarm = state.alarm + strength / p["delay"] * (excess - state.alarm)
    return replace(state, alarm=alarm), flows


MECHANISM = Mechanism(
    id="mortality_reports",
    systems=("S8", "S10"),
    summary="The centre learns of registered deaths above normal, with a delay.",
    group="relief",
    reads=("normal_deaths", "deaths_registered", "alarm"),
    writes=("alarm",),
    parameters=PARAMETERS,
    shared=("registers.deaths", "registers.ever"),
    form=assumed("fan2016", note="the work shows late recognition; the equation is a choice"),
    step=step,
)
