"""Years still expected at the start of an open age group, from the age pattern of deaths below it."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dearth.population.coefficient_tables import chosen_rows

Floats = NDArray[np.float64]
FAMILY = "west"
"""Family of model life tables unless the user names another (Bennett and Horiuchi 1984 use it)."""
TABLE = "coale_demeny_old_ages"


def open_age_expectation(
    ages: ArrayLike, deaths: ArrayLike, sex: str, age: float, family: str = FAMILY
) -> float:
    """Return years still expected at `age`, from life-table deaths by age up to it.

    The ratio of deaths at 10-39 to deaths at 40-59 falls as mortality falls. The model life table with the
    same ratio gives the expectation; between two levels it is interpolated, beyond the last one it stays.

    Parameters
    ----------
    ages
        First ages of five-year groups [age].
    deaths
        Deaths of a life table at any scale [age].
    sex
        ``female`` or ``male``.
    age
        Start of the open group: 60, 65, ... or 95.
    family
        Coale-Demeny family: ``east``, ``north``, ``south`` or ``west``.

    Raises
    ------
    ValueError
        An age or a family that the table does not have, or no deaths at 40-59.

    References
    ----------
    bennett_horiuchi1984, coale_demeny1983
    """
    at, dying = np.asarray(ages, float), np.asarray(deaths, float)
    ratios, expected = _levels(family, sex, age)
    older = dying[(at >= 40) & (at < 60)].sum()
    if not older > 0:
        raise ValueError("no deaths at ages 40 to 59: the level of mortality cannot be found")
    ratio = dying[(at >= 10) & (at < 40)].sum() / older
    return float(np.interp(ratio, ratios, expected))


@cache
def _levels(family: str, sex: str, age: float) -> tuple[Floats, Floats]:
    """Return the ratio and the expectation at `age` of each level of a family, by rising ratio."""
    rows = sorted(chosen_rows(TABLE, family=family, sex=sex), key=lambda row: float(row["ratio"]))
    column = f"e{age:.0f}"
    if column not in rows[0]:
        have = ", ".join(name[1:] for name in rows[0] if name.startswith("e"))
        raise ValueError(f"the open age group starts at {age:g}; it must start at one of {have}")
    return np.array([float(row["ratio"]) for row in rows]), np.array([float(row[column]) for row in rows])
