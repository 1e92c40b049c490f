"""Adult survival from the share of people whose mother or father is alive, by age of the people asked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dearth.population.coefficient_tables import chosen_rows

TABLE = "orphanhood"
OLDEST = 80
"""Age of the linear survival curve that locates an estimate in time (Brass and Bamgboye, in IUSSP Tools)."""

LAST_LOCATED = 70
"""Mean age of the parents beyond which no date is given: the worked example of the IUSSP Tools ends there."""


@dataclass(frozen=True)
class ParentSurvival:
    """One survival ratio of parents.

    Attributes
    ----------
    age : first age of the people asked
    start, end : the ratio is survivors to age `end` over survivors to age `start`
    survival : the ratio
    years_before : time before the survey to which it refers, years; nan where none can be given
    """

    age: int
    start: int
    end: int
    survival: float
    years_before: float


def parent_survival(
    ages: ArrayLike, share_alive: ArrayLike, mean_age_at_birth: float, parent: str
) -> tuple[ParentSurvival, ...]:
    """Return survival of mothers or fathers from the answers about one parent.

    Parameters
    ----------
    ages
        First ages of five-year groups of the people asked, ascending by 5 [group].
    share_alive
        Share of each group whose parent is alive [group].
    mean_age_at_birth
        Mean age of mothers (or fathers) at the birth of their children, in the population, years.
    parent
        ``mother`` or ``father``.

    Returns
    -------
    tuple of ParentSurvival
        One for each group that has coefficients; ratios of 1 and more are left out, they have no meaning.

    Raises
    ------
    ValueError
        Ages that do not ascend by 5, shares outside 0-1, a mean age outside 15-60, another parent.

    References
    ----------
    timaeus1992, moultrie2013
    """
    at, share = np.asarray(ages, float), np.asarray(share_alive, float)
    if at.shape != share.shape or at.ndim != 1 or (np.diff(at) != 5).any():
        raise ValueError(f"one share for each five-year group is needed; given ages {at.tolist()}")
    if not ((share > 0) & (share <= 1)).all():
        raise ValueError(f"shares with a living parent lie between 0 and 1; given {share.tolist()}")
    if not 15 < mean_age_at_birth < 60:
        raise ValueError(f"the mean age at birth must lie between 15 and 60; given {mean_age_at_birth:g}")
    known = dict(zip(at.astype(int).tolist(), share.tolist(), strict=True))
    found = []
    for row in chosen_rows(TABLE, parent=parent):
        one = _ratio(row, known, mean_age_at_birth)
        if one is not None:
            found.append(one)
    return tuple(found)


def _ratio(row: dict[str, str], known: dict[int, float], mean_age: float) -> ParentSurvival | None:
    n, base, d = int(row["n"]), int(row["base"]), float(row["d"])
    below, above = known.get(n - 5), known.get(n)
    if below is None or (d and above is None):
        return None
    survival = float(row["a"]) + float(row["b"]) * mean_age + float(row["c"]) * below
    if d and above is not None:
        survival += d * above
        alive, asked, start = float(np.sqrt(below * above)), float(n), mean_age - 0.75
    else:
        alive, asked, start = below, n - 2.5, mean_age
    if not 0 < survival < 1:
        return None
    exposed = asked + 0.75 if d else asked
    linear = (1 - (mean_age + asked) / OLDEST) / (1 - start / OLDEST)
    located = mean_age + asked <= LAST_LOCATED
    years = exposed / 2 * (1 - np.log(alive / linear) / 3) if located else float("nan")
    return ParentSurvival(n - 5, base, base + n, survival, float(years))
