"""Where things stand and what is normal there: rural places and towns, neighbours and granaries."""

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
from jax import Array

from dearth.system.levels import Levels

FEW = 64  # units summed by a product


@dataclass(frozen=True)
class Places:
    """Fixed facts of the places, each [place] unless said.

    Attributes
    ----------
    urban : 1 in a town, 0 in a rural place
    km : cart kilometres to the railhead or the state granary
    people : persons at the start
    land : arable land at the start, ha
    harvest : harvest of a normal year, t of original grain
    shares : share of a normal year's grain that each harvest brings [harvest, place]
    labour : farm workers of a normal month, persons
    need : energy needed a head at the start, over the table of needs by age and sex
    deposits : coal and oil not yet found, t of coal equivalent
    neighbourhood : index of the unit of the second level that a place lies in: its places share grain and
        compare their reports
    granary_area : index of the area that one granary of the state serves: a unit of the highest level below
        the centre
    levels : names of the levels
    """

    urban: Array
    km: Array
    people: Array
    land: Array
    harvest: Array
    shares: Array
    labour: Array
    need: Array
    deposits: Array
    neighbourhood: Array
    granary_area: Array
    names: tuple[str, ...] = field(metadata={"static": True})
    neighbourhoods: tuple[str, ...] = field(metadata={"static": True})
    granary_areas: tuple[str, ...] = field(metadata={"static": True})
    levels: Levels = field(metadata={"static": True})

    @property
    def rural(self) -> Array:
        """1 in a rural place, 0 in a town [place]."""
        return 1 - self.urban

    def by_neighbourhood(self, x: Array) -> Array:
        """Return sums [neighbourhood] of `x` [place]."""
        return _sums(x, self.neighbourhood, len(self.neighbourhoods))

    def by_granary_area(self, x: Array) -> Array:
        """Return sums [granary_area] of `x` [place]."""
        return _sums(x, self.granary_area, len(self.granary_areas))


def _sums(x: Array, index: Array, many: int) -> Array:
    """Return sums [many] of `x` [place] by `index`; a product with marks is faster than scattering."""
    if many == 1:
        return jnp.sum(x)[None]
    if many <= FEW:
        return x @ (index[:, None] == jnp.arange(many)).astype(x.dtype)
    return jax.ops.segment_sum(x, index, many)


jax.tree_util.register_dataclass(
    Places,
    data_fields=[
        "urban",
        "km",
        "people",
        "land",
        "harvest",
        "shares",
        "labour",
        "need",
        "deposits",
        "neighbourhood",
        "granary_area",
    ],
    meta_fields=["names", "neighbourhoods", "granary_areas", "levels"],
)
