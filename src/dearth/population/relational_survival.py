"""Adult mortality from one survival ratio: the life table of a one-parameter logit system that has it."""

from collections.abc import Mapping

import numpy as np


def adult_mortality(
    ratio: float, start: int, end: int, standard: Mapping[int, float], first: int = 15, last: int = 60
) -> float:
    """Return the probability of dying between two ages, from a survival ratio between two other ages.

    Logits of the fitted table are those of the standard plus one number. The ratio fixes that number.

    Parameters
    ----------
    ratio
        Survivors to age `end` over survivors to age `start`.
    standard
        Survivors of the standard life table by age, radix 1; it needs `start`, `end`, `first` and `last`.
    first, last
        Ages of the probability: 15 and 60 for 45q15.

    Raises
    ------
    ValueError
        A ratio outside 0-1, an age that the standard lacks, or a ratio that no table of the system has.

    References
    ----------
    brass1971, moultrie2013
    """
    if not 0 < ratio < 1:
        raise ValueError(f"a survival ratio lies between 0 and 1; given {ratio:g}")
    missing = sorted({start, end, first, last} - set(standard))
    if missing:
        raise ValueError(f"the standard life table has no survivors to age {missing}")
    inside = 1 + (ratio / standard[end] - 1 / standard[start]) / (1 - ratio)
    if inside <= 0:
        raise ValueError(f"no life table of this standard has a survival of {ratio:g} from {start} to {end}")
    shift = -0.5 * np.log(inside)

    def alive(age: int) -> float:
        logit = 0.5 * np.log((1 - standard[age]) / standard[age])
        return float(1 / (1 + np.exp(2 * (shift + logit))))

    return 1 - alive(last) / alive(first)
