"""What the claims on the state's stock share: each draws at most its reach of what is left."""

from typing import Any

import jax.numpy as jnp
from jax import Array

from dearth.numerics.smooth_thresholds import least, ratio
from dearth.system.places import Places
from dearth.system.state import State


def issue(state: State, wanted: Array, reach: Any, places: Places) -> tuple[Array, Array]:
    """Return grain given to each place [place] and drawn from each granary of the state [granary_area], t.

    `wanted` [place] is met in equal shares within a granary area from `reach` of its stock; `reach` [] or
    [place] is weighted by what is wanted.
    """
    total = places.by_granary_area(wanted)
    reach = ratio(places.by_granary_area(jnp.broadcast_to(reach, wanted.shape) * wanted), total)
    drawn = least(total, reach * state.granary)
    given = wanted * ratio(drawn, total)[places.granary_area]
    return given, places.by_granary_area(given)


def shortage(state: State, monthly: Array, slack: Any, places: Places) -> Array:
    """Return how far each place's granary is run down [place], 0 full to 1 empty: exp(-months / slack).

    `monthly` [place] is what is drawn in a month, t; `slack` [] or [place] in months.
    """
    claims = places.by_granary_area(monthly)
    months = state.granary / (claims + 1e-6)
    return jnp.exp(-jnp.minimum(months, 120.0)[places.granary_area] / slack)
