"""Populations with known registration between two censuses: the truth behind methods for two censuses.

A population of one sex is projected by single years of age: sixty years in which mortality falls and births
change, then the time between two censuses. Deaths are registered in part, censuses miss people, people come
or leave, ages may be wrong. What an office would hold is kept apart from what happened.
"""

from dataclasses import dataclass

import numpy as np

from dearth.numerics.random_streams import stream
from dearth.population.census_interval import WIDTH, CensusInterval, Floats, census_interval
from dearth.population.migration_ages import migration_rates
from dearth.population.model_schedules import siler, stable_ages

AGES = 121  # single years of age, the last one open
BEFORE = 60  # years of history before the first census
OPEN = 85  # first age of the open group
FIRST = 5  # completeness is that of deaths from this age on
YOUNG = np.exp(-(((np.arange(AGES) - 25) / 12) ** 2))  # whom offices miss most: highest at 25


@dataclass(frozen=True)
class Setting:
    """What goes wrong in the records of one kind of trial; each number is the largest that is drawn.

    Attributes
    ----------
    name, what : for tables
    undercount : share of the people that a census misses
    migration : net migration a year, share of the people, either way
    migrants : what the office knows of migrants: ``exact``, ``rough`` (30 % off) or ``none``
    exaggerated : share of people over 60, living or dead, whose age is given five years too high
    crisis : factor of the death rates in one year between the censuses
    lost : share of registration that is lost in that year
    uneven : share by which registration is lower around age 25 than elsewhere; a quarter of it for censuses
    """

    name: str
    what: str
    undercount: float = 0.0
    migration: float = 0.0
    migrants: str = "exact"
    exaggerated: float = 0.0
    crisis: float = 1.0
    lost: float = 0.0
    uneven: float = 0.0


SETTINGS = (
    Setting("exact", "nothing is wrong but registration"),
    Setting("undercount", "each census misses 0-8 %", undercount=0.08),
    Setting("migration_known", "1 % a year come or leave, all known", migration=0.01),
    Setting("migration_unknown", "1 % a year come or leave, none known", migration=0.01, migrants="none"),
    Setting("ages", "up to 15 % of those over 60 give ages five years too high", exaggerated=0.15),
    Setting("crisis", "a year with up to five times the deaths, half of its registration lost",
            crisis=5.0, lost=0.5),
    Setting("uneven", "young adults: registration up to 40 % lower, censuses up to 10 %", uneven=0.4),
    Setting("all", "all of these, migrants known within 30 %", undercount=0.08, migration=0.01,
            migrants="rough", exaggerated=0.15, crisis=5.0, lost=0.5, uneven=0.4),
)  # fmt: skip


@dataclass(frozen=True)
class KnownPair:
    """What an office holds of a simulated population, and the truth.

    Attributes
    ----------
    interval : two censuses, deaths and net migrants as the office has them
    sex : ``female`` or ``male``
    completeness : true share of the deaths from age 5 that were registered between the censuses
    """

    interval: CensusInterval
    sex: str
    completeness: float


