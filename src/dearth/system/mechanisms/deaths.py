"""Deaths by age and sex: normal hazard, and hunger spread over ages by the famine pattern.

Excess over that of ages 20-39: infants 3, 1-4 3, 5-9 1.5, 10-19 0.7, 40-59 1.8, 60+ 4; men
1.2-1.4 times women, boys 1.0-1.1 times girls. The pattern is scaled so that its mean over the people of the
place is the hazard `bodies` gives. Normal hazards move cohorts as `population.projection` does.

References
----------
ashton1984, speakman2013
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from dearth.bibliography.grade import recalled
from dearth.numerics.materialise import written_out
from dearth.numerics.smooth_thresholds import ratio
from dearth.numerics.weighted_sums import beside, summed
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
# the same groups cut at 15 and 50, the bounds of the mothers, with the group of each cell
CELLS = (0, 1, 5, 10, 15, 20, 40, 50, 60, AGES)
GROUP_OF_CELL = [max(g for g, first in enumerate(GROUPS) if first <= cell) for cell in CELLS[:-1]]
MOTHERS = slice(CELLS.index(15), CELLS.index(50))
_AGE = np.arange(AGES)
# weights [cell, age] that sum people by cell
MEMBERS = np.stack([(a <= _AGE) & (b > _AGE) for a, b in pairwise(CELLS)])
PARAMETERS = (
    *(
        Parameter(
            name,
            default,
            low,
            high,
            "ratio",
            recalled("ashton1984", note="from their share of deaths under ten, and from reviews"),
            f"excess hazard at ages from {first}",
        )
        for name, (default, low, high), first in zip(NAMES, RANGES, GROUPS, strict=False)
    ),
    Parameter(
        "men",
        1.3,
        1.2,
        1.4,
        "ratio",
        recalled("speakman2013", note="the work gives the advantage of women, not this ratio"),
        "excess hazard of men over women, from 15",
    ),
    Parameter("boys", 1.05, 1.0, 1.1, "ratio", recalled(), "excess hazard of boys over girls"),
)


def by_cell(people: Array, risk: Array) -> tuple[Array, Array]:
    """Return people, and people times their `risk` [sex, age], each [sex, cell, place].

    These sums take the place of an array of the dead, which would be written and read again.
    """
    members = _members(risk.dtype)
    weights = beside(jnp.concatenate([members, members * risk[:, None]], axis=1), people)
    found = jnp.einsum("sca,sap->scp", weights, people, precision=jax.lax.Precision.HIGHEST)
    return found[:, : len(MEMBERS)], found[:, len(MEMBERS) :]


def _members(dtype: Any) -> Array:
    """Return the weights of the cells once for each sex [sex, cell, age]: no product then turns them."""
    return jnp.broadcast_to(jnp.asarray(MEMBERS, dtype), (2, *MEMBERS.shape))


@jax.custom_jvp
def survivors(people: Array, kept: Array, spared: Array) -> Array:
    """Return `people` times `kept` [sex, age, place or 1] and `spared` [sex, cell, place].

    Cell after cell, each in its own place in memory: one product would be of an array made whole first.
    """
    for c, (first, end) in enumerate(pairwise(CELLS)):
        part = people[:, first:end] * (kept[:, first:end] * spared[:, c : c + 1])
        people = jax.lax.dynamic_update_slice(people, part, (0, first, 0))
    return people


def _survivors_jvp(given: tuple[Array, ...], moved: tuple[Any, ...]) -> tuple[Array, Array]:
    """Return the survivors and their change: as one product, lest every step in between be kept."""
    people, kept, spared = given
    all_spared = by_age(spared, people)
    changes: tuple[Callable[[Any], Array], ...] = (
        lambda t: t * kept * all_spared,
        lambda t: people * (t * all_spared),
        lambda t: people * (kept * by_age(t, people)),
    )
    known = [
        change(t)
        for t, change in zip(moved, changes, strict=True)
        if not isinstance(t, jax.custom_derivatives.SymbolicZero)
    ]
    return survivors(people, kept, spared), sum(known[1:], known[0])


survivors.defjvp(_survivors_jvp, symbolic_zeros=True)


def by_age(values: Array, people: Array) -> Array:
    """Spread values [sex, cell, place] over single ages [sex, age, place]."""
    members = beside(_members(values.dtype), people)
    spread: Array = jnp.einsum("scp,sca->sap", values, members, precision=jax.lax.Precision.HIGHEST)
    return spread


def pattern(p: Settings, like: Array) -> Array:
    """Return the excess hazard [sex, cell, place] over that of women of 20-39."""
    women = [p[name] * jnp.ones_like(like) for name in NAMES]
    men = [w * (p["boys"] if first < 10 else p["men"]) for w, first in zip(women, GROUPS, strict=False)]
    return jnp.stack([jnp.stack([sex[g] for g in GROUP_OF_CELL]) for sex in (women, men)])


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Let people die of the month's normal and excess hazards."""
    relative = pattern(p, month.places.urban)
    risk = -jnp.expm1(-month.schedules.hazard)  # chance of a normal death in the month [sex, age]
    counts, at_risk = by_cell(state.people, risk)
    total, weighted = summed(counts), summed(relative * counts)
    mean = weighted * total / (total * total + 1e-6)
    # where nobody lives the pattern has no mean: its own scale serves
    level = strength * flows.hunger / jnp.where(mean > 1e-3, mean, 1.0)
    hungry = -jnp.expm1(-relative * level)  # chance of a death of hunger [sex, cell, place]
    # mothers beyond those whom the normal hazards hold; below 0 where few are born
    of_births = strength * ratio(flows.maternal, summed(counts[0, MOTHERS]))
    hungry = hungry.at[0, MOTHERS].add((1 - hungry[0, MOTHERS]) * of_births)
    normal = strength * at_risk
    died = normal + (counts - normal) * hungry
    mothers = ratio(summed(died[0, MOTHERS]), summed(counts[0, MOTHERS]))
    # [sex, age, cell] of which each age has its own
    of_hunger = jnp.einsum("sap,scp->sac", state.people, hungry)
    of_all = of_hunger + risk[:, :, None] * jnp.einsum("sap,scp->sac", state.people, strength * (1 - hungry))
    by_age = jnp.sum(of_all * MEMBERS.T, axis=-1)
    # written out: fused into the ages, the exponentials would be taken 202 times instead of 18
    people = survivors(state.people, 1 - strength * risk[:, :, None], written_out(1 - hungry))
    flows = replace(
        flows,
        deaths=flows.deaths + summed(died),
        deaths_by_age=flows.deaths_by_age + by_age,
        mothers_lost=flows.mothers_lost + mothers,
    )
    return replace(state, people=people), flows


MECHANISM = Mechanism(
    id="deaths",
    systems=("S16",),
    summary="People die by age and sex, of normal causes and of hunger.",
    group="",
    reads=("people", "hunger", "maternal", "deaths", "deaths_by_age", "mothers_lost"),
    writes=("people", "deaths", "deaths_by_age", "mothers_lost"),
    parameters=PARAMETERS,
    form=recalled("ashton1984", "speakman2013", note="the famine pattern by age and sex"),
    step=step,
)
