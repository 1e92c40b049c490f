"""The hidden truth of a trial: what really happened around a window, from records that are complete."""

from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.years import window_years
from dearth.population.vital_registration import read_register
from dearth.reconstruction.age_patterns import AGES, SEXES, rows_of, span
from dearth.trials.age_tables import SOLDIERS, Ages

Floats = NDArray[np.float64]
Persons = TypeVar("Persons", covariant=True)  # a float of a truth, a traced scalar of an estimate
# the design of every trial; all four assumed
BEFORE = 5  # years from the first count to the crisis
YEARS = 14  # that are reconstructed
SECOND_COUNT = 11  # years from the first count to the second: a census in about every ten years
LATER_COUNT = 29  # years from the first count to the later one: those born in the crisis are grown up
LAG = 1  # births answer until a year after the window
LONGEST = 4  # years of a window
RETURN = 4  # years in which births lost may come back


@dataclass(frozen=True)
class Truth:
    """Years run from `BEFORE` years before the crisis; first axes [year] unless said otherwise.

    Attributes
    ----------
    first, length : first year of the crisis and how many it lasts
    stocks : people on 1 January [YEARS + more, sex, age], women first; NaN where missing
    infant_deaths, other_deaths : persons who died under one year of age, and later
    births : live births
    soldiers : ages of the men whom a census leaves out
    """

    place: str
    first: int
    length: int
    stocks: Floats
    infant_deaths: Floats
    other_deaths: Floats
    births: Floats
    soldiers: Ages = SOLDIERS

    @property
    def name(self) -> str:
        """Return the place and the window."""
        last = self.first + self.length - 1
        return f"{self.place} {self.first}" if self.length == 1 else f"{self.place} {self.first}-{last}"

    @property
    def deaths(self) -> Floats:
        """Return all deaths [year]."""
        return self.infant_deaths + self.other_deaths

    @property
    def inside(self) -> slice:
        """Return the years of the crisis."""
        return slice(BEFORE, BEFORE + self.length)

    @property
    def lost(self) -> slice:
        """Return the years in which births may be lost."""
        return slice(BEFORE, BEFORE + self.length + LAG)

    @property
    def returned(self) -> slice:
        """Return the years in which births may come back."""
        return slice(self.lost.stop, self.lost.stop + RETURN)

    @property
    def people(self) -> Floats:
        """Return person-years [year], the mean of two 1 Januaries."""
        totals = self.stocks.sum((1, 2))
        return np.asarray((totals[:YEARS] + totals[1 : YEARS + 1]) / 2)

    def quantities(self) -> "Measured[float]":
        """Return what an estimate is compared with, persons: see `measured`."""
        found = measured(self.deaths, self.births, self.people, self.length)
        return Measured(**{name: float(value) for name, value in found.by_name().items()})


