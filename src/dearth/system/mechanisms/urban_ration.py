"""The urban ration: grain issued from the state's stock to the towns.

181-201 kg of trade grain a head a year in 1957-62, nearly flat; in original grain 1.17 times
that. Limited by the share of the stock that this claim may reach, a setting; the order of claims is that of
the month. What industry, army and animals of the towns use goes through the same claim and is recorded as
lost to eating. As the stock runs down rations are cut, and other uses more: by c exp(-M / s), M being the
months that the stock would last.

References
----------
lin_yang2000
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import positive, ratio
from dearth.system.flows import Flows
from dearth.system.granary import issue, shortage
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever(
        "ration",
        229.0,
        200.0,
        240.0,
        "kg/head/yr",
        recalled(note="196 kg of trade grain times 1.17"),
        "original grain for a townsman",
    ),
    lever(
        "other_uses",
        0.0,
        0.0,
        90.0,
        "kg/head/yr",
        assumed(note="a case may derive it from recorded sales"),
        "state grain for industry, army and towns' animals, per townsman",
    ),
    lever("reach", 0.6, 0.1, 0.95, "share a month", assumed(), "state stock that the towns may draw at most"),
    Parameter("cut", 0.3, 0.1, 0.5, "share", assumed(), "ration cut when the stock is gone"),
    Parameter("cut_others", 0.7, 0.3, 1.0, "share", assumed(), "other uses cut when the stock is gone"),
    Parameter("slack", 3.0, 1.0, 5.0, "months", assumed(), "stock at which cuts are a third of the deepest"),
    Parameter("hand", 0.2, 0.0, 0.5, "months", assumed(), "store a town keeps in hand"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Issue the month's ration to the towns."""
    at = month.places
    full = p["ration"] / 12000.0 * flows.present * at.urban
    others = p["other_uses"] / 12000.0 * flows.present * at.urban
    low = strength * shortage(state, full + others, p["slack"], at)
    ration = (1 - p["cut"] * low) * full
    wanted = (
        strength * positive((1 + p["hand"]) * ration - state.store * at.urban, 0.01 * full + 1e-6) * at.urban
    )
    other = strength * (1 - p["cut_others"] * low) * others
    given, drawn = issue(state, wanted + other, p["reach"], at)
    used = given * ratio(other, wanted + other)
    state = replace(state, store=state.store + given - used, granary=state.granary - drawn)
    return state, replace(flows, ration=flows.ration + given, lost=flows.lost + used)


MECHANISM = Mechanism(
    id="urban_ration",
    systems=("S9",),
    summary="The state issues a ration to the towns, cut as its stock runs down.",
    group="",
    reads=("present", "store", "granary", "ration", "lost"),
    writes=("store", "granary", "ration", "lost"),
    parameters=PARAMETERS,
    form=assumed("lin_yang2000", note="the work measures the priority of towns; the equation is a choice"),
    step=step,
)
