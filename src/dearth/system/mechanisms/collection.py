"""Collection of the quota through the year, and searches for concealed grain.

The crop calendar says which share of the quota falls due in a month (`quota_due`); collected =
min(due, e a stock). Arrears are carried in part. The emptier the stores, the less the same pressure brings:
a = stock^2 / (stock^2 + q reserve^2), the reserve being what the people need to survive until the next
harvest. At the reserve and q = 1 pressure brings half of what it brings from full stores.
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import least
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever(
        "enforcement",
        0.3,
        0.1,
        0.6,
        "share a month",
        assumed(),
        "e: store that can be taken at most",
    ),
    lever("search", 0.02, 0.0, 0.5, "share a month", assumed(), "concealed grain found"),
    Parameter(
        "resistance",
        1.0,
        0.0,
        3.0,
        "ratio",
        assumed(note="what a store at the survival reserve costs the collectors"),
        "q: how far stores near the survival reserve resist",
    ),
    Parameter(
        "survival",
        100.0,
        80.0,
        140.0,
        "kg/head/yr",
        recalled("meng2015", note="804 kcal a day remembered as what survival takes"),
        "grain that people do not give up without a fight",
    ),
    Parameter("arrears_kept", 0.5, 0.0, 1.0, "share", assumed(), "dues not met that stay due"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Take the month's dues and what searches find to the state's granary of their area."""
    due = state.arrears + month.of_month(month.crop_calendar.quota_due, state.quota.dtype) * state.quota
    reserve = p["survival"] / 12000.0 * month.left * flows.present
    squared = state.store * state.store
    yielding = squared / (squared + p["resistance"] * reserve * reserve + 1e-9)
    taken = least(due, p["enforcement"] * yielding * state.store)
    arrears = state.arrears + strength * (p["arrears_kept"] * (due - taken) - state.arrears)
    taken = strength * taken
    found = strength * p["search"] * state.concealed
    state = replace(
        state,
        store=state.store - taken,
        concealed=state.concealed - found,
        arrears=arrears,
        delivered=state.delivered + taken,
        granary=state.granary + month.places.by_granary_area(taken + found),
    )
    return state, replace(flows, procured=flows.procured + taken, searched=flows.searched + found)


MECHANISM = Mechanism(
    id="collection",
    systems=("S9",),
    summary="Quotas are collected month by month, less from empty stores; hidden grain is searched for.",
    group="procurement",
    reads=(
        "present",
        "arrears",
        "delivered",
        "quota",
        "store",
        "concealed",
        "granary",
        "procured",
        "searched",
    ),
    writes=("store", "concealed", "arrears", "delivered", "granary", "procured", "searched"),
    parameters=PARAMETERS,
    step=step,
)
