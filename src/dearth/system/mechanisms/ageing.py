"""Ageing: at the turn of the year everybody moves up a row.

Cohorts by calendar year of birth, as `dearth.population.projection` carries them (Preston, Heuveline &
Guillot 2001, chapter 6); the last row keeps its own.

References
----------
preston2001
"""

from dataclasses import replace
from typing import Any

from dearth.bibliography.grade import published
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Settings
from dearth.system.state import State


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Move people [sex, age, place] up an age; row 0 opens empty."""
    moved = strength * state.people[:, :-1]
    people = state.people.at[:, :-1].add(-moved).at[:, 1:].add(moved)
    return replace(state, people=people), flows


MECHANISM = Mechanism(
    id="ageing",
    systems=("S16",),
    summary="Everybody grows a year older in December.",
    group="",
    reads=("people",),
    writes=("people",),
    parameters=(),
    form=published("preston2001", note="cohort-component projection"),
    step=step,
    when="year",
)
