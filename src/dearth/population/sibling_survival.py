"""Adult survival from the share of brothers or sisters alive, among those who reached age 15."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dearth.population.coefficient_tables import coefficient_rows

START = 15
TABLE = "sibling_survival"


@dataclass(frozen=True)
class SiblingSurvival:
    """One survival ratio of siblings.

    Attributes
    ----------
    age : first age of the people asked
    end : the ratio is survivors to this age over survivors to age 15
    survival : the ratio
    years_before : time before the survey to which it refers, years
    """

    age: int
    end: int
    survival: float
    years_before: float


def sibling_survival(ages: ArrayLike, share_alive: ArrayLike) -> tuple[SiblingSurvival, ...]:
    """Return survival from age 15 by the answers about siblings who reached that age.

    Parameters
    ----------
    ages
        First ages of five-year groups of the people asked [group]; 20 to 45 have coefficients.
    share_alive
        Siblings alive over siblings who reached age 15 [group].

    Raises
    ------
    ValueError
        Shapes that differ, shares outside 0-1, or no group from 20-24 to 45-49.

    References
    ----------
    timaeus_zaba_ali2001, moultrie2013
    """
    at, share = np.asarray(ages, float), np.asarray(share_alive, float)
    if at.shape != share.shape or at.ndim != 1:
        raise ValueError(f"one share for each group is needed; given {at.shape} ages, {share.shape} shares")
    if not ((share > 0) & (share <= 1)).all():
        raise ValueError(f"shares of siblings alive lie between 0 and 1; given {share.tolist()}")
    rows = {int(row["n"]) - 5: row for row in coefficient_rows(TABLE)}
    found = []
    for age, alive in zip(at.astype(int).tolist(), share.tolist(), strict=True):
        if age not in rows:
            continue
        a, b, c, d = (float(rows[age][name]) for name in "abcd")
        found.append(SiblingSurvival(age, age + 5, a + b * alive, c - d * float(np.log(alive))))
    if not found:
        raise ValueError(f"groups from 20-24 to 45-49 have coefficients; given ages {at.tolist()}")
    return tuple(found)
