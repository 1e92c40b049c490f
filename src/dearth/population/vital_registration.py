"""A yearly register: stocks of people with the births and deaths booked against them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dearth.case.evidence import Floats, Series
from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.years import parse_years


@dataclass(frozen=True)
class VitalRegister:
    """Births, deaths and person-years by calendar year; all arrays (Y,), persons, nan = not held.

    Attributes
    ----------
    person_years : mean of opening and closing stock unless the case holds a mid-year population
    opening, closing : stocks of 31 December before and of the year, of one scope, else nan
    migration : net arrivals, 0 where the case holds none
    held_out : years whose death rate is kept from every baseline
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

    @cached_property
    def index(self) -> dict[int, int]:
        """Position of each year."""
        return {year: i for i, year in enumerate(self.years)}

    @cached_property
    def dead(self) -> tuple[int, ...]:
        """Years whose deaths are held; births may be held for more."""
        return tuple(y for y, d in zip(self.years, self.deaths, strict=True) if np.isfinite(d))

    @property
    def death_rate(self) -> Floats:
        """Crude death rate as recorded, per 1000 person-years."""
        return 1000 * self.deaths / self.person_years

    @property
    def birth_rate(self) -> Floats:
        """Crude birth rate as recorded, per 1000 person-years."""
        return 1000 * self.births / self.person_years

    @property
    def residual(self) -> Floats:
        """Stock change less natural increase: migration and error together, persons."""
        return (self.closing - self.opening) - (self.births - self.deaths)


def _mean_population(stock: dict[int, float], scope: dict[int, str], year: int) -> float:
    if year in stock and year - 1 in stock and scope[year] == scope[year - 1]:
        return (stock[year] + stock[year - 1]) / 2
    return float("nan")


def _column(series: Series | None, years: tuple[int, ...], missing: float) -> Floats:
    held = {} if series is None else series.by_year
    return np.array([held.get(year, missing) for year in years])


def read_register(case: Case, name: str, place: str = "") -> VitalRegister:
    """Build the register `name` of `place` from the evidence.

    Person-years are the mid-year population if held, else the mean of two successive year-end
    stocks of one scope, else deaths over the death rate (preston2001, chapter 1: the mean of two year-ends).

    Raises
    ------
    CaseError
        Series the case does not hold or that is remembered, gaps in its years, or no year with deaths and
        people.
    """
    spec = case.settings.registers[name]

    def get(reference: str | None) -> Series | None:
        if reference is None or (place and not case.evidence.has(reference, place)):
            return None
        series = case.evidence.series(reference, place)
        refuse_recalled(case, reference, place)
        if series.gaps:
            raise mistake("evidence", f"{reference} {place}: the years {series.gaps} are missing")
        return series

    stock, midyear = get(spec.population), get(spec.population_midyear)
    deaths, death_rate = get(spec.deaths), get(spec.death_rate)
    source = deaths or death_rate
    where = f"registers.{name}" + (f" ({place})" if place else "")
    if source is None:
        raise mistake("case.yaml", f"{where}: no deaths are held")
    stocks = {} if stock is None else stock.by_year
    scopes = {} if stock is None else stock.scope_by_year
    people = {} if midyear is None else midyear.by_year
    person_years = {}
    events = [s for s in (source, get(spec.births), get(spec.birth_rate)) if s is not None]
    for year in sorted({year for series in events for year in series.years}):
        value = people.get(year, _mean_population(stocks, scopes, year))
        if np.isnan(value) and deaths is not None and death_rate is not None:
            rate = death_rate.by_year.get(year, 0.0)
            died = deaths.by_year.get(year, np.nan)
            value = 1000 * died / rate if rate > 0 else float("nan")
        if value > 0:
            person_years[year] = value
    years = tuple(sorted(person_years))
    if not years:
        raise mistake("case.yaml", f"{where}: no year has both deaths and a population of one scope")
    if years[-1] - years[0] + 1 != len(years):
        gaps = sorted(set(range(years[0], years[-1])) - set(years))
        raise mistake("case.yaml", f"{where}: the years {gaps} between {years[0]} and {years[-1]} "
                      "lack deaths or a population of one scope; fill or shorten the series")  # fmt: skip
    py = np.array([person_years[year] for year in years])

    def persons(count: Series | None, rate: Series | None) -> Floats:
        counted = _column(count, years, np.nan)
        return np.where(np.isnan(counted), _column(rate, years, np.nan) * py / 1000, counted)

    same = [scopes.get(y) == scopes.get(y - 1) for y in years]
    opening = np.array([stocks.get(y - 1, np.nan) if s else np.nan for y, s in zip(years, same, strict=True)])
    closing = np.array([stocks.get(y, np.nan) if s else np.nan for y, s in zip(years, same, strict=True)])
    return VitalRegister(
        name, place, spec.kind, years, py,
        persons(deaths, death_rate), persons(get(spec.births), get(spec.birth_rate)),
        opening, closing,
        _column(get(spec.net_migration), years, 0.0),
        _column(get(spec.total_fertility), years, np.nan),
        held_out(case, name, place),
    )  # fmt: skip


def refuse_recalled(case: Case, reference: str, place: str) -> None:
    """Raise where a series of ``series/variable`` holds remembered figures: none is computed with."""
    found = [
        row
        for row in case.evidence
        if row.quality == "recalled" and (f"{row.series}/{row.variable}", row.place) == (reference, place)
    ]
    if found:
        raise mistake(found[0].file, f"'{reference}' {place} of {found[0].year} is recalled; a remembered "
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
