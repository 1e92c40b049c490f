"""Vital registration, and the population register: what the office registers of deaths, births and moves.

registered = k * true + late; k falls with overload, k = k0 exp(-a (deaths / normal - 1)+). A late
registration counts in the month in which it is made, and some deaths are never registered. The population
register loses only part of those who leave. The process is that of `population.registration_process`, month
by month: a death that is registered late is taken from those not registered.

References
----------
preston2001
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, published, recalled
from dearth.numerics.smooth_thresholds import positive, ratio
from dearth.population.registration_process import register_births, register_month
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
        "k0: deaths registered in the month they happen",
    ),
    Parameter("overload", 0.1, 0.0, 0.3, "ratio", assumed(), "a: fall of k by deaths above normal"),
    Parameter(
        "late", 0.03, 0.01, 0.1, "share a month", assumed(), "unregistered deaths that are registered late"
    ),
    Parameter(
        "ever", 0.3, 0.1, 0.6, "share", assumed(), "deaths missed at first that may be registered late"
    ),
    Parameter(
        "births",
        0.92,
        0.85,
        0.97,
        "share",
        recalled("banister1984", note="remembered as 0.90-0.95; her table has 0.76-0.88 in 1953-57"),
        "births registered",
    ),
    Parameter("struck", 0.5, 0.3, 0.7, "share", assumed(), "people who leave that the register removes"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Register the month's deaths and births, and keep the population register."""
    died = flows.deaths
    overload = positive(ratio(died, flows.normal_deaths) - 1, 0.05)
    complete = p["deaths"] * jnp.exp(-p["overload"] * overload)
    registered, late, waiting = register_month(
        died, state.unregistered, complete, p["late"], p["ever"], strength
    )
    born = strength * register_births(jnp.sum(flows.births, axis=0), p["births"])
    came, left = strength * flows.came, strength * flows.left
    register = state.register + born - registered - late + came - p["struck"] * left
    state = replace(state, register=register, unregistered=waiting)
    flows = replace(
        flows,
        deaths_registered=flows.deaths_registered + registered + late,
        births_registered=flows.births_registered + born,
    )
    return state, flows


MECHANISM = Mechanism(
    id="registers",
    systems=("S16",),
    summary="The office registers part of deaths and births, some late, and keeps a population register.",
    group="",
    reads=(
        "normal_deaths",
        "deaths",
        "births",
        "came",
        "left",
        "register",
        "unregistered",
        "deaths_registered",
        "births_registered",
    ),
    writes=("register", "unregistered", "deaths_registered", "births_registered"),
    parameters=PARAMETERS,
    form=published(
        "preston2001", note="completeness as a share of events; its fall with overload is a choice"
    ),
    step=step,
)
