"""Resale: grain the state sells back to the countryside, by one of two rules.

14-20 Mt a year in the 1950s. The crop calendar says which share is sold in a month (`resale`).

* `believed`: to rural places that, by the centre's belief, keep less than the floor after seed, feed and
  quota: inflated reports hide the need;
* `fixed`: sales fixed per head beforehand, as the unified purchase and sale of 1955 fixed them with the
  quotas, whatever is reported: growers of other crops, herders and fishers buy in every year.

News of deaths (see `mortality_reports`) makes the centre doubt what it believes, and adds to fixed sales, by
the share a (1 - exp(-A)) that relief answers with.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, published, recalled
from dearth.numerics.smooth_thresholds import positive
from dearth.system.flows import Flows
from dearth.system.granary import issue
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, choice, lever
from dearth.system.state import CENTRE, State

RULES = ("believed", "fixed")
PARAMETERS = (
    choice(
        "rule",
        "believed",
        RULES,
        assumed(note="two rival accounts of how sales were decided"),
        "rule by which the state sells back",
    ),
    lever(
        "floor",
        210.0,
        150.0,
        240.0,
        "kg/head/yr",
        recalled(),
        "food grain below which the state sells back",
    ),
    lever(
        "sales",
        32.0,
        26.0,
        38.0,
        "kg/head/yr",
        published("ssb1979", note="14-20 million tonnes a year"),
        "grain sold back by rule fixed",
    ),
    Parameter("kept_back", 0.2, 0.15, 0.25, "share", recalled(), "harvest that seed, feed and losses take"),
    lever("reach", 0.3, 0.05, 0.95, "share a month", assumed(), "state stock that resale may draw at most"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Sell grain back to places believed short, or as sales were fixed."""
    at = month.places
    floor = p["floor"] / 1000.0 * flows.present
    news = p["answer"] * -jnp.expm1(-state.alarm)
    kept = (1 - p["kept_back"]) * (1 - news) * state.beliefs[CENTRE] - state.quota
    season = month.of_month(month.crop_calendar.resale, state.store.dtype)
    short = positive(floor - kept, 0.03 * floor + 1e-6)
    sales = (1 + news) * p["sales"] / 1000.0 * flows.present
    asked = jnp.where(jnp.round(p["rule"]) == RULES.index("fixed"), sales, short)
    wanted = strength * season * at.rural * asked
    given, drawn = issue(state, wanted, p["reach"], at)
    state = replace(state, store=state.store + given, granary=state.granary - drawn)
    return state, replace(flows, resale=flows.resale + given)


MECHANISM = Mechanism(
    id="resale",
    systems=("S9",),
    summary="The state sells grain back to the countryside, by belief or as fixed, more on news of deaths.",
    group="relief",
    reads=("present", "beliefs", "quota", "alarm", "store", "granary", "resale"),
    writes=("store", "granary", "resale"),
    parameters=PARAMETERS,
    shared=("relief.answer",),
    step=step,
)
