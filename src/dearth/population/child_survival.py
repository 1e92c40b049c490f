"""Child mortality from children ever born and children dead, by age of mother (Brass, in Trussell's form)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dearth.population.census_interval import Floats
from dearth.population.coefficient_tables import chosen_rows

TABLE = "trussell_child_survival"


@dataclass(frozen=True)
class ChildSurvival:
    """Estimates by age group of mother; arrays are [group] for women aged 15-19, 20-24, ... 45-49.

    Attributes
    ----------
    ages : first ages of the women
    parity : children ever born a woman
    share_dead : children dead over children ever born
    multiplier : from the share dead to the probability of dying
    x : age of the child to which the probability runs, years
    q : probability of dying between birth and age x
    years_before : time before the survey to which it refers, years
    """

    ages: Floats
    parity: Floats
    share_dead: Floats
    multiplier: Floats
    x: Floats
    q: Floats
    years_before: Floats


def child_survival(
    women: ArrayLike, children_born: ArrayLike, children_dead: ArrayLike, family: str = "west"
) -> ChildSurvival:
    """Return probabilities of dying in childhood from a summary birth history.

    Parameters
    ----------
    women, children_born, children_dead
        Women, children ever born to them and those of the children who have died, for women aged 15-19,
        20-24, ... 45-49 [7].
    family
        Coale-Demeny family of model life tables: ``east``, ``north``, ``south`` or ``west``.

    Raises
    ------
    ValueError
        Other than seven groups, groups without women or children, more children dead than born, or parities
        that give no ratio.

    References
    ----------
    manual_x1983
    """
    number, born, dead = (np.asarray(values, float) for values in (women, children_born, children_dead))
    if not number.shape == born.shape == dead.shape == (7,):
        raise ValueError(
            f"seven groups of women, 15-19 to 45-49, are needed; given {number.shape}, {born.shape}, "
            f"{dead.shape}"
        )
    if not (np.isfinite(number + born + dead).all() and (number > 0).all() and (born > 0).all()):
        raise ValueError("every group needs women and children ever born, more than zero")
    if (dead < 0).any() or (dead > born).any():
        raise ValueError("children dead must lie between zero and children ever born")
    rows = chosen_rows(TABLE, family=family)
    a, b, c, d, e, f = (np.array([float(row[name]) for row in rows]) for name in "abcdef")
    parity, share = born / number, dead / born
    first, second = parity[0] / parity[1], parity[1] / parity[2]
    multiplier = a + b * first + c * second
    return ChildSurvival(
        np.array([float(row["age"]) for row in rows]), parity, share, multiplier,
        np.array([float(row["x"]) for row in rows]), multiplier * share, d + e * first + f * second,
    )  # fmt: skip
