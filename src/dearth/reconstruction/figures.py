"""The figures of one place that a reconstruction is fitted to: what a sampler takes as its data."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """Observed figures and starting patterns of one place; NaN where a figure is missing.

    Attributes
    ----------
    start : people on the first 1 January [sex, age]
    mortality : pattern of normal death rates [sex, age], per person-year
    fertility : births per woman-year by age for a total fertility of 1 [age]
    deaths, births : as registered [year], persons; with `rates` of the layout: per person instead
    stocks, midyear : registered people on 31 December and in mid-year [year]
    total_fertility : children per woman [year]
    deaths_by_age : registered deaths [year, sex, group]
    net_migrants : known net migrants [year], persons
    counted : of each census of the layout, persons or shares [group]
    placebo : (2,) names struck off and registered as deaths a year, over people, as the places imply; its sd
    """

    start: Floats
    mortality: Floats
    fertility: Floats
    deaths: Floats
    births: Floats
    stocks: Floats
    midyear: Floats
    total_fertility: Floats
    deaths_by_age: Floats
    net_migrants: Floats
    counted: tuple[Floats, ...] = ()
    placebo: Floats = field(default_factory=lambda: np.full(2, np.nan))

    def tree(self) -> dict[str, Any]:
        """Return the figures by name."""
        return dict(vars(self))

    @property
    def held(self) -> frozenset[str]:
        """Return the names of the series that hold at least one figure."""
        return frozenset(name for name in HELD if np.isfinite(getattr(self, name)).any())


HELD = ("deaths", "births", "stocks", "midyear", "total_fertility", "deaths_by_age", "net_migrants",
        "placebo")  # fmt: skip
