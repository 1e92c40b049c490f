"""Ages of those who move: children with their parents, a peak in the early twenties, a constant."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = Any  # NumPy or JAX array
Floats = NDArray[np.float64]
# the basic standard of Rogers and Castro (1981), without its retirement peak
YOUNG, YOUNG_FALL = 0.02, 0.1
WORK, WORK_FALL, WORK_MEAN, WORK_RISE = 0.06, 0.1, 20.0, 0.4
CONSTANT = 0.003
MEN = 0.6  # of those who move for work; assumed: three in five overseas emigrants before 1914 were men


def migration_rates(ages: int, men: Array = MEN) -> Array:
    """Return the rate of moving [2, ages] by completed age, women first, up to a common factor.

    Parameters
    ----------
    ages
        Number of single ages from 0.
    men
        Share of men among those who move for work.

    References
    ----------
    rogers_castro1981
    """
    age = np.arange(ages) + 0.5
    young = YOUNG * np.exp(-YOUNG_FALL * age) + CONSTANT
    work = WORK * np.exp(-WORK_FALL * (age - WORK_MEAN) - np.exp(-WORK_RISE * (age - WORK_MEAN)))
    women = 2 * (1 - men) * work + young
    grown = 2 * men * work + young
    xp = women.__array_namespace__()
    return xp.stack([women, grown])
