"""Places: each one's own rates against its own normal years; what they leave out is shown."""

from dataclasses import dataclass

import numpy as np

from dearth.case import labels
from dearth.case.evidence import Floats
from dearth.case.problems import CaseError
from dearth.case.read import Case
from dearth.case.schema import Place
from dearth.case.years import format_years, window_years
from dearth.estimate.baselines import Baseline, normal_rate, parse_baseline, refuse_years
from dearth.population.vital_registration import VitalRegister, read_register


@dataclass(frozen=True)
class PlaceYear:
    """One year of one place, as registered.

    Attributes
    ----------
    place, label : identifier, and the short form on a map
    cdr, normal_cdr : crude death rate and its normal rate, per 1000 a year
    excess_deaths : persons
    p_score : excess over normal deaths; None where the normal number is not positive
    tile : line and column on the map's grid, counted from 0; None where the case gives none
    """

    place: str
    year: int
    cdr: float
    normal_cdr: float
    excess_deaths: float
    p_score: float | None
    label: str
    tile: tuple[int, int] | None


@dataclass(frozen=True)
class PlaceGrowth:
    """Growth of one place between the counts around the crisis.

    Attributes
    ----------
    first, last : year-end stocks of `first_year` and `last_year`, persons
    growth_percent : of the first stock
    note : why the first year is not that of the other places, or an empty text
    """

    place: str
    first_year: int
    last_year: int
    first: float
    last: float
    growth_percent: float
    note: str


def place_register_name(case: Case) -> str | None:
    """Return the register available by place, if the case has one."""
    return next((name for name, r in case.settings.registers.items() if r.places), None)


def place_registers(case: Case) -> tuple[dict[str, VitalRegister], list[str]]:
    """Return the register of each place, and why a place has none."""
    name = place_register_name(case)
    found: dict[str, VitalRegister] = {}
    warnings = []
    for place in case.settings.places if name else ():
        if place.kind == "remainder" or name is None:
            continue
        try:
            found[place.name] = read_register(case, name, place.name)
        except CaseError as error:
            warnings.append(f"{labels.of(case).place(place.name)}: {error.problems[0].message}")
    return found, warnings


def remainder(whole: VitalRegister, parts: list[VitalRegister]) -> dict[int, tuple[float, float]]:
    """Return deaths and person-years of the whole less its parts, by year, persons.

    Only years that every part holds: a sum that misses a part would call the part the rest.
    """
    found = {}
    for i, year in enumerate(whole.years):
        if np.isfinite(whole.deaths[i]) and all(year in part.dead for part in parts):
            deaths = sum(part.deaths[part.index[year]] for part in parts)
            people = sum(part.person_years[part.index[year]] for part in parts)
            found[year] = (whole.deaths[i] - deaths, whole.person_years[i] - people)
    return found


def _rows(
    place: Place, years: tuple[int, ...], deaths: Floats, people: Floats, normal: Floats
) -> list[PlaceYear]:
    rows = []
    label = place.short or place.name[:2].upper()
    for i, year in enumerate(years):
        if not np.isfinite(deaths[i]):
            continue
        expected = normal[i] * people[i] / 1000
        excess = float(deaths[i] - expected)
        rows.append(PlaceYear(
            place.name, year, float(1000 * deaths[i] / people[i]), float(normal[i]), excess,
            excess / float(expected) if expected > 0 else None, label, place.tile,
        ))  # fmt: skip
    return rows


def places(case: Case, whole: VitalRegister) -> tuple[list[PlaceYear], list[str]]:
    """Return rates, excess deaths and P-scores by place and year, as registered, with warnings."""
    registers, warnings = place_registers(case)
    settings = case.settings
    if not registers:
        return [], warnings
    baseline = parse_baseline(settings.place_baseline or settings.default_scenario.baseline, "place_baseline")
    tiles = {p.name: p for p in settings.places}
    rows: list[PlaceYear] = []
    for name, r in registers.items():
        why = refuse_years(baseline, window_years(settings.window), r.rated, r.held_out)
        if why:
            warnings.append(f"{labels.of(case).place(name)}: {why}")
            continue
        normal = normal_rate(baseline, r.years, r.death_rate[None, :])[0]
        rows += _rows(tiles[name], r.years, r.deaths, r.person_years, normal)
    rest = next((p.name for p in settings.places if p.kind == "remainder"), None)
    if rest is not None:
        more, told = _rest(tiles[rest], baseline, whole, list(registers.values()))
        rows += more
        warnings += told
    return rows, warnings


def _rest(
    place: Place, baseline: Baseline, whole: VitalRegister, parts: list[VitalRegister]
) -> tuple[list[PlaceYear], list[str]]:
    name, left = place.label or place.name, remainder(whole, parts)
    if not left:
        return [], [f"{name}: no year is available for the whole and for every place"]
    years = tuple(left)
    deaths = np.array([left[year][0] for year in years])
    people = np.array([left[year][1] for year in years])
    warnings = []
    negative = [year for year, d in zip(years, deaths, strict=True) if d < 0]
    if negative:
        most = min(deaths)
        warnings.append(
            f"{name} (the whole less the places) has fewer than no deaths in {format_years(negative)}, "
            f"down to {most:,.0f}: the places register more deaths than the whole; neither is adjusted"
        )
    if not set(baseline.years) <= set(years):
        return [], [*warnings, f"{name}: its baseline {baseline.name} is not available in full"]
    normal = normal_rate(baseline, years, (1000 * deaths / people)[None, :])[0]
    return _rows(place, years, deaths, people, normal), warnings


def growth(case: Case) -> list[PlaceGrowth]:
    """Return each place's growth from the last census year before the crisis to the first after.

    Year-end stocks; where a place has no stock in the first year its own first one is used, said in
    ``note``.
    """
    name = place_register_name(case)
    reference = case.settings.registers[name].population if name else None
    if reference is None:
        return []
    first, last = _growth_years(case)
    rows = []
    for place in case.settings.places:
        if place.kind == "remainder" or not case.evidence.has(reference, place.name):
            continue
        stock = case.evidence.series(reference, place.name).by_year
        start = first if first in stock else min(stock)
        if last not in stock:
            continue
        rows.append(PlaceGrowth(
            place.name, start, last, stock[start], stock[last], 100 * (stock[last] / stock[start] - 1),
            "" if start == first else f"no stock of {first}: from {start}",
        ))  # fmt: skip
    return rows


def _growth_years(case: Case) -> tuple[int, int]:
    crisis = window_years(case.settings.window)
    counted = [r.year for r in case.evidence if r.variable == "population_census_total"]
    before = [y for y in counted if y < crisis[0]]
    after = [y for y in counted if y > crisis[-1]]
    stocks = [r.year for r in case.evidence if r.variable == "population_yearend_total" and r.place]
    first = max(before) if before else max(min(stocks, default=crisis[0]), crisis[0] - 5)
    last = min(after) if after else min(max(stocks, default=crisis[-1]), crisis[-1] + 3)
    return first, last
