"""Degradations: what a poor place's records lack, each a small named function of a complete record.

Every one draws its numbers from ranges of its own, which the estimator does not see. They are applied in the
order of `DEGRADATIONS`: first what moves people, then what is registered of them, last who counts them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dearth.reconstruction.age_patterns import AGES
from dearth.trials.age_tables import FERTILITY, death_rates
from dearth.trials.full_records import BEFORE, LATER_COUNT, RETURN, SECOND_COUNT, YEARS, Truth

Floats = NDArray[np.float64]
Values = Mapping[str, float]
Rng = np.random.Generator
MOVERS = slice(15, 35)  # ages of those who migrate


@dataclass(frozen=True)
class Records:
    """What an office holds; NaN or None where it holds nothing. First axis [year] unless said otherwise.

    Attributes
    ----------
    infant_deaths, other_deaths, births : as registered
    stocks : registered people of 31 December
    counts : by name (first, second, later), persons as counted [sex, age]
    fertility : births per woman of a survey
    """

    truth: Truth
    infant_deaths: Floats
    other_deaths: Floats
    births: Floats
    stocks: Floats
    people: Floats  # [1 January, sex, age] those the counts find
    counts: Mapping[str, Floats]
    fertility: Floats
    deaths_held: bool = True

    @property
    def inside(self) -> Floats:
        """Return 1 in the years of the crisis [year]."""
        marks = np.zeros(YEARS)
        marks[self.truth.inside] = 1
        return marks


def complete(truth: Truth) -> Records:
    """Return the records as they were: nothing missing, nobody counted yet."""
    stocks = truth.stocks[1 : YEARS + 1].sum((1, 2))
    none = np.full(YEARS, np.nan)
    return Records(truth, truth.infant_deaths.copy(), truth.other_deaths.copy(), truth.births.copy(), stocks,
                   truth.stocks.copy(), {}, none)  # fmt: skip


@dataclass(frozen=True)
class Degradation:
    """One way in which records fall short.

    Attributes
    ----------
    ranges : of each number, (mild, bad): drawn evenly between; in the worst corner from the bad fifth
    apply : records and the numbers drawn -> records
    """

    letter: str
    name: str
    what: str
    ranges: Mapping[str, tuple[float, float]]
    apply: Callable[[Records, Values, Rng], Records]


def no_ages(r: Records, v: Values, rng: Rng) -> Records:
    """Keep no ages at death or of the people: only totals reach the estimator, whatever else is done."""
    return r


def migration(r: Records, v: Values, rng: Rng) -> Records:
    """Let a share of the people of 15-34 leave in each year of the crisis; nobody registers that.

    They take their later births and deaths with them: what is true of the place is then of those who stayed.
    """
    truth = r.truth
    people = truth.stocks.copy()
    for year in range(truth.inside.start, truth.inside.stop):
        movers = people[year, :, MOVERS]
        leaving = v["share"] * people[year].sum() * movers / movers.sum()
        for later in range(year + 1, len(people)):
            age = slice(MOVERS.start + later - year, min(MOVERS.stop + later - year, AGES))
            kept = slice(0, age.stop - age.start)
            was = truth.stocks[later, :, age]
            left = np.minimum(leaving[:, kept] * was / truth.stocks[year, :, MOVERS][:, kept], 0.9 * was)
            people[later, :, age] -= np.where(np.isfinite(left), left, 0.0)
    return complete(_of_those_who_stayed(truth, people))


def displacement(r: Records, v: Values, rng: Rng) -> Records:
    """Let a share of the people leave over the crisis, by force or in flight, and some come back later.

    `share` of the people at its start leaves, evenly over its years; `families` of them have the ages of
    everybody, the others are 15-34; `men` of the latter are men; `back` of them return, evenly over the four
    years after. Nobody registers any of it. What is true of the place is then of those who were there.
    """
    truth = r.truth
    first, end = truth.inside.start, truth.inside.stop
    leaving = v["share"] * truth.stocks[first].sum() / truth.length
    people = truth.stocks.copy()
    for year in range(first, end):
        share = _leavers(truth.stocks[year], leaving, v["families"], v["men"])
        for later in range(year + 1, len(people)):
            away = 1 - v["back"] * min(max(later - end, 0), RETURN) / RETURN
            age = later - year
            people[later, :, age:] -= away * share[:, : AGES - age] * truth.stocks[later, :, age:]
    people = np.where(np.isfinite(truth.stocks), np.maximum(people, 0.02 * truth.stocks), people)
    return complete(_of_those_who_stayed(truth, people))


def _leavers(people: Floats, leaving: float, families: float, men: float) -> Floats:
    """Return the share of each sex and age [sex, age] that leaves, `leaving` persons in all."""
    everybody = families * leaving * people / people.sum()
    movers = np.zeros_like(people)
    for sex, share in enumerate((1 - men, men)):
        group = people[sex, MOVERS]
        movers[sex, MOVERS] = (1 - families) * leaving * share * group / group.sum()
    return np.asarray(np.minimum((everybody + movers) / np.maximum(people, 1e-9), 0.9))


def _of_those_who_stayed(truth: Truth, stocks: Floats) -> Truth:
    """Return the truth of fewer people: births and infant deaths by the mothers, other deaths by age."""
    mean, were = (((x[:YEARS] + x[1 : YEARS + 1]) / 2) for x in (stocks, truth.stocks))
    mothers = (mean[:, 0] @ FERTILITY) / (were[:, 0] @ FERTILITY)
    births = truth.births * mothers
    # children not born there are not there later
    stocks = stocks.copy()
    for year in range(len(stocks)):
        for born in range(min(year, YEARS)):
            if (age := year - born - 1) < AGES:
                stocks[year, :, age] *= mothers[born]
    mean = (stocks[:YEARS] + stocks[1 : YEARS + 1]) / 2
    expected = [(x * death_rates())[:, :, 1:].sum((1, 2)) for x in (mean, were)]
    return replace(truth, stocks=stocks, births=births, infant_deaths=truth.infant_deaths * mothers,
                   other_deaths=truth.other_deaths * expected[0] / expected[1])  # fmt: skip


def region(r: Records, v: Values, rng: Rng) -> Records:
    """Lose the registers of the region hit worst: its share of normal deaths, more of the excess."""
    normal = (r.truth.deaths[:BEFORE] / r.truth.people[:BEFORE]).mean() * r.truth.people
    excess = np.maximum(r.truth.deaths - normal, 0) / r.truth.deaths
    missing = v["share"] * (1 + (v["worse"] - 1) * excess) * r.inside
    births = r.births * (1 - v["share"] * r.inside)
    return replace(r, infant_deaths=r.infant_deaths * (1 - missing),
                   other_deaths=r.other_deaths * (1 - missing), births=births)  # fmt: skip


def under_registered(r: Records, v: Values, rng: Rng) -> Records:
    """Book deaths in part, infants' less."""
    return replace(r, infant_deaths=r.infant_deaths * v["complete"] * v["infants"],
                   other_deaths=r.other_deaths * v["complete"])  # fmt: skip


