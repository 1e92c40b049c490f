"""Two censuses by age, with the deaths and the net migrants between them: the input of the death methods."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
WIDTH = 5


@dataclass(frozen=True)
class CensusInterval:
    """One sex between two censuses, in five-year age groups with an open last group; arrays are [age].

    Attributes
    ----------
    ages : first age of each group: 0, 5, ...
    first, second : persons at the first and at the second census
    deaths : registered deaths between the censuses, a year
    migrants : net migrants (in less out) between the censuses, a year; zero where none are given
    years : length of the interval
    """

    ages: Floats
    first: Floats
    second: Floats
    deaths: Floats
    migrants: Floats
    years: float

    @property
    def has_migration(self) -> bool:
        """Whether any net migrants are given."""
        return bool(self.migrants.any())

    def closed(self) -> "CensusInterval":
        """Return the same interval as if nobody had come or left."""
        return replace(self, migrants=np.zeros_like(self.migrants))

    def with_first_census(self, factor: float) -> "CensusInterval":
        """Return the interval with the first census multiplied by `factor` at every age."""
        return replace(self, first=self.first * factor)


def census_interval(
    ages: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    deaths: ArrayLike,
    years: float,
    migrants: ArrayLike | None = None,
) -> CensusInterval:
    """Return the interval of two censuses, from counts of the whole interval.

    Parameters
    ----------
    ages
        First ages of five-year groups from 0, the last one open [age].
    first, second
        Persons at the two censuses [age].
    deaths, migrants
        Deaths and net migrants of the whole interval, persons [age].
    years
        Time between the censuses, years of 365.25 days.

    Raises
    ------
    ValueError
        Ages that are not 0, 5, 10, ...; arrays of other lengths; counts that are missing or not positive
        (deaths may be zero); an interval that is not positive.
    """
    at = np.asarray(ages, float)
    if at.ndim != 1 or len(at) < 10 or not np.array_equal(at, WIDTH * np.arange(len(at))):
        raise ValueError(f"ages must be 0, 5, 10, ... to 45 or more, the last one open; given {at.tolist()}")
    zero = np.zeros_like(at)
    columns = {
        "first census": np.asarray(first, float), "second census": np.asarray(second, float),
        "deaths": np.asarray(deaths, float),
        "migrants": zero if migrants is None else np.asarray(migrants, float),
    }  # fmt: skip
    for name, values in columns.items():
        if values.shape != at.shape or not np.isfinite(values).all():
            raise ValueError(f"{name}: one number an age is needed ({len(at)} ages); given {values.tolist()}")
    if min(columns["first census"].min(), columns["second census"].min()) <= 0:
        raise ValueError("a census has no people at some age; join that age with the next one")
    if columns["deaths"].min() < 0 or columns["deaths"][-1] <= 0:
        raise ValueError("deaths must not be negative, and the open age group must have some")
    if not years > 0:
        raise ValueError(f"the second census must come after the first; given {years:g} years between them")
    return CensusInterval(
        at, columns["first census"], columns["second census"], columns["deaths"] / years,
        columns["migrants"] / years, float(years),
    )  # fmt: skip


def birthdays(interval: CensusInterval) -> Floats:
    """Return persons who reach the first age of each group, a year [age]; nan at age 0.

    The geometric mean of one group at the first census and the next one at the second, over the width.

    References
    ----------
    hill1987, moultrie2013
    """
    reached = np.sqrt(interval.first[:-1] * interval.second[1:]) / WIDTH
    return np.concatenate([[np.nan], reached])


def from_age(values: ArrayLike) -> Floats:
    """Return sums over each age and all older ones [age]."""
    return np.cumsum(np.asarray(values, float)[::-1])[::-1]


def fitted(ages: Floats, span: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which ages lie in `span`, first and last age included, without age 0 and the open group.

    Raises
    ------
    ValueError
        When fewer than three ages lie in it.
    """
    inside = np.asarray((ages >= max(span[0], WIDTH)) & (ages <= span[1]) & (ages < ages[-1]))
    if inside.sum() < 3:
        raise ValueError(
            f"ages {span[0]} to {span[1]} leave {inside.sum()} groups to fit below the open group "
            f"{ages[-1]:.0f}+; three are needed"
        )
    return inside
