"""The yearly measures of many draws, where their monthly records would fill the memory."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dearth.system.history import Floats, History, measures_csv

WHOLE, PLACE, AREA, BALANCE = "whole", "place", "granary area", "balance"
SHOWN_PLACES = 60  # of more, only granary areas have measures


@dataclass(frozen=True)
class YearlyHistory:
    """Yearly measures of the draws of one simulation, in units of `history.MEASURES`.

    Attributes
    ----------
    arrays : by kind and name: of the whole [draw, year], of places and granary areas [draw, year, place], and
        the largest relative errors of the accounts [draw]
    years : calendar years
    places, granary_areas : names
    """

    arrays: Mapping[str, Floats]
    years: tuple[int, ...]
    places: tuple[str, ...]
    granary_areas: tuple[str, ...]

    @property
    def draws(self) -> int:
        """How many draws."""
        return len(next(iter(self.arrays.values())))

    def by_year(self) -> dict[str, Floats]:
        """Return the measures of the whole [draw, year]."""
        return self._of(WHOLE)

    def by_place(self, granary_areas: bool = False) -> dict[str, Floats]:
        """Return death rate and harvest of each place, or granary area [draw, year, place]."""
        return self._of(AREA if granary_areas else PLACE)

    def balance(self) -> dict[str, float]:
        """Return the largest relative errors of the accounts over all draws."""
        return {name: float(values.max()) for name, values in self._of(BALANCE).items()}

    def yearly_csv(self) -> str:
        """Return the measures of every draw and year as tidy CSV: draw, year, measure, value."""
        return measures_csv(self.by_year(), self.years)

    def _of(self, kind: str) -> dict[str, Floats]:
        begin = f"{kind}: "
        return {k.removeprefix(begin): v for k, v in self.arrays.items() if k.startswith(begin)}


def yearly_measures(history: History) -> dict[str, Floats]:
    """Return the arrays of a `YearlyHistory` of the draws of a history [draw, ...]."""
    found = {f"{WHOLE}: {name}": values for name, values in history.by_year().items()}
    if len(history.places) <= SHOWN_PLACES:
        found |= {f"{PLACE}: {name}": values for name, values in history.by_place().items()}
    found |= {f"{AREA}: {name}": values for name, values in history.by_place(granary_areas=True).items()}
    alone = [history.of_draw(at).balance() for at in range(history.draws)]
    found |= {f"{BALANCE}: {name}": np.array([one[name] for one in alone]) for name in alone[0]}
    return found
