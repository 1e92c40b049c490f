"""Registers: what the office books of deaths, births and moves.

booked = k * true + late; k falls with overload, k = k0 exp(-a (deaths / normal - 1)+); late
bookings each land in a month, and some deaths are never booked; those who leave are struck off only in
part. The process of `population.registration`, month by month: a death booked late is taken from those
not booked.

References
----------
preston2001
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, published, recalled
from dearth.numerics.smooth_thresholds import positive, ratio
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import State

PARAMETERS = (
    Parameter(
        "deaths",
        0.65,
        0.5,
        0.9,
        "share",
        recalled("banister1984", note="remembered as 0.6-0.7; her table has 0.54-0.60 in 1953-57"),
        "k0: deaths booked in the month they happen",
    ),
    Parameter("overload", 0.1, 0.0, 0.3, "ratio", assumed(), "a: fall of k by deaths above normal"),
    Parameter("late", 0.03, 0.01, 0.1, "share a month", assumed(), "deaths still to be booked that are"),
    Parameter("ever", 0.3, 0.1, 0.6, "share", assumed(), "deaths missed at first that may still be booked"),
    Parameter(
        "births",
        0.92,
        0.85,
        0.97,
        "share",
        recalled("banister1984", note="remembered as 0.90-0.95; her table has 0.76-0.88 in 1953-57"),
        "births booked",
    ),
    Parameter("struck", 0.5, 0.3, 0.7, "share", assumed(), "those who leave that are struck off the rolls"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Book the month's deaths and births and keep the rolls."""
    died = flows.deaths
    overload = positive(ratio(died, flows.normal_deaths) - 1, 0.05)
    booked = strength * p["deaths"] * jnp.exp(-p["overload"] * overload) * died
    late = strength * p["late"] * state.unbooked
    born = strength * p["births"] * jnp.sum(flows.births, axis=0)
    came, left = strength * flows.came, strength * flows.left
    names = state.names + born - booked - late + came - p["struck"] * left
    missed = p["ever"] * (strength * died - booked)
    state = replace(state, names=names, unbooked=state.unbooked + missed - late)
    flows = replace(
        flows, deaths_booked=flows.deaths_booked + booked + late, births_booked=flows.births_booked + born
    )
    return state, flows


MECHANISM = Mechanism(
    id="registers",
    systems=("S16",),
    summary="The office books part of the deaths and births, some late; rolls keep names of those who left.",
    group="",
    reads=(
        "normal_deaths",
        "deaths",
        "births",
        "came",
        "left",
        "names",
        "unbooked",
        "deaths_booked",
        "births_booked",
    ),
    writes=("names", "unbooked", "deaths_booked", "births_booked"),
    parameters=PARAMETERS,
    form=published(
        "preston2001", note="completeness as a share of events; its fall with overload is a choice"
    ),
    step=step,
)
