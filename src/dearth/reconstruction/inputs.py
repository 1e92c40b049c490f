"""What a reconstruction is given, as arrays: read once from the case, checked, never changed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.schema import Reconstruction
from dearth.case.years import parse_years, window_years
from dearth.population.vital_registration import (
    VitalRegister,
    held_out_years,
    read_register,
    refuse_recalled,
)
from dearth.reconstruction.age_patterns import birth_shares, death_rates, starting_people
from dearth.reconstruction.census_tables import census, deaths_by_age
from dearth.reconstruction.figures import Figures
from dearth.reconstruction.layout import Layout
from dearth.reconstruction.placebo_test import PlaceboResult, placebo
from dearth.reconstruction.priors import priors
from dearth.reconstruction.scenarios import free_shares, incomplete, registrations

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Inputs:
    """What a reconstruction is given: the layout of its model, and the figures it is fitted to."""

    layout: Layout
    figures: Figures
    placebo: PlaceboResult | None = None


def read_inputs(case: Case) -> Inputs:
    """Read the reconstruction's inputs from `case`.

    Raises
    ------
    CaseError
        Rows that are missing, remembered (`recalled`) or held out; names the field.
    """
    spec = case.settings.reconstruction
    if spec is None:
        raise mistake("case.yaml", "the case declares no 'reconstruction'; totals alone are estimated")
    register = read_register(case, spec.register_name)
    if register.counts:
        raise mistake("case.yaml", f"a reconstruction needs people; the register {register.name} has none",
                      field="reconstruction.register")  # fmt: skip
    years = tuple(sorted(parse_years(spec.years)))
    crisis = crisis_marks(case, years)
    column = _columns(case, register, years)
    declared = case.settings.registers[spec.register_name]
    empty = np.full(len(years), np.nan)
    only_midyear = declared.population is None and declared.population_midyear is not None
    mortality = death_rates(case, spec.mortality)
    fertility = birth_shares(case, spec.fertility)
    children = _total_fertility(register, spec, years[0])
    people = starting_people(
        case, spec.start, mortality, _first_stock(register, years[0]), children * fertility, years[0]
    )
    counts = [census(case, one) for one in spec.censuses]
    found = None if spec.placebo is None else placebo(case, spec.placebo)
    figures = Figures(
        people, mortality, fertility, column(register.deaths, declared.deaths, declared.death_rate),
        column(register.births, declared.births, declared.birth_rate),
        column(register.closing, declared.population),
        column(register.person_years, declared.population_midyear) if only_midyear else empty,
        column(register.fertility, declared.total_fertility), _by_age(case, spec, years),
        _net_migrants(case, spec, years), tuple(observed for _, observed in counts),
        np.full(2, np.nan) if found is None else np.array([found.implied, found.implied_sd]),
    )  # fmt: skip
    forms = registrations(case, spec)
    layout = Layout(spec, years, crisis, figures.held, free_shares(forms), incomplete(forms),
                    tuple(count for count, _ in counts))  # fmt: skip
    return Inputs(layout, figures, found)


def _net_migrants(case: Case, spec: Reconstruction, years: tuple[int, ...]) -> Floats:
    """Return known net migrants [year], persons; NaN where migration is not known.

    Raises
    ------
    CaseError
        A series that the case lacks, or that does not cover every year.
    """
    moved = spec.migration
    if moved.series is None:
        return np.full(len(years), np.nan)
    field = "reconstruction.migration.series"
    if not case.evidence.has(moved.series, ""):
        raise mistake("case.yaml", f"the case has no rows of {moved.series}", field=field)
    refuse_recalled(case, moved.series, "")
    held = case.evidence.series(moved.series, "").by_year
    missing = [year for year in years if year not in held]
    if missing:
        raise mistake("case.yaml", f"{moved.series} lacks {', '.join(map(str, missing))}; known migration "
                      "needs every year of the reconstruction", field=field)  # fmt: skip
    return np.array([held[year] for year in years])


def crisis_marks(case: Case, years: tuple[int, ...]) -> Floats:
    """Return 1 for the years of the case's window [year].

    Raises
    ------
    CaseError
        When years and window do not go together.
    """
    window = set(window_years(case.settings.window))
    if not window <= set(years) or min(window) == years[0]:
        raise mistake("case.yaml", f"the years {years[0]}-{years[-1]} must hold the "
                      f"window {case.settings.window} and a year before it",
                      field="reconstruction.years")  # fmt: skip
    return np.array([float(year in window) for year in years])


def _columns(case: Case, register: VitalRegister, years: tuple[int, ...]) -> Any:
    def column(values: Floats, *references: str | None) -> Floats:
        held = dict(zip(register.years, values.tolist(), strict=True))
        out = held_out_years(case, references, register.place)
        return np.array([held.get(year, np.nan) if year not in out else np.nan for year in years])

    return column


def _by_age(case: Case, spec: Reconstruction, years: tuple[int, ...]) -> Floats:
    found = deaths_by_age(case, spec.deaths_by_age, years)
    named = case.settings.registers[spec.register_name]
    ages = (
        [] if spec.deaths_by_age is None else [f"{spec.deaths_by_age.series}/{spec.deaths_by_age.variable}"]
    )
    out = held_out_years(case, (named.deaths, named.death_rate, *ages), "")
    return np.where(np.array([year in out for year in years])[:, None, None], np.nan, found)


def _total_fertility(register: VitalRegister, spec: Reconstruction, year: int) -> float:
    """Return children per woman of a year: as surveyed, or at the mean of the prior of normal years."""
    at = register.index.get(year)
    surveyed = float("nan") if at is None else float(register.fertility[at])
    return surveyed if np.isfinite(surveyed) else float(np.exp(priors(spec)["fertility_level"].mean or 0.0))


def _first_stock(register: VitalRegister, year: int) -> float:
    at = register.index.get(year)
    if at is None:
        return float("nan")
    opening = float(register.opening[at])
    return opening if np.isfinite(opening) else float(register.person_years[at])
