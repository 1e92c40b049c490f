"""Accuracy of a census by age and sex: the index of the United Nations Secretariat."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

CLASSES = ((20.0, "accurate"), (40.0, "inaccurate"), (float("inf"), "highly inaccurate"))
"""Upper ends of the index and their names, by the United Nations (1952)."""
SMALL = 1_000_000
"""Persons below which the index is corrected for chance (spreadsheet AGESEX, U.S. Census Bureau)."""


@dataclass(frozen=True)
class AgeSexAccuracy:
    """The index and its parts.

    Attributes
    ----------
    sex_ratio : mean change of the sex ratio (men per 100 women) from one age group to the next
    male_age_ratio, female_age_ratio : mean distance of age ratios from 100
    index : three times the first plus the two others, corrected for chance in small populations
    """

    sex_ratio: float
    male_age_ratio: float
    female_age_ratio: float
    index: float

    @property
    def words(self) -> str:
        """Name of the class of the index."""
        return next(words for end, words in CLASSES if self.index < end)


def age_sex_accuracy(males: ArrayLike, females: ArrayLike) -> AgeSexAccuracy:
    """Return the United Nations age-sex accuracy index of one census.

    Parameters
    ----------
    males, females
        Persons in five-year groups from age 0, the last group open [age]; the open group is not used.

    Raises
    ------
    ValueError
        Shapes that differ, fewer than five groups, or an empty group.

    References
    ----------
    un_accuracy1952, shryock_siegel1976
    """
    men, women = np.asarray(males, float), np.asarray(females, float)
    if men.shape != women.shape or men.ndim != 1 or len(men) < 5:
        raise ValueError(
            f"the same five-year groups of both sexes are needed; given {men.shape}, {women.shape}"
        )
    if not (np.isfinite(men + women).all() and (men > 0).all() and (women > 0).all()):
        raise ValueError("every age group of both sexes must have people")
    total = float(men.sum() + women.sum())
    men, women = men[:-1], women[:-1]
    sex_ratio = float(np.abs(np.diff(100 * men / women)).mean())
    parts = [float(np.abs(200 * one[1:-1] / (one[:-2] + one[2:]) - 100).mean()) for one in (men, women)]
    index = 3 * sex_ratio + sum(parts)
    if total < SMALL:
        index += 3.5 - 3500 / np.sqrt(total)
    return AgeSexAccuracy(sex_ratio, parts[0], parts[1], float(index))
