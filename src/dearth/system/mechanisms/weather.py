"""The season's weather: a log multiplier of the harvest, from disaster area and from local luck.

W = exp(-b * share_disaster + e). Two rival sources of the first term: `reported` disaster
area, which neglect can swell, and `station` data, which give near-normal yields; for
the second the share is taken as nil and only the noise is left.

References
----------
meng2015
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import assumed, recalled
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, choice
from dearth.system.state import State

PARAMETERS = (
    choice(
        "source",
        "reported",
        ("reported", "station"),
        recalled(
            "meng2015",
            note="station data near normal in 1959-61; the rival form takes the disaster area as reported",
        ),
        "whose word is taken for how much land was struck",
    ),
    Parameter(
        "loss",
        0.4,
        0.3,
        0.5,
        "log yield",
        assumed("ssb1979", note="land counts as struck where more than 30 % is lost; 0.4 is a choice"),
        "fall of yield on land struck by disaster",
    ),
    Parameter(
        "local_sd",
        0.08,
        0.05,
        0.18,
        "log yield",
        assumed(),
        "spread of a place's yield of one harvest; yields of small areas vary by 0.12-0.18 a year",
    ),
    Parameter("common_sd", 0.03, 0.01, 0.06, "log yield", assumed(), "spread shared by all places"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Draw the harvest's weather: noise "local" [place] and "common" [] are standard normal."""
    struck = month.outside["disaster"] * (1 - p["source"])
    noise = p["local_sd"] * month.noise["local"] + p["common_sd"] * month.noise["common"]
    return replace(state, weather=strength * (noise - p["loss"] * struck)), flows


MECHANISM = Mechanism(
    id="weather",
    systems=("S11",),
    summary="Disaster area and local luck move the yield of each harvest.",
    group="weather",
    reads=(),
    writes=("weather",),
    parameters=PARAMETERS,
    form=recalled("meng2015", note="rival accounts of the weather of 1959-61"),
    step=step,
    when="harvest",
)
