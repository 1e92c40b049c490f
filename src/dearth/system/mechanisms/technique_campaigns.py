"""Technique campaigns: close planting, deep ploughing, and sowing less on the word of inflated yields.

M = 1 - m_close s_close - m_deep s_deep;
area of next year = area (1 - psi (reported / true yield - 1)+), psi 0.15: a factor of 1.9 gives -13 %.
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import least, positive
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import HIGHEST, State, per_head

PARAMETERS = (
    lever("close_planting", 0.0, 0.0, 0.2, "share of land", recalled(), "land planted too close"),
    lever("deep_ploughing", 0.0, 0.0, 0.2, "share of land", recalled(), "land ploughed too deep"),
    Parameter("close_loss", 0.15, 0.0, 0.3, "share", recalled(), "yield lost on land planted too close"),
    Parameter("deep_loss", 0.1, 0.0, 0.3, "share", recalled(), "yield lost on land ploughed too deep"),
    Parameter(
        "psi",
        0.15,
        0.05,
        0.3,
        "share",
        assumed(),
        "area given up per unit of yield inflation believed",
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Set the yield multiplier of the next crop and, after the last harvest, the area of the next year."""
    lost = p["close_loss"] * p["close_planting"] + p["deep_loss"] * p["deep_ploughing"]
    rural = month.places.rural
    state = replace(state, technique=1 - strength * lost * rural)
    if not month.after_last_harvest:
        return state, flows
    inflation = positive(per_head(state.claims[HIGHEST], state.reaped + 1e-3) - 1, 0.02)
    cut = p["psi"] * least(inflation, 0.4 / p["psi"])  # at most four tenths of the land
    return replace(state, sown=1 - strength * cut * rural), flows


MECHANISM = Mechanism(
    id="technique_campaigns",
    systems=("S8",),
    summary="Close planting and deep ploughing lower yields; belief in inflated yields cuts the sown area.",
    group="reports",
    reads=("claims", "reaped"),
    writes=("technique", "sown"),
    parameters=PARAMETERS,
    step=step,
    when="harvest",
)
