"""Public dining halls: cooks, freed women, free supply, waste, skimming, fuel saved.

In the free-supply phase intake is 1.2-1.35 times normal; waste 3-8 % then, 1-3 % later; 3-8 %
skimmed; kitchens take 3-5 % of the labour and free up to 8 %; pooled fires save 20-40 % of cooking fuel;
equal rations halve the spread of intake.

References
----------
chang_wen1997, liu_wen_wei2014
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.system.flows import AGRICULTURE, KITCHENS, Flows, divert
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever(
        "coverage",
        0.0,
        0.0,
        1.0,
        "share",
        assumed(note="no dining halls before 1958; a case dates their coverage"),
        "people who eat in common",
    ),
    lever("free", 0.0, 0.0, 1.0, "share", recalled(), "halls that serve without a ration"),
    Parameter("opening", 0.5, 0.3, 0.9, "share a month", assumed(), "gap between order and halls, closed"),
    Parameter("over_eating", 0.27, 0.2, 0.35, "share", recalled(), "intake above the norm under free supply"),
    Parameter("waste_free", 0.05, 0.03, 0.08, "share", recalled(), "spoiled under free supply"),
    Parameter("waste", 0.02, 0.01, 0.03, "share", recalled(), "spoiled under rations"),
    Parameter("skim", 0.05, 0.03, 0.08, "share", assumed(), "taken before the food is shared out"),
    Parameter("cooks", 0.04, 0.03, 0.05, "share", assumed(), "farm labour moved to kitchens and nurseries"),
    Parameter(
        "freed",
        0.05,
        0.0,
        0.08,
        "share",
        recalled(),
        "farm labour gained from women freed of cooking",
    ),
    Parameter("equal", 0.5, 0.4, 0.6, "share", assumed(), "spread of intake that equal rations take away"),
    Parameter("fuel", 0.3, 0.2, 0.4, "share", assumed(), "cooking fuel saved"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Open or close halls, and say what those who eat there do."""
    rural = month.places.rural
    halls = state.halls + p["opening"] * (strength * p["coverage"] * rural - state.halls)
    gained = p["freed"] * halls * flows.labour[AGRICULTURE]
    flows = replace(flows, labour=flows.labour.at[AGRICULTURE].add(gained))
    flows, _ = divert(flows, KITCHENS, p["cooks"] * halls)
    free = p["free"] * halls
    flows = replace(
        flows,
        appetite=flows.appetite + p["over_eating"] * free,
        spoiled=flows.spoiled + p["waste_free"] * free + p["waste"] * (halls - free),
        skimmed=flows.skimmed + p["skim"] * halls,
        equalised=flows.equalised + p["equal"] * halls,
        fuel_saved=flows.fuel_saved + p["fuel"] * halls,
    )
    return replace(state, halls=halls), flows


MECHANISM = Mechanism(
    id="communal_dining",
    systems=("S6",),
    summary="Public dining halls: free supply, waste and skimming; labour and fuel saved; equal rations.",
    group="dining",
    reads=("halls", "labour", "appetite", "spoiled", "skimmed", "equalised", "fuel_saved"),
    writes=("halls", "labour", "appetite", "spoiled", "skimmed", "equalised", "fuel_saved"),
    parameters=PARAMETERS,
    form=assumed("chang_wen1997", "liu_wen_wei2014", note="the works give the channels, not the equations"),
    step=step,
)
