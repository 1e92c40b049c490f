"""Person-time of a mortality survey, exact to the day.

A person is followed from the later of the start of recall, birth and joining the household, to the earlier
of interview, death and leaving. Days are counted from the start of recall (day 0).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.interval import Floats

UNKNOWN_DAY = np.inf  # an event that happened on a day nobody knows


@dataclass(frozen=True)
class Events:
    """Days of the events of N persons, each of shape (N,): days since the start of recall.

    No event is NaN; an event on an unknown day is `UNKNOWN_DAY`.

    Attributes
    ----------
    interview : the end of recall; never NaN
    born, joined, left, died : events of the recall
    """

    interview: Floats
    born: Floats
    joined: Floats
    left: Floats
    died: Floats


@dataclass(frozen=True)
class PersonTime:
    """What a survey observes of N persons.

    Attributes
    ----------
    days : person-days in the household (N,); NaN where an event has no day
    deaths : deaths of household members in the recall (N,), 0 or 1
    start, end : first and last day in the household (N,), also of a person who left between them and came
        back; NaN where an event has no day
    """

    days: Floats
    deaths: Floats
    start: Floats
    end: Floats


def person_time(events: Events) -> PersonTime:
    """Return person-days and deaths of each person.

    A birth or a joining after death is void. A person who left and died outside is not a death of the
    household. A person who left and came back counts both spells. Leaving and joining on one day are one
    spell that ends on that day.

    References
    ----------
    checchi_roberts2005
    """
    died = events.died
    dead = ~np.isnan(died)
    born = np.where(_after(events.born, died), np.nan, events.born)
    joined = np.where(_after(events.joined, died), np.nan, events.joined)
    left, back = events.left, _after(joined, events.left)
    away = np.zeros(died.shape)
    away[back] = joined[back] - left[back]
    outside = dead & _after(died, left) & ~back
    last = np.fmin(events.interview, np.where(outside, np.nan, died))
    first = np.fmax(0.0, born)
    start = np.where(back, first, np.fmax(first, joined))
    end = np.where(back, last, np.fmin(last, left))
    days = end - start - away
    unknown = np.zeros(days.shape, bool)
    for event in (born, joined, left, died):
        unknown |= np.isinf(event)
    days, start, end = (np.where(unknown, np.nan, one) for one in (days, start, end))
    return PersonTime(days, (dead & ~outside).astype(float), start, end)


def _after(first: Floats, second: Floats) -> NDArray[np.bool_]:
    """Return where the day of `first` is known to lie after that of `second`."""
    with np.errstate(invalid="ignore"):
        return np.isfinite(first) & np.isfinite(second) & (first > second)
