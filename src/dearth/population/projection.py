"""Cohort-component projection: people by sex and age carried from step to step, accounts balanced.

Works on NumPy and JAX arrays alike, any number of leading axes (draws, places). Ages are the last axis,
in groups as wide as the step, the last group open; sexes the one before. Migrants come half at the start
of the step and half at its end, as in Wheldon et al. (2013); the rest follows Preston et al. (2001),
chapter 6.

References
----------
preston2001, wheldon2013
"""

from typing import Any, NamedTuple

Array = Any  # NumPy or JAX array


class Step(NamedTuple):
    """Outcome of one step: people [..., sex, age] at its end, and what happened in it.

    `deaths` [..., sex, age + 1] are by group at the start, the newborn first; `births` [..., sex];
    `migrants` [..., sex, age] by the group they left or joined at the start of the step; `born_to`
    [..., age] are births by the mother's group.
    """

    people: Array
    births: Array
    deaths: Array
    migrants: Array
    born_to: Array


def step(
    people: Array, survival: Array, fertility: Array, migration: Array, girls: Array, width: float = 1.0
) -> Step:
    """Carry `people` one step of `width` years.

    Parameters
    ----------
    people
        Persons [..., sex, age], women first.
    survival
        Proportion surviving the step [..., sex, age + 1]: first the newborn, then into each group from the
        one before, last within the open group.
    fertility
        Births per woman-year by age [..., age].
    migration
        Net migrants of the step over persons at its start [..., sex, age].
    girls
        Share of girls among births, 1 / (1 + sex ratio at birth).
    """
    xp = people.__array_namespace__()
    migrants = migration * people
    early = people + migrants / 2
    kept = early * survival[..., 1:]
    moved = xp.concat([kept[..., :-2], kept[..., -2:-1] + kept[..., -1:]], axis=-1)
    women = early[..., 0, :]
    later = xp.concat([xp.zeros_like(women[..., :1]), moved[..., 0, :]], axis=-1)
    mothers = (women + later) / 2
    born_to = width * fertility * mothers
    born = xp.sum(born_to, axis=-1)
    sexes = people.shape[-2]
    shares = [born * girls, born * (1 - girls)][:sexes]
    births = xp.stack(shares, axis=-1)
    infants = births[..., None] * survival[..., :1]
    deaths = xp.concat([births[..., None] - infants, early - kept], axis=-1)
    after = xp.concat([infants, moved], axis=-1) + migrants / 2
    return Step(after, births, deaths, migrants, born_to)


def project(
    people: Array, survival: Array, fertility: Array, migration: Array, girls: Array, width: float = 1.0
) -> tuple[Array, Step]:
    """Carry `people` through all steps, which are the first axis of the rates.

    Returns the people at the start of every step and at the end [step + 1, ..., sex, age], and the
    steps stacked along a first axis.
    """
    steps = []
    stocks = [people]
    for at in range(survival.shape[0]):
        steps.append(step(stocks[-1], survival[at], fertility[at], migration[at], girls, width))
        stocks.append(steps[-1].people)
    xp = people.__array_namespace__()
    return xp.stack(stocks), Step(*(xp.stack(parts) for parts in zip(*steps, strict=True)))


def imbalance(before: Array, done: Step) -> Array:
    """Return per sex what people at the end differ from people before + births - deaths + migrants."""
    xp = before.__array_namespace__()
    change = xp.sum(done.people, axis=-1) - xp.sum(before, axis=-1)
    return change - (done.births - xp.sum(done.deaths, axis=-1) + xp.sum(done.migrants, axis=-1))
