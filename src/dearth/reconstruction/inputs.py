"""What a reconstruction is given, as arrays: read once from the case, checked, never changed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.schema import Reconstruction
from dearth.case.years import parse_years, window_years
from dearth.population.vital_registration import VitalRegister, held_out_years, read_register
from dearth.reconstruction.age_patterns import birth_shares, death_rates, starting_people
from dearth.reconstruction.census_tables import Count, census, deaths_by_age
from dearth.reconstruction.placebo_test import PlaceboResult, placebo
from dearth.reconstruction.priors import priors

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Records:
    """The figures of one place; NaN where a figure is not held. What a sampler takes as its data.

    Attributes
    ----------
    start : people on the first 1 January [sex, age]
    mortality : pattern of normal death rates [sex, age], per person-year
    deaths, births : as registered [year], persons; `rates`: per person instead
    stocks, midyear : registered people on 31 December and in mid-year [year]
    total_fertility : children per woman [year]
    deaths_by_age : registered deaths [year, sex, group]
    """

    start: Floats
    mortality: Floats
    deaths: Floats
    births: Floats
    stocks: Floats
    midyear: Floats
    total_fertility: Floats
    deaths_by_age: Floats

    def tree(self) -> dict[str, Floats]:
        """Return the figures by name."""
        return dict(vars(self))


@dataclass(frozen=True)
class Inputs:
    """Years [year] run from 1 January to 31 December; `crisis` is 1 inside the window."""

    spec: Reconstruction
    years: tuple[int, ...]
    crisis: Floats
    records: Records
    fertility: Floats
    censuses: tuple[Count, ...] = ()
    rates: bool = False
    placebo: PlaceboResult | None = None

    @property
    def deaths(self) -> Floats:
        """Registered deaths [year]."""
        return self.records.deaths

    @property
    def births(self) -> Floats:
        """Registered births [year]."""
        return self.records.births

    @property
    def counts(self) -> tuple[str, ...]:
        """Names of the counts of persons; entries of one share its coverage, and shares have none."""
        return tuple(dict.fromkeys(c.name for c in self.censuses if not c.shares))

    @property
    def horizon(self) -> int:
        """Return years after the last to be survived to the last census."""
        last = max((c.spec.date for c in self.censuses), default=0.0)
        return max(0, int(np.ceil(last)) - self.years[-1] - 1)

    def mark(self, years: str | None) -> Floats:
        """Return 1 for each of `years`, else 0 [year]."""
        wanted = set(parse_years(years)) if years else set()
        return np.array([float(year in wanted) for year in self.years])


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
    records = Records(
        people, mortality, column(register.deaths, declared.deaths, declared.death_rate),
        column(register.births, declared.births, declared.birth_rate),
        column(register.closing, declared.population),
        column(register.person_years, declared.population_midyear) if only_midyear else empty,
        column(register.fertility, declared.total_fertility), _by_age(case, spec, years),
    )  # fmt: skip
    return Inputs(
        spec, years, crisis, records, fertility,
        tuple(census(case, one) for one in spec.censuses),
        placebo=None if spec.placebo is None else placebo(case, spec.placebo),
    )  # fmt: skip


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
