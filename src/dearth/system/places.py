"""Where things stand and what is normal there: communes and towns in counties, provinces and a centre."""

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
from jax import Array

FEW = 64  # provinces or counties summed by a product


@dataclass(frozen=True)
class Places:
    """Fixed facts of the places, each [place] unless said; levels are place < county < province < centre.

    Attributes
    ----------
    urban : 1 in a town, 0 in a commune
    km : cart kilometres to the railhead or the state granary
    people : persons at the start
    land : arable land at the start, ha
    harvest : harvest of a normal year, t of original grain
    shares : share of a normal year's grain that each harvest brings [harvest, place]
    labour : farm workers of a normal month, persons
    need : energy needed a head at the start, over the table of needs by age and sex
    deposits : coal and oil not yet found, t of coal equivalent
    county, province : index of the county and the province a place lies in
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
    county: Array
    province: Array
    names: tuple[str, ...] = field(metadata={"static": True})
    counties: tuple[str, ...] = field(metadata={"static": True})
    provinces: tuple[str, ...] = field(metadata={"static": True})

    @property
    def rural(self) -> Array:
        """1 in a commune, 0 in a town [place]."""
        return 1 - self.urban

    def by_county(self, x: Array) -> Array:
        """Return sums [county] of `x` [place]."""
        return _sums(x, self.county, len(self.counties))

    def by_province(self, x: Array) -> Array:
        """Return sums [province] of `x` [place]."""
        return _sums(x, self.province, len(self.provinces))


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
        "county",
        "province",
    ],
    meta_fields=["names", "counties", "provinces"],
)
