"""The layout of a reconstruction: which years, censuses and series there are. It holds no figure.

Places with one layout share one compiled model; their figures are its data.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.case.schema import Reconstruction
from dearth.case.years import parse_years
from dearth.reconstruction.census_tables import Count

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Layout:
    """What is fixed when a model is built.

    Attributes
    ----------
    spec : the block ``reconstruction`` of the case
    years : of the reconstruction, each from 1 January to 31 December
    crisis : 1 in the years of the window, else 0 [year]
    censuses : what each counts, without its figures
    held : names of the series of `Figures` that are available
    free : shares that at least one scenario leaves unknown
    incomplete : whether a scenario allows that deaths went unregistered
    rates : whether deaths and births are given per person
    """

    spec: Reconstruction
    years: tuple[int, ...]
    crisis: Floats
    held: frozenset[str]
    free: frozenset[str]
    incomplete: bool
    censuses: tuple[Count, ...] = ()
    rates: bool = False

    @property
    def counts(self) -> tuple[str, ...]:
        """Names of the counts of persons; entries of one share its coverage, and shares have none."""
        return tuple(dict.fromkeys(c.name for c in self.censuses if not c.shares))

    @property
    def relative(self) -> tuple[int, ...]:
        """Positions of the census entries whose coverage differs from that of their count."""
        return tuple(i for i, c in enumerate(self.censuses) if c.spec.relative is not None)

    @property
    def horizon(self) -> int:
        """Return years after the last to be survived to the last census."""
        last = max((c.spec.date for c in self.censuses), default=0.0)
        return max(0, int(np.ceil(last)) - self.years[-1] - 1)

    def mark(self, years: str | None) -> Floats:
        """Return 1 for each of `years`, else 0 [year]."""
        wanted = set(parse_years(years)) if years else set()
        return np.array([float(year in wanted) for year in self.years])
