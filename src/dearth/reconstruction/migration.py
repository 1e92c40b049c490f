"""Net migration of a reconstruction: none, a known series, or unknowns with a term of the crisis.

Those who come and go in ordinary years have the ages of movers; flight, deportation and forced labour take
other ages and more of one sex, and some who left come back in the years after.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from dearth.population.migration_ages import migration_rates
from dearth.reconstruction.age_patterns import AGES
from dearth.reconstruction.layout import Layout
from dearth.reconstruction.unknowns import periods

Array = Any
LAST = 5  # last years whose mean migration goes on until the later census, give or take; assumed
MOVERS = np.asarray(migration_rates(AGES))


class Moves(NamedTuple):
    """Net migration, inward positive.

    Attributes
    ----------
    usual, crisis : net migrants of a year over all people at its start [year]
    persons : known net migrants [year]
    usual_ages, crisis_ages : rates of moving [sex, age], up to a factor
    later : net migrants a year after the last, over all people; ()
    """

    usual: Array
    crisis: Array
    persons: Array
    usual_ages: Array
    crisis_ages: Array
    later: Array


def moves(layout: Layout, u: Mapping[str, Array], data: Mapping[str, Any]) -> Moves:
    """Return the net migration that a layout's unknowns say."""
    none, spec = jnp.zeros(len(layout.years)), layout.spec.migration
    if spec.kind == "closed":
        return Moves(none, none, none, MOVERS, MOVERS, jnp.zeros(()))
    if spec.kind == "known":
        return Moves(u["migration"], none, data["figures"]["net_migrants"], MOVERS, MOVERS, jnp.zeros(()))
    usual = u["migration_level"] + u["migration"]
    found = periods(layout)
    crisis = none.at[found.crisis].set(u["migration_crisis"])
    if len(found.rebound):
        back = jax.nn.sigmoid(u["migration_return"]) * u["migration_crisis"].sum()
        crisis = crisis.at[found.rebound].add(-back / len(found.rebound))
    later = usual[-LAST:].mean() + u["migration_later"]
    return Moves(usual, crisis, none, MOVERS, _ages_of_crisis(u), later)


def _ages_of_crisis(u: Mapping[str, Array]) -> Array:
    """Return rates of moving [sex, age] between those of movers for work and those of whole families."""
    men = jax.nn.sigmoid(u["migration_crisis_men"])
    movers = migration_rates(AGES, men)
    families = jnp.stack([jnp.full(AGES, 2 * (1 - men)), jnp.full(AGES, 2 * men)])
    work = jax.nn.sigmoid(u["migration_crisis_age"])
    return work * movers / movers.mean() + (1 - work) * families


def net_rates(moved: Moves, usual: Array, crisis: Array, persons: Array, people: Array) -> Array:
    """Return net migrants of a year over persons [sex, age] of `people` [sex, age]."""
    total = people.sum()
    known = usual + persons / total
    return known * _scaled(moved.usual_ages, people) + crisis * _scaled(moved.crisis_ages, people)


def _scaled(ages: Array, people: Array) -> Array:
    """Return rates by age whose mean over all people is 1."""
    return ages * (people.sum() / (people * ages).sum())


def later_rates(moved: Moves, people: Array) -> Array:
    """Return net migrants a year after the last over persons [sex, age]."""
    return moved.later * _scaled(moved.usual_ages, people)