def known_pair(
    setting: Setting, seed: int, number: int, apart: int | None = None, open_age: int = OPEN
) -> KnownPair:
    """Return the population `number` of a setting under `seed`.

    Registration is 30-100 % complete, births grew by 0-3.5 % a year.

    Parameters
    ----------
    apart
        Whole years between the censuses; None draws 5 to 12.
    open_age
        First age of the open group of the records.
    """
    draw = stream(seed, "census pairs", setting.name, str(number))
    sex = "female" if draw.random() < 0.5 else "male"
    drawn = int(draw.integers(5, 13))
    years = drawn if apart is None else apart
    share = float(draw.uniform(0.3, 1.0))
    people, hazard, births_growth = _history(draw)
    moving = migration_rates(AGES)[0 if sex == "female" else 1]
    rate = float(draw.uniform(-setting.migration, setting.migration))
    moved = np.zeros(AGES)
    factors = np.ones(years)
    shares = np.full(years, share)
    bad = int(draw.integers(0, years))
    factors[bad] = draw.uniform(1.0, setting.crisis)
    shares[bad] *= 1 - draw.uniform(0.0, setting.lost)
    first, deaths, registered = people.copy(), np.zeros(AGES), np.zeros(AGES)
    by_age = 1 - draw.uniform(0.0, setting.uneven) * YOUNG
    births = float(people[0])
    for year in range(years):
        came = rate * people.sum() * moving * people / (moving * people).sum()
        people, moved = people + came, moved + came
        people, dying = _year(people, hazard * factors[year], births)
        births *= np.exp(births_growth)
        deaths += dying
        registered += shares[year] * by_age * dying
    known = moved * _knowledge(setting, draw)
    return KnownPair(
        census_interval(
            WIDTH * np.arange(open_age // WIDTH + 1), *_enumerated(setting, draw, first, people, open_age),
            _reported(registered, setting, draw, open_age), float(years), _groups(known, open_age),
        ),
        sex, float(registered[FIRST:].sum() / deaths[FIRST:].sum()),
    )  # fmt: skip


def _history(draw: np.random.Generator) -> tuple[Floats, Floats, float]:
    """Return people at the first census, death rates then, and growth of births a year."""
    growth = float(draw.uniform(0.0, 0.035))
    fall = float(draw.uniform(0.0, 0.02))  # of death rates, a year
    late = growth + float(draw.uniform(-0.02, 0.01))  # births of the last thirty years
    now = siler(
        np.arange(AGES) + 0.5, draw.uniform(0.02, 0.15), 1.0, draw.uniform(0.0005, 0.004),
        draw.uniform(0.00005, 0.0002), draw.uniform(0.075, 0.1),
    )  # fmt: skip
    hazard = now * np.exp(fall * BEFORE)
    people = draw.uniform(0.3e5, 3e5) * stable_ages(hazard, growth)
    births = float(people[0])
    for year in range(BEFORE):
        hazard = hazard * np.exp(-fall)
        people, _ = _year(people, hazard, births)
        births *= np.exp(late if year >= BEFORE // 2 else growth)
    return people, hazard, late


def _year(people: Floats, hazard: Floats, births: float) -> tuple[Floats, Floats]:
    """Return people a year later and the deaths of the year by age at death, both [age]."""
    alive = people * np.exp(-hazard)
    dying = people - alive
    aged = np.concatenate([[births], alive[:-1]])
    aged[-1] += alive[-1]
    at_death = 0.5 * dying
    at_death[1:] += 0.5 * dying[:-1]
    at_death[-1] += 0.5 * dying[-1]
    return aged, at_death


def _enumerated(
    setting: Setting, draw: np.random.Generator, first: Floats, second: Floats, open_age: int
) -> tuple[Floats, Floats]:
    """Return both censuses in five-year groups, as the offices have them."""
    found = []
    for people in (first, second):
        covered = (1 - draw.uniform(0.0, setting.undercount)) * people
        covered = covered * (1 - draw.uniform(0.0, setting.uneven / 4) * YOUNG)
        found.append(_reported(covered, setting, draw, open_age, of_persons=True))
    return found[0], found[1]


def _reported(
    counts: Floats, setting: Setting, draw: np.random.Generator, open_age: int, of_persons: bool = False
) -> Floats:
    """Return counts in five-year groups with wrong ages; registered deaths have chance errors too."""
    share = float(draw.uniform(0.0, setting.exaggerated))
    shifted = counts.copy()
    shifted[60:] *= 1 - share
    shifted[65:] += share * counts[60:-5]
    shifted[-1] += share * counts[-5:].sum()
    found = _groups(shifted, open_age)
    return found if of_persons else np.asarray(draw.poisson(found), float)


def _knowledge(setting: Setting, draw: np.random.Generator) -> float:
    error = float(draw.normal(0.0, 0.3))
    return {"exact": 1.0, "rough": max(0.0, 1 + error), "none": 0.0}[setting.migrants]


def _groups(values: Floats, open_age: int) -> Floats:
    return np.add.reduceat(values, range(0, open_age + 1, WIDTH))
