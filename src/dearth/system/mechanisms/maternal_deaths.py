"""Maternal deaths: women who die of pregnancy and birth, more or fewer than in normal years.

D = m (births of the month - births that the normal schedule gives the women there are). The normal hazards
hold the maternal deaths of normal fertility: in a famine fewer are born and fewer mothers die of it, in the
years after it more.

References
----------
hogberg_wall1986
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import transferred
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (
    Parameter(
        "rate",
        0.007,
        0.003,
        0.012,
        "deaths/birth",
        transferred("hogberg_wall1986", note="9 per 1000 births in the 1750s, falling later"),
        "m: mothers who die of a birth",
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Say how many more mothers than in normal years die of the month's births."""
    beyond = strength * p["rate"] * (state.pregnancies[0] - flows.normal_births)
    return state, replace(flows, maternal=flows.maternal + beyond)


MECHANISM = Mechanism(
    id="maternal_deaths",
    systems=("S16",),
    summary="Mothers die of births: fewer where few are born, more where births are made up.",
    group="",
    reads=("pregnancies", "normal_births", "maternal"),
    writes=("maternal",),
    parameters=PARAMETERS,
    form=transferred("hogberg_wall1986", note="deaths a birth; the difference to normal years is a choice"),
    step=step,
)
