"""The commune as a unit of account: grain pooled within it, and a fund put into machine shops.

Equal sharing within a place halves the spread of intake (CV 0.25-0.30 under
household stocks, 0.10-0.15 under equal rations); the fund's labour makes tools of full quality. Team size
and sharing by head act through `work_incentives`, plots through `private_plots`.
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed
from dearth.system.flows import INDUSTRY, Flows, divert
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State, per_head

NORMAL_FUND = 0.005  # share of farm labour in the machine shops of a normal year, assumed
PARAMETERS = (
    lever("pooling", 0.2, 0.0, 1.0, "share", assumed(), "grain shared by need within the place"),
    lever("fund", NORMAL_FUND, 0.0, 0.05, "share", assumed(), "farm labour in the commune's machine shops"),
    Parameter(
        "tools", 0.15, 0.05, 0.3, "ratio", assumed(), "tools of a normal worker made in a worker-month"
    ),
    Parameter("wear", 0.01, 0.005, 0.02, "share a month", assumed(), "tools of the shops worn out"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Pool grain and put the fund's labour into tools."""
    flows, workers = divert(flows, INDUSTRY, strength * p["fund"])
    gain = p["tools"] * per_head(workers, month.places.labour)
    # upkeep of what the normal fund makes: tools stand still at the normal setting
    wear = strength * p["wear"] * (state.tools - 1) + strength * NORMAL_FUND * p["tools"] * month.places.rural
    equal = strength * p["equal"] * p["pooling"] * (1 - flows.equalised)
    state = replace(state, tools=state.tools + gain - wear)
    return state, replace(flows, equalised=flows.equalised + equal)


MECHANISM = Mechanism(
    id="commune",
    systems=("S5",),
    summary="The commune pools grain within itself and runs machine shops on a fund of labour.",
    group="incentives",
    reads=("labour", "tools", "equalised"),
    writes=("labour", "tools", "equalised"),
    parameters=PARAMETERS,
    shared=("communal_dining.equal",),
    step=step,
)
