"""The lowest and highest excess deaths of each register and completeness: what a long table comes to."""

from dataclasses import dataclass

from dearth.estimate.estimates import Estimates
from dearth.estimate.one_estimate import Estimate


@dataclass(frozen=True)
class Range:
    """The estimates of one method, register, completeness and window: the lowest and highest median.

    Attributes
    ----------
    estimates : how many there are
    low, high : the estimates of the lowest and the highest median
    """

    estimates: int
    low: Estimate
    high: Estimate


def ranges(made: Estimates) -> list[Range]:
    """Return the span of the medians over baselines, never a middle.

    Of the case's own window, or, where a call asks for others, of each of those.
    """
    groups: dict[tuple[str, str, str, str], list[Estimate]] = {}
    within = [one for one in made.estimates if one.in_range]
    own = [one for one in within if one.choice.window.name == made.case.settings.window]
    for one in own or within:
        choice = one.choice
        key = (choice.method, choice.series, choice.completeness.label, choice.window.name)
        groups.setdefault(key, []).append(one)
    found = []
    for mine in groups.values():
        ordered = sorted(mine, key=lambda one: one.excess_deaths.median)
        found.append(Range(len(mine), ordered[0], ordered[-1]))
    return found
