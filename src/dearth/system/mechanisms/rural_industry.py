"""Small rural industry: native iron, its quality, its haulage, and the tools that come of it.

40-60 labour-days a tonne; 4 t of ore and 4-6 t of fuel to haul; usable share 0.3 (0-0.5);
tools gain 5 % of usable iron. The labour leaves the fields.
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.system.flows import INDUSTRY, Flows, divert
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.mechanisms.labour import WORK_DAYS
from dearth.system.state import State, per_head

PARAMETERS = (
    lever("labour", 0.0, 0.0, 0.3, "share", assumed(), "farm labour put to furnaces and workshops"),
    Parameter("days", 50.0, 40.0, 60.0, "days/t", recalled(), "labour of a tonne at the furnace"),
    Parameter("haulage", 9.0, 7.0, 10.0, "t/t", recalled(), "ore and fuel hauled for a tonne of iron"),
    Parameter("cart", 0.1, 0.05, 0.2, "days/t-km", assumed(), "labour of a tonne-kilometre by cart"),
    Parameter("haul", 10.0, 3.0, 30.0, "km", assumed(), "distance of ore and fuel"),
    lever(
        "usable",
        0.3,
        0.0,
        0.9,
        "share",
        recalled(),
        "iron fit for use; 0.7 and more with skill and coke",
    ),
    Parameter("tools", 0.05, 0.02, 0.1, "share", recalled(), "usable iron that becomes farm tools"),
    Parameter(
        "iron_per_worker", 10.0, 5.0, 20.0, "kg", assumed(), "iron in the tools of a normal farm worker"
    ),
    Parameter(
        "wear", 0.1, 0.05, 0.15, "share a year", assumed(), "tools above or below normal worn or replaced"
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Smelt, haul, and put the usable iron into tools."""
    flows, workers = divert(flows, INDUSTRY, strength * p["labour"])
    skill = 1 + p["skill_gain"] * state.skill / (1 + state.skill)
    made = workers * WORK_DAYS / (p["days"] + p["haulage"] * p["cart"] * p["haul"])
    good = made * p["usable"] * skill / (1 + p["skill_gain"])
    gain = per_head(p["tools"] * good * 1000.0 / p["iron_per_worker"], month.places.labour)
    wear = strength * p["wear"] / 12.0 * (state.tools - 1)
    state = replace(state, tools=state.tools + gain - wear)
    return state, replace(flows, iron=flows.iron + good, slag=flows.slag + made - good)


MECHANISM = Mechanism(
    id="rural_industry",
    systems=("S4",),
    summary="Furnaces and workshops take farm labour; usable iron becomes tools, the rest is waste.",
    group="industry_and_works",
    reads=("labour", "skill", "tools", "iron", "slag"),
    writes=("labour", "tools", "iron", "slag"),
    parameters=PARAMETERS,
    shared=("harvest.skill_gain",),
    step=step,
)
