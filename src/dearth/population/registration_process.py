"""The registration process: what an office records of the deaths, births and people there are.

One module stands behind both sides: the likelihood of a reconstruction, and the observer of a simulated
history. Works on NumPy and JAX arrays. Years are the first axis; `deaths` are [year, sex, age].
Completeness is a share of true events (preston2001, chapter 8). Double entries of people who move follow the
argument of sun2016. Deaths are conserved: one registered late is
taken from those not registered when they happened.
"""

from typing import Any, NamedTuple

Array = Any  # NumPy or JAX array


class RegisteredDeaths(NamedTuple):
    """Deaths as registered [year]: on time, late (from earlier years), and names struck off as if dead."""

    prompt: Array
    late: Array
    struck: Array

    @property
    def total(self) -> Array:
        """Deaths in the register of the year."""
        return self.prompt + self.late + self.struck


def completeness_by_group(overall: Array, offset: Array, infant_ratio: Array) -> Array:
    """Return completeness [year, sex, age] of deaths in the year they happen.

    Parameters
    ----------
    overall
        Share registered in the reference group, by year [year].
    offset
        Log odds of a group's share over the reference [sex, age]; a full register stays full under any.
    infant_ratio
        Completeness of deaths under one over what the offsets give, by year [year].
    """
    xp = overall.__array_namespace__()
    share = overall[:, None, None]
    groups = shift_share(share, offset[None])
    infants = groups[..., :1] * infant_ratio[:, None, None]
    return xp.concat([infants, groups[..., 1:]], axis=-1)


def register_deaths(
    deaths: Array, completeness: Array, late_share: Array, happened: Array, booked: Array, struck: Array
) -> RegisteredDeaths:
    """Return what the register shows of `deaths` [year, sex, age].

    Parameters
    ----------
    completeness
        Share registered in the year of death, broadcastable to `deaths`.
    late_share
        Share of the unregistered deaths of the `happened` years that is registered in the `booked` years.
    happened, booked
        Weights [year]: 1 for years whose unregistered deaths may be registered late; years in which
        they are registered, sum 1.
    struck
        Names removed from the population register and entered as deaths [year], persons.
    """
    xp = deaths.__array_namespace__()
    on_time = xp.sum(deaths * completeness, axis=(-2, -1))
    missed = xp.sum(deaths, axis=(-2, -1)) - on_time
    return RegisteredDeaths(on_time, booked * (late_share * xp.sum(missed * happened)), struck)


class RegisteredInMonth(NamedTuple):
    """Deaths registered in a month, late ones too, and those that may still be registered later."""

    prompt: Array
    late: Array
    waiting: Array


def register_month(
    deaths: Array, waiting: Array, completeness: Array, late: Array, ever: Array, open_share: Array
) -> RegisteredInMonth:
    """Return what an office registers in a month; nothing is registered twice.

    Parameters
    ----------
    deaths
        Of the month.
    waiting
        Earlier deaths that may still be registered.
    completeness
        Share of the month's deaths registered at once.
    late
        Share of those waiting that is registered in the month.
    ever
        Share of the deaths missed at first that may still be registered.
    open_share
        How far the office works, 0 to 1.
    """
    prompt = open_share * completeness * deaths
    registered_late = open_share * late * waiting
    missed = ever * (open_share * deaths - prompt)
    return RegisteredInMonth(prompt, registered_late, waiting + missed - registered_late)


def register_births(births: Array, completeness: Array) -> Array:
    """Return births registered [year] of `births` [year] at `completeness` (a share, or [year])."""
    return births * completeness


def shift_share(share: Array, log_odds: Array) -> Array:
    """Return `share` with its odds multiplied by exp(`log_odds`); a full register stays full."""
    xp = log_odds.__array_namespace__()
    odds = share * xp.exp(log_odds)
    return odds / (odds + (1 - share))


def under_load(share: Array, overload: Array, load: Array) -> Array:
    """Return the share registered by an office with more deaths than usual to register.

    Parameters
    ----------
    share
        Share registered under the usual load.
    overload
        Fall of its log odds per unit of load.
    load
        Deaths above the usual over usual deaths.
    """
    return shift_share(share, -overload * load)


def infant_ratio(birth_completeness: Array, coupling: Array) -> Array:
    """Return completeness of infant deaths over that of others.

    A child whose birth was omitted and who died early is omitted twice: with `coupling` 1 infant deaths
    lose the whole share of omitted births, with 0 nothing.
    """
    return 1 - coupling * (1 - birth_completeness)


def false_entries_removed(surplus: Array, mixed: float, smooth: float) -> Array:
    """Return false names removed from a population register [year] as its `surplus` over people falls.

    A register with fewer names than there are people has few false ones: a further fall removes hardly
    anybody.

    Parameters
    ----------
    surplus
        Names less people [year + 1], persons; below 0 where more people are missing than names are false.
    mixed
        How far the register has false names and misses people at once: where names and people are as many,
        0.69 `mixed` names are false, persons (a softplus of this width).
    smooth
        Width of the smooth positive part of a year's fall, persons, so that no year is a knife edge.
    """
    held = _positive(surplus, mixed)
    return _positive(held[:-1] - held[1:], smooth)


def _positive(x: Array, smooth: float) -> Array:
    xp = x.__array_namespace__()
    scaled = x / smooth
    return smooth * (xp.maximum(scaled, xp.zeros_like(scaled)) + xp.log1p(xp.exp(-xp.abs(scaled))))


def counted(people: Array, groups: Array, coverage: Array) -> Array:
    """Return what a census finds in `groups` [group, sex, age] (weights) of `people` [sex, age].

    Parameters
    ----------
    coverage
        Persons counted over persons of the same scope (who counts as of the place); people of a wider or
        narrower scope are for the caller to leave out, or for the prior of coverage to allow for.
    """
    xp = people.__array_namespace__()
    return coverage * xp.sum(groups * people, axis=(-2, -1))


def count_error(group_sd: float, many: Array) -> Array:
    """Return the sd of the log of a counted group: misstated ages (`group_sd`) and, of few, chance."""
    return (group_sd**2 + 1 / many) ** 0.5
