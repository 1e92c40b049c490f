"""What a run writes down of every month: the ledger, the stocks at its end, the errors of the accounts."""

import jax.numpy as jnp
from jax import Array

from dearth.numerics.weighted_sums import summed
from dearth.system.balance import imbalance
from dearth.system.flows import Flows
from dearth.system.places import Places
from dearth.system.state import State, headcount

Records = dict[str, Array]
PLACE, AREA, WHOLE = ("place",), ("granary_area",), ()
FLOWS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "output",
            "seed",
            "feed",
            "eaten",
            "lost",
            "procured",
            "searched",
            "ration",
            "resale",
            "relief",
            "sent",
            "received",
            "normal_deaths",
            "energy",
            "hunger",
            "maternal",
            "deaths_registered",
            "births_registered",
            "iron",
            "slag",
            "coal",
            "fuel_saved",
            "building",
            "deaths",
            "left",
            "came",
        ),
        PLACE,
    ),
    **dict.fromkeys(("exports", "imports", "moved_out", "moved_in", "lost_state"), AREA),
    "labour": ("use", *PLACE),
    "deaths_by_age": ("sex", "age"),
    **dict.fromkeys(("aid", "service"), WHOLE),
}
STOCKS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "store",
            "concealed",
            "sown",
            "animals",
            "tools",
            "irrigated",
            "skill",
            "halls",
            "plots",
            "effort",
            "quota",
            "register",
            "unregistered",
            "energy_past",
            "reserves",
            "clustered",
            "alarm",
        ),
        PLACE,
    ),
    "granary": AREA,
    "claims": ("level", *PLACE),
    "beliefs": ("level", *PLACE),
    **dict.fromkeys(("machinery", "debt", "export_plan"), WHOLE),
}
ERRORS: dict[str, tuple[str, ...]] = {
    "error_place_grain": PLACE,
    "error_state_grain": AREA,
    "error_people": PLACE,
}
DIMENSIONS: dict[str, tuple[str, ...]] = {
    **FLOWS,
    "births": PLACE,
    **STOCKS,
    "population": PLACE,
    "people_by_age": ("sex", "age"),
    "body_mass": PLACE,
    **ERRORS,
}
OPENING = frozenset(("normal_deaths",))  # counted as the month opens; a harvest at its end adds nothing
ADDITIVE = frozenset((*FLOWS, "births")) - OPENING


def observe(before: State, after: State, flows: Flows, places: Places) -> Records:
    """Return the records of a month (or of its harvest) by name; axes as in DIMENSIONS."""
    found = {name: getattr(flows, name) for name in FLOWS}
    found["births"] = jnp.sum(flows.births, axis=0)
    found |= {name: getattr(after, name) for name in STOCKS}
    found["population"] = headcount(after)
    found["people_by_age"] = jnp.sum(after.people, axis=-1)
    found["body_mass"] = summed(after.body_mass * after.body_share)
    return found | dict(zip(ERRORS, imbalance(before, after, flows, places), strict=True))


def joined(months: Records, last: Records) -> Records:
    """Return `months` [month, ...] with what happened after their last one added to it."""
    found = {}
    for name, rows in months.items():
        if name in OPENING:
            found[name] = rows
        elif name in ADDITIVE:
            found[name] = rows.at[-1].add(last[name])
        elif name in ERRORS:
            found[name] = rows.at[-1].max(last[name])
        else:
            found[name] = rows.at[-1].set(last[name])
    return found
