"""Vital registration of one place: people, births and deaths, by calendar year or a part of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from dearth.case.evidence import Floats, Series
from dearth.case.periods import DAYS_A_YEAR, Period, calendar_year, days_in_year, same_dates
from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.schema import Register
from dearth.case.vocabulary import day_of
from dearth.case.years import parse_years
from dearth.population.exposure import Exposure, exposure

YEARLY_DAYS = ("31 December", "1 July", "1 January")  # of stocks that are expected every year
UNIT = 1000.0  # "person-years" of a year without a population: deaths per 1000 of them are deaths


@dataclass(frozen=True)
class VitalRegister:
    """Births, deaths and person-years by calendar year; all arrays (Y,), persons, nan = not available.

    Attributes
    ----------
    person_years : mean of opening and closing stock unless the case has a mid-year population
    opening, closing : stocks of 31 December before and of the year, of one scope, else nan
    migration : net arrivals, 0 where the case has none
    held_out : years whose death rate is kept from every baseline
    given_death_rate, given_birth_rate : crude rates of years without person-years, per 1000
    counts : whether the case has no population: rates are then events a year
    within_years : whether deaths are given by week, month or other parts of a year
    migration_source : ``series/variable`` of `migration`, empty where the case has none
    """

    name: str
    place: str
    kind: str
    years: tuple[int, ...]
    person_years: Floats
    deaths: Floats
    births: Floats
    opening: Floats
    closing: Floats
    migration: Floats
    fertility: Floats
    held_out: frozenset[int] = frozenset()
    given_death_rate: Floats | None = None
    given_birth_rate: Floats | None = None
    counts: bool = False
    within_years: bool = False
    migration_source: str = ""

    @cached_property
    def index(self) -> dict[int, int]:
        """Position of each year."""
        return {year: i for i, year in enumerate(self.years)}

    @cached_property
    def dead(self) -> tuple[int, ...]:
        """Years whose number of deaths is available; births may be available for more."""
        return tuple(y for y, d in zip(self.years, self.deaths, strict=True) if np.isfinite(d))

    @cached_property
    def rated(self) -> tuple[int, ...]:
        """Years whose death rate is available, which is all that a normal rate needs."""
        return tuple(y for y, d in zip(self.years, self.death_rate, strict=True) if np.isfinite(d))

    @property
    def death_rate(self) -> Floats:
        """Crude death rate as registered, per 1000 person-years."""
        return or_given(1000 * self.deaths / self.person_years, self.given_death_rate)

    @property
    def birth_rate(self) -> Floats:
        """Crude birth rate as registered, per 1000 person-years."""
        return or_given(1000 * self.births / self.person_years, self.given_birth_rate)

    @property
    def peopled(self) -> "VitalRegister":
        """The register without the years that have a rate alone."""
        at = np.isfinite(self.person_years)
        if at.all():
            return self
        arrays: dict[str, Any] = {
            name: value[at] for name, value in vars(self).items() if isinstance(value, np.ndarray)
        }
        return replace(self, years=tuple(np.array(self.years)[at].tolist()), **arrays)

    @property
    def residual(self) -> Floats:
        """Stock change less natural increase and net migration, persons: what the accounts leave open."""
        return (self.closing - self.opening) - (self.births - self.deaths) - self.migration


def or_given(rates: Floats, given: Floats | None, share: Floats | float = 1.0) -> Floats:
    """Return `rates`, and where they are unknown the `given` ones divided by the `share` registered."""
    return rates if given is None else np.where(np.isnan(rates), given / share, rates)


@dataclass(frozen=True)
class _Columns:
    """The series that one register names; None where the case has no rows of it."""

    deaths: Series | None
    death_rate: Series | None
    births: Series | None
    birth_rate: Series | None
    total_fertility: Series | None
    net_migration: Series | None
    immigration: Series | None
    emigration: Series | None

    @property
    def migration(self) -> tuple[Series, ...]:
        """The series that say how many people arrived and left."""
        parts = (self.net_migration, self.immigration, self.emigration)
        return tuple(part for part in parts if part is not None)

    @property
    def events(self) -> tuple[Series, ...]:
        """The series that say in which years the register has births or deaths."""
        parts = (self.deaths, self.death_rate, self.births, self.birth_rate)
        return tuple(part for part in parts if part is not None)


def migration_references(case: Case, spec: Register, place: str = "") -> tuple[str, ...]:
    """Return the series of migration that the case has for a register.

    The one declared; else net migration, or arrivals and departures, of the series of the stock or deaths.
    """
    if spec.net_migration is not None:
        return (spec.net_migration,) if case.evidence.has(spec.net_migration, place) else ()
    named = (spec.population or spec.population_midyear or spec.deaths or spec.death_rate or "").split("/")[0]
    if case.evidence.has(f"{named}/net_migration", place):
        return (f"{named}/net_migration",)
    found = (f"{named}/immigration", f"{named}/emigration")
    return tuple(reference for reference in found if case.evidence.has(reference, place))


def has_population(case: Case, name: str, place: str = "") -> bool:
    """Return whether the case has people, or deaths with their rate, of the register `name`."""
    spec = case.settings.registers[name]

    def given(*references: str | None) -> bool:
        return all(r is not None and case.evidence.has(r, place) for r in references)

    return given(spec.population) or given(spec.population_midyear) or given(spec.deaths, spec.death_rate)


def read_register(case: Case, name: str, place: str = "", part: Period | None = None) -> VitalRegister:
    """Build the register `name` of `place` from the evidence.

    Person-years are the mid-year population if available, else the mean of two successive year-end
    stocks of one scope, else deaths over the death rate (preston2001, chapter 1: the mean of two year-ends).
    A year with a death rate and no person-years keeps its rate: a normal rate needs no more.

    Parameters
    ----------
    part : dates within one calendar year; births, deaths and person-years are then those of the same dates
        of every year. Person-years of a part are shared by days: of the year where deaths are yearly, else
        of 365.25 days.

    Raises
    ------
    CaseError
        Series whose quality is `recalled`, gaps in its years, or no year with deaths.
    """
    spec = case.settings.registers[name]
    where = f"registers.{name}" + (f" ({place})" if place else "")

    def get(reference: str | None) -> Series | None:
        if reference is None or not case.evidence.has(reference, place):
            return None
        series = case.evidence.series(reference, place)
        refuse_recalled(case, reference, place)
        dated = series.sum == "stock" and day_of(reference.split("/")[1]) not in YEARLY_DAYS
        if series.gaps and not (series.within_years or dated):
            raise mistake("evidence", f"{reference} {place}: the years {series.gaps} are missing")
        return series

    moved = {reference.split("/")[1]: get(reference) for reference in migration_references(case, spec, place)}
    net = next((moved[name] for name in moved if name not in ("immigration", "emigration")), None)
    columns = _Columns(
        get(spec.deaths), get(spec.death_rate), get(spec.births), get(spec.birth_rate),
        get(spec.total_fertility), net, moved.get("immigration"), moved.get("emigration"),
    )  # fmt: skip
    if columns.deaths is None and columns.death_rate is None:
        raise mistake("case.yaml", f"{where}: the case has no rows of its deaths")
    people = exposure(get(spec.population), get(spec.population_midyear))
    return _register(case, name, place, where, columns, people, part)


def _register(
    case: Case, name: str, place: str, where: str, columns: _Columns, people: Exposure, part: Period | None
) -> VitalRegister:
    counts = people.empty and (columns.deaths is None or columns.death_rate is None)
    if counts and place:
        raise mistake("case.yaml", f"{where}: no population; the deaths of a place need one")
    if counts and columns.deaths is None:
        raise mistake("case.yaml", f"{where}: death rates alone do not say how many died; "
                      "give the population or the number of deaths")  # fmt: skip
    within = any(series.within_years for series in columns.events)
    touched = {year for s in columns.events for year in _years_of(s)}
    person_years, rates_only = _person_years(columns, people, touched, counts)
    _refuse_gaps(where, set(person_years), within)
    years = tuple(sorted({*person_years, *rates_only}))
    periods = [calendar_year(year) if part is None else same_dates(part, year) for year in years]
    py = np.array([person_years.get(year, np.nan) for year in years])
    by_parts = any(s is not None and s.within_years for s in (columns.deaths, columns.death_rate))
    share = np.ones(len(years))
    if part is not None:
        share = np.array([p.days / days_in_year(y) for p, y in zip(periods, years, strict=True)])
        py = py * (np.array([p.days / DAYS_A_YEAR for p in periods]) if by_parts else share)

    def over(series: Series | None, missing: float = np.nan) -> Floats:
        return _column(series, years, periods, part is not None, missing)

    def persons(count: Series | None, rate: Series | None) -> Floats:
        counted = over(count)
        return np.where(np.isnan(counted), over(rate) * py / 1000, counted)

    before = [people.stocks.get(y - 1, np.nan) if people.same_scope(y) else np.nan for y in years]
    after = [people.stocks.get(y, np.nan) if people.same_scope(y) else np.nan for y in years]
    opening, closing = np.array(before), np.array(after)
    if part is not None:
        first = np.array(
            [(p.start - calendar_year(p.year).start).days / days_in_year(p.year) for p in periods]
        )
        change = closing - opening
        opening, closing = opening + first * change, opening + (first + share) * change
    moved = over(columns.net_migration, 0.0) + over(columns.immigration, 0.0) - over(columns.emigration, 0.0)
    return VitalRegister(
        name, place, case.settings.registers[name].kind, years, py,
        persons(columns.deaths, columns.death_rate), persons(columns.births, columns.birth_rate),
        opening, closing, moved, over(columns.total_fertility),
        held_out(case, name, place), over(columns.death_rate), over(columns.birth_rate), counts, by_parts,
        ", ".join(series.name for series in columns.migration),
    )  # fmt: skip


def _years_of(series: Series) -> range | tuple[int, ...]:
    if not series.within_years:
        return series.years
    return range(series.figures[0].period.start.year, series.figures[-1].period.end.year + 1)


def _person_years(
    columns: _Columns, people: Exposure, touched: set[int], counts: bool
) -> tuple[dict[int, float], set[int]]:
    """Return person-years by calendar year, and the years before and after them that have a rate alone."""
    if counts:
        return dict.fromkeys(sorted(touched), UNIT), set()
    found: dict[int, float] = {}
    deaths, death_rate = columns.deaths, columns.death_rate
    for year in sorted(touched):
        value = people.of_year(year)
        if np.isnan(value) and deaths is not None and death_rate is not None:
            rate = death_rate.by_year.get(year, 0.0)
            died = deaths.by_year.get(year, np.nan)
            value = 1000 * died / rate if rate > 0 else float("nan")
        if value > 0:
            found[year] = value
    rated = {y for s in (columns.death_rate, columns.birth_rate) if s is not None for y in s.years}
    return found, {y for y in rated if found and not min(found) <= y <= max(found)}


def _refuse_gaps(where: str, years: set[int], within: bool) -> None:
    if not years:
        raise mistake("case.yaml", f"{where}: no year has both deaths and a population of one scope")
    gaps = sorted(set(range(min(years), max(years))) - years)
    if gaps and not within:
        raise mistake("case.yaml", f"{where}: the years {gaps} between {min(years)} and {max(years)} "
                      "lack deaths or a population of one scope; find them or cut the series")  # fmt: skip


def _column(
    series: Series | None, years: tuple[int, ...], periods: list[Period], parts: bool, missing: float
) -> Floats:
    if series is None:
        return np.full(len(years), missing)
    if not parts:
        return np.array([series.by_year.get(year, missing) for year in years])
    found = np.array([series.over(period) for period in periods])
    return np.where(np.isnan(found), missing, found)


def refuse_recalled(case: Case, reference: str, place: str) -> None:
    """Raise where a series of ``series/variable`` has recalled figures: none is computed with."""
    found = [
        row
        for row in case.evidence
        if row.quality == "recalled" and (f"{row.series}/{row.variable}", row.place) == (reference, place)
    ]
    if found:
        raise mistake(found[0].file, f"'{reference}' {place} of {found[0].year} is recalled; a recalled "
                      "figure is shown and never computed with", found[0].line, "quality")  # fmt: skip


def held_out(case: Case, name: str, place: str) -> frozenset[int]:
    """Return the years of the register's death series that the case keeps from every fit."""
    spec = case.settings.registers[name]
    return held_out_years(case, (spec.deaths, spec.death_rate), place)


def held_out_years(case: Case, references: Iterable[str | None], place: str) -> frozenset[int]:
    """Return the years in which a series of ``series/variable`` is kept from every fit."""
    wanted, found = set(references), set[int]()
    for selection in case.settings.holdouts:
        if f"{selection.series}/{selection.variable}" not in wanted:
            continue
        if (selection.places == "parts" and not place) or (selection.places == "whole" and place):
            continue
        years = selection.years
        found |= set(parse_years(years) if years else range(1000, 2200))
    return frozenset(found)