@dataclass(frozen=True)
class Measured(Generic[Persons]):
    """The quantities of a history, true or estimated, all in persons.

    Attributes
    ----------
    deaths : deaths of the window
    births : births of the window and of `LAG` years after it
    excess : deaths of the window above those of the mean rate of the five years before
    gross : births lost, below those of the mean rate of the five years before
    recovered : births above that rate in the `RETURN` years after
    net : births lost less births recovered
    """

    deaths: Persons
    births: Persons
    excess: Persons
    gross: Persons
    recovered: Persons
    net: Persons

    def by_name(self) -> dict[str, Persons]:
        """Return each quantity by its name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def measured(deaths: Any, births: Any, people: Any, length: int) -> Measured[Any]:
    """Return the quantities of a history, true or estimated, from its years [year], persons.

    Deaths and births of the window were registered and are hard. Excess deaths and births lost are soft: they
    rest on a baseline, the mean rate of the five years before, by which both histories are measured alike.
    """
    inside, lost = slice(BEFORE, BEFORE + length), slice(BEFORE, BEFORE + length + LAG)
    returned = slice(lost.stop, lost.stop + RETURN)
    usual_deaths = (deaths[:BEFORE] / people[:BEFORE]).mean() * people
    usual_births = (births[:BEFORE] / people[:BEFORE]).mean() * people
    gross = (usual_births - births)[lost].sum()
    recovered = (births - usual_births)[returned].sum()
    return Measured(
        deaths=deaths[inside].sum(), births=births[lost].sum(), excess=(deaths - usual_deaths)[inside].sum(),
        gross=gross, recovered=recovered, net=gross - recovered,
    )  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """All the years of a place's complete records, from which truths are cut."""

    place: str
    first: int
    stocks: Floats
    infant_deaths: Floats
    other_deaths: Floats
    births: Floats
    scopes: tuple[str, ...]
    soldiers: Ages = SOLDIERS

    def cut(self, first: int, length: int, later: bool) -> Truth:
        """Return the truth about a crisis that begins in `first`; `later` asks for the later count too.

        Raises
        ------
        CaseError
            Years that are missing, or a change of territory among them.
        """
        if not 1 <= length <= LONGEST:
            raise mistake("recover", f"a window of {length} years from {first}; 1 to {LONGEST} can be tried: "
                          "births must come back before the second count", field="--windows")  # fmt: skip
        start = first - BEFORE - self.first
        reach = LATER_COUNT if later else YEARS
        years = slice(max(start, 0), start + YEARS)
        held = np.isfinite(self.births[years] + self.other_deaths[years])
        counted = np.isfinite(self.stocks[max(start, 0) : start + YEARS + 1].sum((1, 2)))
        asked = start >= 0 and start + reach < len(self.stocks)
        asked = asked and len(held) == YEARS and bool(held.all() and counted.all())
        if asked and later:
            asked = bool(np.isfinite(self.stocks[start + LATER_COUNT].sum()))
        if not asked:
            raise mistake(
                "recover", f"a trial about {first} needs deaths, births and people by age of "
                f"{first - BEFORE} to {first - BEFORE + reach}; not all are available", field="--windows",
            )  # fmt: skip
        if len(set(self.scopes[start : start + reach + 1])) > 1:
            raise mistake("recover", f"the territory changes within {first - BEFORE} to "
                          f"{first - BEFORE + reach}", field="--windows")  # fmt: skip
        stocks = np.full((LATER_COUNT + 1, 2, AGES), np.nan)
        found = self.stocks[start : start + LATER_COUNT + 1]
        stocks[: len(found)] = found
        return Truth(self.place, first, length, stocks, self.infant_deaths[years], self.other_deaths[years],
                     self.births[years], self.soldiers)  # fmt: skip

    def windows(self, length: int, later: bool) -> list[int]:
        """Return the first years about which a trial is possible."""
        found = []
        for first in range(self.first + BEFORE, self.first + len(self.births)):
            try:
                self.cut(first, length, later)
            except ValueError:
                continue
            found.append(first)
        return found


def read_archive(case: Case) -> Archive:
    """Read the complete records of a case made from full registers.

    Raises
    ------
    CaseError
        A case without a reconstruction of deaths by single age and people of 1 January.
    """
    spec = case.settings.reconstruction
    if spec is None or spec.deaths_by_age is None or spec.start.series is None:
        raise mistake(
            "case.yaml", "a trial needs full records: deaths and people of 1 January by single age "
            "(make such a case with 'dearth new NAME --from-hmd FOLDER --window YEARS')",
            field="reconstruction",
        )  # fmt: skip
    register = read_register(case, spec.register_name)
    people = rows_of(case, spec.start.series, str(spec.start.variable), None, "start")
    died = rows_of(case, spec.deaths_by_age.series, spec.deaths_by_age.variable, None, "deaths_by_age")
    first = min(row.year for row in people)
    many = max(row.year for row in people) - first + 1
    stocks, scopes = np.full((many, 2, AGES), np.nan), [""] * many
    for row in people:
        if row.sex in SEXES:
            at, sex, ages = row.year - first, SEXES.index(row.sex), span(row)
            stocks[at, sex, ages] = np.nan_to_num(stocks[at, sex, ages]) + row.base / (ages.stop - ages.start)
            scopes[at] = row.scope
    stocks = np.where(np.isfinite(stocks).any((1, 2), keepdims=True), np.nan_to_num(stocks), np.nan)
    deaths = np.full((many, 2), np.nan)
    for row in died:
        at = row.year - first
        if row.sex in SEXES and 0 <= at < many:
            later = int(span(row).start > 0)
            deaths[at, later] = np.nan_to_num(deaths[at, later]) + row.base
    births = np.full(many, np.nan)
    for year, value in zip(register.years, register.births, strict=True):
        if 0 <= year - first < many:
            births[year - first] = value
    return Archive(case.settings.place or case.name, first, stocks, deaths[:, 0], deaths[:, 1], births,
                   tuple(scopes), soldiers_of(case))  # fmt: skip


def soldiers_of(case: Case) -> Ages:
    """Return the ages of the men whom censuses of the case leave out; neutral where it does not say."""
    declared = case.settings.trials and case.settings.trials.soldiers
    return (declared.ages_from, declared.ages_to) if declared else SOLDIERS


def own_window(case: Case) -> tuple[int, int]:
    """Return the first year and the length of the case's window."""
    years = sorted(window_years(case.settings.window))
    if years[-1] - years[0] != len(years) - 1:
        raise mistake("case.yaml", "a trial needs a window without gaps", field="window")
    return years[0], len(years)
