"""Carry a population from the date it was counted on to a later date."""

from typing import Any

Array = Any  # NumPy or JAX array


def carry(people: Array, death_rates: Array, fertility: Array, girls: float, years: float) -> Array:
    """Return `people` after `years`, without migration.

    Within an age people are spread evenly over the year, so in a part h of a year the share h of each age
    has its birthday. Longer spans are whole years followed by the rest.

    Parameters
    ----------
    people : persons [sex, age], women first, single ages, the last one open
    death_rates : deaths per person-year [sex, age]
    fertility : births per woman-year [age]
    girls : share of girls among births
    years : time from the count to the new date, years, at least 0

    Returns
    -------
    Array
        Persons [sex, age] on the new date.

    Raises
    ------
    ValueError
        When `years` is below 0: a population is carried forward only.

    References
    ----------
    preston2001
    """
    if years < 0:
        raise ValueError(f"a population is carried forward only; years is {years:g}, allowed is 0 or more")
    while years > 1:
        people, years = _part_of_a_year(people, death_rates, fertility, girls, 1.0), years - 1
    return _part_of_a_year(people, death_rates, fertility, girls, years) if years > 0 else people


def _part_of_a_year(people: Array, rates: Array, fertility: Array, girls: float, part: float) -> Array:
    xp = people.__array_namespace__()
    staying = (1 - part) * people * xp.exp(-part * rates)
    passing = part * people[:, :-1] * xp.exp(-part * (rates[:, :-1] + rates[:, 1:]) / 2)
    # the oldest have no next age to move to
    oldest = part * people[:, -1:] * xp.exp(-part * rates[:, -1:])
    births = part * xp.sum(fertility * people[0])
    newborn = births * xp.stack([xp.asarray(girls), xp.asarray(1 - girls)])[:, None]
    newborn = newborn * xp.exp(-part / 2 * rates[:, :1])  # at risk half of the time on average
    moved = xp.concat([newborn, passing], axis=1)
    return staying + moved + xp.concat([xp.zeros_like(people[:, :-1]), oldest], axis=1)
