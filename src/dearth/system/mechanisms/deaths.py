"""Deaths by age and sex: normal hazard, and hunger spread over ages by the famine pattern.

MECHANISMS 13e: excess over that of ages 20-39: infants 3, 1-4 3, 5-9 1.5, 10-19 0.7, 40-59 1.8, 60+ 4; men
1.2-1.4 times women, boys 1.0-1.1 times girls. The pattern is scaled so that its mean over the people of the
place is the hazard `bodies` gives. Normal hazards move cohorts as `population.projection` does.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array

from dearth.numerics.barrier import written_out
from dearth.numerics.columns import summed, weighed
from dearth.numerics.smooth import ratio
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings
from dearth.system.state import AGES, State

GROUPS = (0, 1, 5, 10, 20, 40, 60, AGES)  # first ages of the groups, and the end
NAMES = ("infant", "child", "school", "youth", "adult", "mature", "old")
RANGES = (
    (3.0, 2.0, 4.0),
    (3.0, 2.0, 4.0),
    (1.5, 1.0, 2.0),
    (0.7, 0.5, 1.0),
    (1.0, 0.9, 1.1),
    (1.8, 1.4, 2.2),
    (4.0, 3.0, 5.0),
)
_AGE = np.arange(AGES)
# weights [sex, group, sex, age] of the groups, and [2, sex, age] of all people and of women of 15-49
MEMBERS = np.einsum("st,ga->sgta", np.eye(2), [(a <= _AGE) & (b > _AGE) for a, b in pairwise(GROUPS)])
ALL_AND_MOTHERS = np.stack(
    [np.ones((2, AGES)), np.outer([1.0, 0.0], (_AGE >= 15) & (_AGE < 50)).astype(float)]
)
PARAMETERS = (
    *(
        Parameter(
            name, default, low, high, "ratio", "MECHANISMS 13e [R]", f"excess hazard at ages from {first}"
        )
        for name, (default, low, high), first in zip(NAMES, RANGES, GROUPS, strict=False)
    ),
    Parameter(
        "men", 1.3, 1.2, 1.4, "ratio", "MECHANISMS 13e [R]", "excess hazard of men over women, from 15"
    ),
    Parameter("boys", 1.05, 1.0, 1.1, "ratio", "MECHANISMS 13e [R]", "excess hazard of boys over girls"),
)


def grouped(people: Array) -> Array:
    """Return persons [sex, group, place] of `people` [sex, age, place]."""
    return weighed(jnp.asarray(MEMBERS), people)


def by_age(values: Array) -> Array:
    """Spread values [sex, group, place] over single ages [sex, age, place]."""
    sizes = [b - a for a, b in pairwise(GROUPS)]
    parts = [
        jnp.broadcast_to(values[:, g : g + 1], (values.shape[0], n, values.shape[2]))
        for g, n in enumerate(sizes)
    ]
    return jnp.concatenate(parts, axis=1)


def pattern(p: Settings, like: Array) -> Array:
    """Return the excess hazard [sex, group, place] over that of women of 20-39."""
    women = [p[name] * jnp.ones_like(like) for name in NAMES]
    men = [w * (p["boys"] if first < 10 else p["men"]) for w, first in zip(women, GROUPS, strict=False)]
    return jnp.stack([jnp.stack(women), jnp.stack(men)])


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Let people die of the month's normal and excess hazards."""
    relative = pattern(p, month.places.urban)
    counts = grouped(state.people)
    total, weighted = summed(counts), summed(relative * counts)
    mean = weighted * total / (total * total + 1e-6)
    # where nobody lives the pattern has no mean: its own scale serves
    level = strength * flows.hunger / jnp.where(mean > 1e-3, mean, 1.0)
    # materialised: fused into the ages, the exponentials would be taken 202 times instead of 14
    excess = by_age(written_out(jnp.exp(-relative * level)))
    normal = jnp.exp(-strength * month.schedules.hazard[:, :, None])
    died = state.people * (1 - normal * excess)
    dead, mothers_dead = weighed(jnp.asarray(ALL_AND_MOTHERS), died)
    mothers = ratio(mothers_dead, weighed(jnp.asarray(ALL_AND_MOTHERS[1]), state.people))
    flows = replace(
        flows,
        deaths=flows.deaths + dead,
        deaths_by_age=flows.deaths_by_age + jnp.sum(died, axis=-1),
        mothers_lost=flows.mothers_lost + mothers,
    )
    return replace(state, people=state.people - died), flows


MECHANISM = Mechanism(
    id="deaths",
    systems=("S16",),
    summary="People die by age and sex, of normal causes and of hunger.",
    group="",
    reads=("people", "hunger", "deaths", "deaths_by_age", "mothers_lost"),
    writes=("people", "deaths", "deaths_by_age", "mothers_lost"),
    parameters=PARAMETERS,
    step=step,
)