def falls_in_crisis(r: Records, v: Values, rng: Rng) -> Records:
    """Book still fewer deaths in the crisis."""
    kept = 1 - v["fall"] * r.inside
    return replace(r, infant_deaths=r.infant_deaths * kept, other_deaths=r.other_deaths * kept)


def births_omitted(r: Records, v: Values, rng: Rng) -> Records:
    """Register births in part; the death of an unregistered child is seldom registered."""
    early = 1 - v["coupled"] * (1 - v["complete"])
    return replace(r, births=r.births * v["complete"], infant_deaths=r.infant_deaths * early)


def registered_late(r: Records, v: Values, rng: Rng) -> Records:
    """Book a share of each year's deaths some years later; those due after the last year never."""
    lag, share = round(v["years"]), v["share"]

    def moved(deaths: Floats) -> Floats:
        late = share * deaths
        arrived = np.concatenate([np.full(lag, late[:BEFORE].mean()), late[:-lag]])
        return np.asarray(deaths - late + arrived)

    return replace(r, infant_deaths=moved(r.infant_deaths), other_deaths=moved(r.other_deaths))


def harvest_years(r: Records, v: Values, rng: Rng) -> Records:
    """Let years run from July to June: half of the next year's events stand in this one."""

    def cut(events: Floats) -> Floats:
        return np.asarray((events + np.append(events[1:], events[-1])) / 2)

    return replace(r, infant_deaths=cut(r.infant_deaths), other_deaths=cut(r.other_deaths),
                   births=cut(r.births))  # fmt: skip


def capped(r: Records, v: Values, rng: Rng) -> Records:
    """Cap the deaths of a year at a multiple of the usual: the office reports the most allowed."""
    booked = r.infant_deaths + r.other_deaths
    most = v["most"] * booked[:BEFORE].mean()
    kept = np.minimum(1.0, most / booked) * r.inside + (1 - r.inside)
    return replace(r, infant_deaths=r.infant_deaths * kept, other_deaths=r.other_deaths * kept)


