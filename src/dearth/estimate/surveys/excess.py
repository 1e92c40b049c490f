"""Excess deaths of a survey: its rate less a named baseline, times people and days."""

import math
from dataclasses import dataclass

from dearth.estimate.surveys.rates import LEVEL, PER_DAY
from dearth.numerics.interval import Interval


@dataclass(frozen=True)
class SurveyExcess:
    """Excess deaths of the people that a survey stands for.

    Attributes
    ----------
    baseline, title : name and words of the normal death rate
    rate, baseline_rate : per 10,000 a day; `rate` is that of the whole recall, or of the days after those of
        the baseline
    people, days : persons, and days over which they are followed
    excess_deaths : persons; its interval joins those of the survey and of the baseline
    """

    baseline: str
    title: str
    rate: Interval
    baseline_rate: Interval
    people: float
    days: float
    excess_deaths: Interval


def excess_deaths(rate: Interval, baseline: Interval, people: float, days: float) -> Interval:
    """Return ``(rate - baseline) / 10,000 x people x days`` with the interval of the difference.

    The ends of the difference of two independent rates come from the ends of each: the distance to an end
    is the root of the summed squares of the two distances.

    Parameters
    ----------
    rate, baseline : per 10,000 a day; an exact baseline has no ends

    References
    ----------
    donner_zou2012
    """
    (low, high), (base_low, base_high) = rate.ends, baseline.ends
    difference = rate.median - baseline.median
    below = math.hypot(rate.median - low, base_high - baseline.median)
    above = math.hypot(high - rate.median, baseline.median - base_low)
    persons = people * days / PER_DAY
    return Interval(
        persons * difference, persons * (difference - below), persons * (difference + above), LEVEL
    )
