"""Famine foods: bark, wild plants and other substitutes, and crops eaten before they are ripe.

found = C (1 - exp(-r gap / C)), gap the energy that a meal lacks below the level at which people turn to such
foods, C the most that can be found in the month. For wild food C follows the year's growth; for unripe
crops it opens in the last two months before a harvest, and what is eaten is missing from that harvest: no
collection reaches it. Dining halls hinder both. Towns find a part of the wild food.

References
----------
guyu_muluneh2016, edgerton_tarpley2020, thaxton2008
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jax import Array

from dearth.bibliography.grade import assumed, transferred
from dearth.numerics.smooth_thresholds import positive, ratio
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.mechanisms.eating import DAYS
from dearth.system.state import State

RIPENING = 2  # months before a harvest in which the crop can be eaten
PARAMETERS = (
    Parameter(
        "start", 1900.0, 1800.0, 2000.0, "kcal/head/day", assumed(), "energy below which people turn to them"
    ),
    Parameter(
        "wild",
        200.0,
        100.0,
        400.0,
        "kcal/head/day",
        transferred(
            "guyu_muluneh2016",
            note="5-9 % of the food of a hungry district, 105-190 kcal; famine makes people search longer",
        ),
        "wild food and substitutes that can be found at most, in the month of most growth",
    ),
    Parameter("winter", 0.4, 0.2, 0.7, "share", assumed(), "of it in the month of least growth"),
    lever("peak", 7.0, 1.0, 12.0, "month", assumed(), "month of most growth"),
    Parameter(
        "unripe",
        150.0,
        0.0,
        300.0,
        "kcal/head/day",
        assumed("thaxton2008", note="the work says that most lived on them, not how much they ate"),
        "unripe crops eaten at most, in the two months before a harvest",
    ),
    Parameter("cost", 1.5, 1.2, 2.0, "ratio", assumed(), "ripe grain missing for each tonne eaten unripe"),
    Parameter("reach", 0.5, 0.3, 0.8, "share", assumed(), "of the first energy lacking that is found"),
    Parameter(
        "hindered", 0.3, 0.0, 0.8, "share", assumed(), "of what is found, lost by those who eat in common"
    ),
    Parameter("towns", 0.3, 0.1, 0.6, "share", assumed(), "of the wild food of the country found in towns"),
)


def found(gap: Array, ceiling: Array, reach: Any) -> Array:
    """Return energy found [place] where `gap` is lacking and at most `ceiling` can be found, kcal."""
    most = ceiling + 1.0  # a kilocalorie: no division by nothing
    return -most * jnp.expm1(-reach * gap / most)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Add what is found to the energy of the month; take unripe crops from the standing harvest."""
    at = month.places
    angle = 2 * jnp.pi / 12 * (month.calendar - p["peak"])
    growth = p["winter"] + (1 - p["winter"]) * 0.5 * (1 + jnp.cos(angle))
    ripening = jnp.where(month.left <= RIPENING, 1.0, 0.0)
    wild = growth * p["wild"] * (at.rural + p["towns"] * at.urban)
    unripe = ripening * p["unripe"] * at.rural
    free = strength * (1 - p["hindered"] * state.halls)
    gap = positive(p["start"] * (1 + flows.need) - flows.energy, 40.0)
    energy = free * found(gap, wild + unripe, p["reach"])
    from_fields = energy * unripe / (wild + unripe + 1.0)
    tonnes = from_fields * flows.present * DAYS / p["kcal_per_kg"] / 1000.0
    coming = month.of_month(month.crop_calendar.coming, jnp.int32)
    standing = at.shares[coming] * at.harvest
    eaten = -jnp.expm1(-ratio(p["cost"] * tonnes, standing))
    state = replace(
        state,
        damage=state.damage + (1 - state.damage) * eaten,
        energy_past=state.energy_past + energy / p["memory"],
    )
    return state, replace(flows, energy=flows.energy + energy)


MECHANISM = Mechanism(
    id="famine_foods",
    systems=("S10", "S16"),
    summary="In hunger people eat bark, wild plants and unripe crops, up to a limit of the season.",
    group="",
    reads=("present", "need", "energy", "energy_past", "halls", "damage"),
    writes=("damage", "energy_past", "energy"),
    parameters=PARAMETERS,
    shared=("eating.kcal_per_kg", "eating.memory"),
    form=assumed(
        "edgerton_tarpley2020", "thaxton2008", note="the works name the foods; the equation is a choice"
    ),
    step=step,
)
