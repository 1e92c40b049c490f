"""Who can work in the fields, and how strongly: people of 15-59 by sex, weakened by past hunger.

The nutrition channel of Li and Yang (2005) with the elasticity of Strauss (1986).
Workers = men * 0.95 + women * w;
vigour h = (k / k_ref)^eta with k the energy of the last months.

References
----------
li_yang2005, strauss1986
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import positive
from dearth.system.flows import AGRICULTURE, Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

WORK_DAYS = 25.0  # of a worker in a month, assumed
PARAMETERS = (
    lever("women", 0.60, 0.5, 0.85, "share", recalled(), "women of 15-59 who work in the fields"),
    Parameter("men", 0.95, 0.9, 0.98, "share", assumed(), "men of 15-59 who work in the fields"),
    Parameter(
        "eta",
        0.45,
        0.33,
        0.6,
        "elasticity",
        recalled("strauss1986", note="measured in Sierra Leone; the figures are recalled"),
        "work done per worker, by energy eaten",
    ),
    Parameter(
        "well_fed",
        1950.0,
        1800.0,
        2100.0,
        "kcal/head/day",
        recalled(),
        "energy above which more food does no more work",
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Put the workers of rural places into the fields and say how strong they are."""
    women, men = flows.adults
    hands = strength * (p["women"] * women + p["men"] * men) * month.places.rural
    short = positive(jnp.log(p["well_fed"] * (1 + flows.need) / (state.energy_past + 50.0)), 0.02)
    labour = flows.labour.at[AGRICULTURE].add(hands)
    return state, replace(flows, labour=labour, vigour=flows.vigour - strength * p["eta"] * short)


MECHANISM = Mechanism(
    id="labour",
    systems=("S5",),
    summary="People of 15-59 work in the fields, less strongly after months of hunger.",
    group="",
    reads=("adults", "need", "energy_past", "labour", "vigour"),
    writes=("labour", "vigour"),
    parameters=PARAMETERS,
    form=recalled("li_yang2005", "strauss1986", note="the nutrition channel"),
    step=step,
)
