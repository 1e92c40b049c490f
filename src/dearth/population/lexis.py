"""Deaths of a year's cohorts given by age at death: the two triangles of the Lexis diagram.

A cohort aged x on 1 January passes part of the year at age x and the rest at x + 1 (preston2001,
chapter 2; hmd_protocol2021, section 4).

References
----------
hmd_protocol2021, preston2001
"""

from typing import Any

Array = Any  # NumPy or JAX array

BORN = 0.75  # of the risk under one, run in the year of birth (assumed, near observed splits)


def survival(hazard: Array) -> Array:
    """Return the proportions surviving a year [..., sex, age + 1] from death rates by age [..., sex, age].

    Newborn first, then each cohort by its age on 1 January, last within the open age. A cohort passes half
    the year in one age and half in the next; `BORN` of the risk under one falls in the year of birth.
    """
    xp = hazard.__array_namespace__()
    return xp.exp(-_risk(xp, hazard).sum(-2))


def by_age(deaths: Array, hazard: Array) -> Array:
    """Return deaths by age at death [..., age] of `deaths` by cohort [..., age + 1], newborn first.

    Deaths of a cohort are shared over its two ages as the risk it runs in each; sums are kept.
    """
    xp = hazard.__array_namespace__()
    risk = _risk(xp, hazard)
    early = deaths * risk[..., 0, :] / risk.sum(-2)
    late = deaths - early
    none = xp.zeros_like(deaths[..., :1])
    # early deaths of cohort x are at age x (the newborn at 0), late ones at x + 1
    before = xp.concat([early[..., :1] + early[..., 1:2], early[..., 2:]], axis=-1)
    after = xp.concat([none, late[..., 1:-1]], axis=-1)
    last = xp.concat([xp.zeros_like(after[..., :-1]), late[..., -1:]], axis=-1)
    return before + after + last


def _risk(xp: Any, hazard: Array) -> Array:
    """Return the risk a cohort runs before and after its birthday [..., 2, age + 1]."""
    first, rest = hazard[..., :1], hazard[..., 1:]
    early = xp.concat([BORN * first, (1 - BORN) * first, rest[..., :-1] / 2, rest[..., -1:]], axis=-1)
    late = xp.concat([xp.zeros_like(first), rest / 2, xp.zeros_like(first)], axis=-1)
    return xp.stack([early, late], axis=-2)
