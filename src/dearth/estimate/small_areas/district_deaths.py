"""Deaths of districts, and of groups within them, from draws of their rates."""

import numpy as np

from dearth.estimate.small_areas.denominators import People
from dearth.estimate.small_areas.inputs import SmallAreaInputs
from dearth.estimate.small_areas.small_area_result import DistrictMonth, GroupDeaths
from dearth.estimate.surveys.cluster_model import summary
from dearth.estimate.surveys.rates import PER_DAY
from dearth.numerics.interval import Floats

FAMINE_RATE = 2.0  # deaths per 10,000 a day (ipc2016)
OTHERS = "others"


def district_months(
    inputs: SmallAreaInputs, people: Floats, rates: Floats
) -> tuple[tuple[DistrictMonth, ...], tuple[DistrictMonth, ...]]:
    """Return the deaths of each district by month of the window, and over the window.

    Parameters
    ----------
    people : (P, T)
    rates : per 10,000 a day in the months of the window, (S, P, M)
    """
    days, window = inputs.cells.days, list(inputs.window)
    places = range(len(inputs.cells.places))
    months = tuple(
        _district_month(place, month, rates[:, place, [at]], people[place, [month]], days[[month]])
        for place in places for at, month in enumerate(window)
    )  # fmt: skip
    whole = tuple(
        _district_month(place, None, rates[:, place], people[place, window], days[window]) for place in places
    )
    return months, whole


def _district_month(
    place: int, month: int | None, rates: Floats, people: Floats, days: Floats
) -> DistrictMonth:
    """Return the deaths of one district over some months: rates (S, M), people and days (M,)."""
    deaths, mean = _deaths(rates, people * days)
    above = float((mean >= FAMINE_RATE).mean())
    return DistrictMonth(place, month, float(people.mean()), summary(deaths), summary(mean), above)


def _deaths(rates: Floats, time: Floats) -> tuple[Floats, Floats]:
    """Return deaths and mean rate (S,) for rates (S, M) over person-days (M,)."""
    deaths = rates @ time / PER_DAY
    mean = rates @ time / time.sum() if time.sum() > 0 else rates.mean(1)
    return np.asarray(deaths), np.asarray(mean)


def group_deaths(
    inputs: SmallAreaInputs, people: People, others: Floats, offsets: Floats
) -> tuple[GroupDeaths, ...]:
    """Return the deaths of each group with people of its own, and of the others, by district and in all.

    Parameters
    ----------
    others : rate of the others in the months of the window, (S, P, M)
    offsets : of the log rate of each group, (S, P, G)
    """
    if not inputs.counted:
        return ()
    window = list(inputs.window)
    rest = people.whole - people.groups.sum(-1)
    parts = [(OTHERS, rest[:, window], others)]
    parts += [
        (name, people.groups[:, window, at], others * np.exp(offsets[:, :, [at]]))
        for at, name in enumerate(inputs.counted)
    ]
    found = []
    for name, counts, rates in parts:
        time = counts * inputs.cells.days[window]
        found.append(_group(None, name, counts.sum(0), rates.reshape(len(rates), -1), time.ravel()))
        found += [
            _group(place, name, counts[place], rates[:, place], time[place])
            for place in range(len(time)) if time[place].sum() > 0
        ]  # fmt: skip
    return tuple(found)


def _group(place: int | None, name: str, people: Floats, rates: Floats, time: Floats) -> GroupDeaths:
    deaths, mean = _deaths(rates, time)
    above = float((mean >= FAMINE_RATE).mean())
    return GroupDeaths(place, name, float(people.mean()), summary(deaths), summary(mean), above)
