"""Which districts to survey next: how much a survey would be expected to narrow the deaths of the whole.

A survey of a district would give its mean log rate over the last months of the window with an error. From
joint draws of that rate and of the deaths, the expected variance of the deaths after the survey is that of a
linear prediction. Districts are chosen one after the other: a second survey is worth less where the first
says the same.
"""

from dataclasses import dataclass

import numpy as np

from dearth.numerics.interval import Floats

RECALL = 3  # months that the next survey would ask about (assumed)


@dataclass(frozen=True)
class NextSurvey:
    """A district to survey.

    Attributes
    ----------
    sd_before, sd_after : sd of the deaths, persons, before this survey and expected after it
    """

    place: str
    sd_before: float
    sd_after: float


def next_surveys(
    places: tuple[str, ...], log_rates: Floats, total: Floats, error: float, count: int
) -> tuple[NextSurvey, ...]:
    """Return districts in the order in which surveys would narrow the total most.

    Parameters
    ----------
    log_rates : draws of the mean log rate of each district over the months asked about, (S, P)
    total : draws of the deaths, persons (S,)
    error : sd of the log rate that a survey would find, sampling and further errors together
    """
    joint = np.cov(np.column_stack([total, log_rates]), rowvar=False)
    found: list[NextSurvey] = []
    left = list(range(len(places)))
    while left and len(found) < count:
        gain = [joint[0, 1 + at] ** 2 / (joint[1 + at, 1 + at] + error**2) for at in left]
        best = left.pop(int(np.argmax(gain)))
        before = float(joint[0, 0])
        column = joint[:, 1 + best]
        joint = joint - np.outer(column, column) / (joint[1 + best, 1 + best] + error**2)
        found.append(NextSurvey(places[best], before**0.5, max(float(joint[0, 0]), 0.0) ** 0.5))
    return tuple(found)
