"""External trade in plant and its withdrawal: machinery on credit, debt service paid partly in grain.

K' = K (1 - dep) + domestic + imported; spare parts bound what runs; debt service spread over
years, a share of it in food. All in tonnes of grain the goods are worth, over a normal harvest.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever(
        "withdrawn",
        0.0,
        0.0,
        1.0,
        "share",
        recalled(
            "dikotter2010",
            note="the recall of advisers in July 1960 was read; the fall of imports is recalled",
        ),
        "machinery imports cut off",
    ),
    Parameter("imported", 0.4, 0.2, 0.6, "share", recalled(), "new plant that comes from abroad"),
    Parameter("wear", 0.08, 0.05, 0.12, "share a year", assumed(), "plant worn out"),
    lever(
        "aid",
        0.006,
        0.0,
        0.02,
        "share of harvest a year",
        assumed(),
        "plant received on credit, in grain it is worth",
    ),
    lever(
        "service",
        0.006,
        0.0,
        0.02,
        "share of harvest a year",
        recalled(note="a total debt of 6.6 billion old roubles"),
        "debt service, in grain it is worth",
    ),
    Parameter(
        "in_grain",
        0.25,
        0.03,
        0.5,
        "share",
        recalled(note="a third to a half in the 1950s, 3-5 % in 1961-63"),
        "debt service paid in food",
    ),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Replace plant, draw credit, pay service; order the grain that the service takes."""
    harvest = jnp.sum(month.places.harvest)
    p = {name: jnp.mean(value * jnp.ones_like(strength)) for name, value in p.items()}
    on = jnp.mean(strength)
    built = (1 - p["imported"]) + p["imported"] * (1 - p["withdrawn"])
    machinery = state.machinery + on * p["wear"] / 12.0 * (built - state.machinery)
    aid = on * p["aid"] * (1 - p["withdrawn"]) * harvest / 12.0
    service = on * p["service"] * harvest / 12.0
    state = replace(state, machinery=machinery, debt=state.debt + aid - service)
    flows = replace(
        flows,
        aid=flows.aid + aid,
        service=flows.service + service,
        export_order=flows.export_order + p["in_grain"] * service,
    )
    return state, flows


MECHANISM = Mechanism(
    id="external_trade",
    systems=("S1",),
    summary="Machinery comes on credit and can be withdrawn; debt service takes part of its pay in grain.",
    group="trade",
    reads=("machinery", "debt", "aid", "service", "export_order"),
    writes=("machinery", "debt", "aid", "service", "export_order"),
    parameters=PARAMETERS,
    step=step,
)
