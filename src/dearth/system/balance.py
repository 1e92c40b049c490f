"""Balances: grain and people are conserved, in every place and month, whatever is switched on or off.

Places: opening + output + issued + received = seed + feed + eaten + sent + procured + lost + closing.
State: opening + procured + imports + moved in = issued + exports + moved out + lost + closing.
People: opening + births + came = deaths + left + closing. Errors are relative to all that stood or moved.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from dearth.system.flows import Flows
from dearth.system.places import Places
from dearth.system.state import State, headcount

SMALL = 1e-3  # t or persons: below it an account holds nothing to be relative to


class Imbalance(NamedTuple):
    """Relative errors of the month's accounts."""

    place_grain: Array  # [place]
    state_grain: Array  # [granary_area]
    people: Array  # [place]


def _error(opening: Array, closing: Array, gains: tuple[Array, ...], losses: tuple[Array, ...]) -> Array:
    gained, lost = sum(gains, jnp.zeros_like(opening)), sum(losses, jnp.zeros_like(opening))
    gap = closing - opening - (gained - lost)
    return jnp.abs(gap) / (jnp.abs(opening) + jnp.abs(gained) + jnp.abs(lost) + SMALL)


def imbalance(before: State, after: State, flows: Flows, places: Places) -> Imbalance:
    """Return the relative errors of what `flows` says happened between two states."""
    issued = flows.ration + flows.resale + flows.relief
    taken = flows.procured + flows.searched
    place = _error(
        before.store + before.concealed,
        after.store + after.concealed,
        (flows.output, issued, flows.received),
        (flows.seed, flows.feed, flows.eaten, flows.sent, taken, flows.lost),
    )
    state = _error(
        before.granary,
        after.granary,
        (places.by_granary_area(taken), flows.imports, flows.moved_in),
        (places.by_granary_area(issued), flows.exports, flows.moved_out, flows.lost_state),
    )
    people = _error(
        headcount(before),
        headcount(after),
        (jnp.sum(flows.births, axis=0), flows.came),
        (flows.deaths, flows.left),
    )
    return Imbalance(place, state, people)
