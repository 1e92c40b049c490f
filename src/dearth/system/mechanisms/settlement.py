"""Settlement: dwellings scattered beside the work, or a city at a distance.

Commuting takes 2 d / v of a shift of ten hours; a city dwelling costs c_u / c_v = 2-4 village
dwellings; families of the clusters grow 100-250 kg of grain per adult-year of part-time work.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed
from dearth.system.flows import COMMUTING, Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever("clusters", 0.0, 0.0, 1.0, "share", assumed(), "town workers to be housed beside their work"),
    Parameter("pace", 0.03, 0.01, 0.06, "share a month", assumed(), "gap to that share built in a month"),
    Parameter("distance", 5.0, 2.0, 10.0, "km", assumed(), "d: from a city dwelling to the work"),
    Parameter("speed", 5.0, 4.0, 15.0, "km/h", assumed(), "v: on foot or by cart"),
    Parameter(
        "city_cost",
        3.0,
        2.0,
        4.0,
        "ratio",
        assumed(),
        "capital of a city dwelling over a village one",
    ),
    Parameter(
        "grown",
        175.0,
        100.0,
        250.0,
        "kg/adult/yr",
        assumed(),
        "grain grown by a woman of the clusters",
    ),
    Parameter("renewal", 0.03, 0.02, 0.05, "share a year", assumed(), "dwellings built anew"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Build, walk to work, and grow grain beside the dwellings."""
    urban = month.places.urban
    moved = strength * p["pace"] * (p["clusters"] - state.clustered) * urban
    clustered = state.clustered + moved
    women, men = flows.adults * urban
    walking = strength * 2 * p["distance"] / p["speed"] / 10.0 * (1 - clustered) * men
    grain = strength * p["grown"] / 12000.0 * clustered * women
    people = flows.present * urban
    built = strength * p["renewal"] / 12.0 + jnp.maximum(moved, 0.0)
    cost = built * people * (clustered + (1 - clustered) * p["city_cost"])
    state = replace(state, clustered=clustered, store=state.store + grain)
    flows = replace(
        flows,
        labour=flows.labour.at[COMMUTING].add(walking),
        output=flows.output + grain,
        building=flows.building + cost,
    )
    return state, flows


MECHANISM = Mechanism(
    id="settlement",
    systems=("S3",),
    summary="Dwellings beside the work save commuting and building and grow some grain; a city does not.",
    group="industry_and_works",
    reads=("present", "adults", "clustered", "store", "labour", "output", "building"),
    writes=("clustered", "store", "labour", "output", "building"),
    parameters=PARAMETERS,
    step=step,
)