def population_register(r: Records, v: Values, rng: Rng) -> Records:
    """Register no deaths: there is a population register, from which the dead are struck late."""
    dead = np.concatenate([[r.truth.deaths[0]], r.truth.deaths])
    stay = v["share"] * (dead[1:] + 0.5 * dead[:-1])
    return replace(r, stocks=r.stocks + stay, deaths_held=False)


def two_counts(r: Records, v: Values, rng: Rng) -> Records:
    """Count twice, eleven years apart, in place of yearly stocks: in part, ages heaped, soldiers left out."""
    found = {
        name: _count(r.people[at], 1 - v["omitted"] * rng.uniform(-0.3, 1.0), v["heaped"], v["error"], rng)
        for name, at in (("first", 0), ("second", SECOND_COUNT))
    }
    for one in found.values():
        one[1, slice(*r.truth.soldiers)] *= 1 - v["soldiers"]
    return replace(r, counts={**r.counts, **found})


def later_count(r: Records, v: Values, rng: Rng) -> Records:
    """Count well much later, by single ages, and survey births."""
    later = _count(r.people[LATER_COUNT], 1 - v["omitted"] * rng.uniform(-1.0, 1.0), 0.0, v["error"], rng)
    women = (r.truth.stocks[:YEARS, 0] + r.truth.stocks[1 : YEARS + 1, 0]) / 2
    rate = r.truth.births / (women @ FERTILITY)
    told = rate * np.exp(v["survey"] * rng.standard_normal(YEARS))
    return replace(r, counts={**r.counts, "later": later}, fertility=told)


def _count(people: Floats, covered: float, heaped: float, error: float, rng: Rng) -> Floats:
    """Return people [sex, age] as counted: a share of those next to ages ending in 0 and 5 say these."""
    ages = np.arange(AGES)
    found = people * covered
    near = (ages % 5 == 1) | (ages % 5 == 4)
    movers = found * near * heaped * (ages >= 10)
    found = found - movers
    found[:, :-1] += (movers * (ages % 5 == 1))[:, 1:]  # those a year above say the round age
    found[:, 1:] += (movers * (ages % 5 == 4))[:, :-1]
    wobble = np.exp(error * rng.standard_normal((2, AGES // 5 + 1)))
    return np.asarray(found * np.repeat(wobble, 5, axis=1)[:, :AGES])


DEGRADATIONS: tuple[Degradation, ...] = (
    Degradation("A", "no_ages", "no ages of deaths or people", {}, no_ages),
    Degradation("M", "migration", "people of 15-34 leave in the crisis, unregistered",
                {"share": (0.04, 0.055)}, migration),
    Degradation("D", "displacement", "people leave in the crisis and some return later, unregistered",
                {"share": (0.005, 0.03), "families": (0.8, 0.2), "men": (0.5, 0.8), "back": (0.6, 0.1)},
                displacement),
    Degradation("P", "region", "registers of the region hit worst are lost in the crisis",
                {"share": (0.03, 0.15), "worse": (1.2, 2.5)}, region),
    Degradation("R", "under_registered", "deaths registered in part, infants less",
                {"complete": (0.95, 0.6), "infants": (1.0, 0.7)}, under_registered),
    Degradation("K", "falls_in_crisis", "fewer still in the crisis", {"fall": (0.02, 0.3)}, falls_in_crisis),
    Degradation("B", "births_omitted", "births registered in part, infant deaths with them",
                {"complete": (0.98, 0.82), "coupled": (0.7, 1.0)}, births_omitted),
    Degradation("L", "registered_late", "deaths registered one to five years late",
                {"share": (0.05, 0.3), "years": (1.0, 5.0)}, registered_late),
    Degradation("Y", "harvest_years", "years from July to June", {}, harvest_years),
    Degradation("F", "capped", "deaths reported up to a multiple of the usual", {"most": (1.4, 1.1)}, capped),
    Degradation("H", "population_register", "a population register in place of deaths, the dead struck late",
                {"share": (0.1, 0.5)}, population_register),
    Degradation("C", "two_counts", "two counts eleven years apart in place of yearly stocks",
                {"omitted": (0.0, 0.015), "heaped": (0.0, 0.2), "error": (0.01, 0.03),
                 "soldiers": (0.0, 0.08)}, two_counts),
    Degradation("S", "later_count", "a later count by single ages and a survey of births",
                {"omitted": (0.0, 0.004), "error": (0.005, 0.01), "survey": (0.01, 0.03)}, later_count),
)  # fmt: skip
BY_LETTER = {one.letter: one for one in DEGRADATIONS}
