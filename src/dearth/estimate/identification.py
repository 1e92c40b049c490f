"""What excess deaths require of registration, births and normal mortality, between two censuses.

Between two counts of the people, deaths are fixed by births: ``D = N0 - N1 + B + M``. Excess deaths E then
leave ``D - E`` normal deaths, which fix the normal death rate for a given path through time, and
with the registered deaths the completeness outside and inside the crisis.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dearth.case.evidence import Floats
from dearth.case.periods import Period, days_in_year
from dearth.case.read import Case
from dearth.case.years import window_years
from dearth.population.vital_registration import VitalRegister, read_register

# yearly fall of normal mortality; assumed: zero, and about what UN series show in calm decades
PATHS = {"flat": 0.0, "falling 1 % a year": 0.01, "falling 3 % a year": 0.03}
CENSUS = "population_census_total"
MID_YEAR = (7, 1)


@dataclass(frozen=True)
class Closing:
    """The two censuses between which deaths are closed, persons, and the yearly weights (Y,) between them."""

    first: float
    last: float
    weights: Floats
    text: str


@dataclass(frozen=True)
class Requirement:
    """What excess deaths require under one assumption of births and one path of normal mortality.

    Attributes
    ----------
    toll, births, deaths : persons, between the two counts
    birth_completeness : registered births over `births`
    register, as_registered : the register whose births are used; as it has them, or by its birth rates
    normal_path : how normal mortality moves through time, in words
    normal_rate : mean normal death rate, per 1000 a year
    completeness_normal, completeness_crisis : registered over required deaths, outside and inside the crisis
    ratio : `completeness_crisis` over `completeness_normal`
    """

    toll: float
    birth_completeness: float
    births: float
    register: str
    as_registered: bool
    deaths: float
    normal_path: str
    normal_rate: float
    completeness_normal: float
    completeness_crisis: float
    ratio: float


@dataclass(frozen=True)
class Identification:
    """The table of requirements, and the censuses between which it was closed or why there is none."""

    rows: tuple[Requirement, ...]
    closed_between: str


def _censuses(case: Case, register: VitalRegister, scope: str) -> list[tuple[date, float]]:
    found = {
        figure.period.start: figure.value
        for reference in case.evidence.references()
        if reference.endswith("/" + CENSUS)
        for figure in case.evidence.series(reference).figures
        if figure.scope == scope and figure.period.year in register.index
    }
    return sorted(found.items())


def _after(day: date) -> float:
    """Return the share of the calendar year after a census; 1 July is taken as the middle."""
    if (day.month, day.day) == MID_YEAR:
        return 0.5
    return Period(day, date(day.year, 12, 31)).days / days_in_year(day.year) - 1 / days_in_year(day.year)


def _text(day: date) -> str:
    return f"mid-{day.year}" if (day.month, day.day) == MID_YEAR else day.isoformat()


def closing(case: Case, register: VitalRegister) -> Closing | None:
    """Return the censuses that enclose the crisis, at their dates, or else stocks."""
    crisis = window_years(case.settings.window)
    spec = case.settings.registers[register.name]
    stocks = spec.population if spec.population and case.evidence.has(spec.population) else None
    scope = case.evidence.series(stocks).scopes[-1] if stocks else ""
    counts = _censuses(case, register, scope)
    before = [c for c in counts if c[0].year < crisis[0]]
    after = [c for c in counts if c[0].year > crisis[-1]]
    weights = np.zeros(len(register.years))
    if before and after:
        (day0, n0), (day1, n1) = before[-1], after[0]
        i, j = register.index[day0.year], register.index[day1.year]
        weights[i : j + 1] = 1.0
        weights[i], weights[j] = _after(day0), 1 - _after(day1)
        return Closing(n0, n1, weights, f"censuses of {_text(day0)} and {_text(day1)}, scope {scope}")
    if not np.isfinite(register.residual).all():
        return None
    return Closing(
        float(register.opening[0]), float(register.closing[-1]), np.ones(len(register.years)),
        f"stocks of 31 December {register.years[0] - 1} and {register.years[-1]}",
    )  # fmt: skip


def birth_scenarios(case: Case, register: VitalRegister, weights: Floats) -> dict[tuple[str, bool], float]:
    """Return births between the censuses, persons, by register and whether they are as registered."""
    found = {(register.name, True): float(np.nan_to_num(register.births) @ weights)}
    for name, spec in case.settings.registers.items():
        if spec.kind != "reconstructed" or spec.places:
            continue
        other = read_register(case, name)
        if other.counts:
            continue
        rate = dict(zip(other.years, other.birth_rate.tolist(), strict=True))
        needed = [y for y, w in zip(register.years, weights, strict=True) if w]
        if np.isfinite([rate.get(year, np.nan) for year in needed]).all():
            rates = np.array([rate.get(year, 0.0) for year in register.years])
            found[(name, False)] = float(rates * register.person_years / 1000 @ weights)
    return found


def asked_tolls(case: Case) -> list[float]:
    """Return the excess deaths asked about: those of the case, else zero to the highest published."""
    if case.settings.tolls:
        return list(case.settings.tolls)
    spans = [p.span for p in case.published if p["quality"] != "recalled"]
    if not spans:
        return []
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    return [float(f"{low + (high - low) * i / 4:.2g}") for i in range(5)]


def identification(case: Case, register: VitalRegister) -> Identification:
    """Return the table and what it was closed between; empty where the case cannot be closed."""
    register = register.peopled
    ends = closing(case, register)
    if ends is None:
        return Identification((), "no pair of censuses or stocks of one scope encloses the crisis")
    weights = ends.weights
    events = (register.births + register.deaths)[weights > 0]
    if not np.isfinite(events).all():
        return Identification((), "births or deaths are missing between the censuses")
    inside = np.isin(register.years, window_years(case.settings.window))
    years = np.array(register.years, float)
    migration = float(register.migration @ weights)
    registered = float(np.nan_to_num(register.births) @ weights)
    rows: list[Requirement] = []
    for (name, as_registered), births in birth_scenarios(case, register, weights).items():
        deaths = ends.first - ends.last + births + migration
        for toll in asked_tolls(case):
            for path, fall in PATHS.items():
                shape = (1 - fall) ** (years - years[0])
                normal = shape * register.person_years / 1000
                rate = (deaths - toll) / float(normal @ weights)
                mean = 1000 * (deaths - toll) / float(register.person_years @ weights)
                outside, in_crisis = _required(register, weights, inside, rate * normal, toll)
                rows.append(Requirement(
                    toll, registered / births, births, name, as_registered, deaths, path, mean, outside,
                    in_crisis, in_crisis / outside,
                ))  # fmt: skip
    return Identification(tuple(rows), ends.text)


def _required(
    register: VitalRegister, weights: Floats, inside: NDArray[np.bool_], normal: Floats, toll: float
) -> tuple[float, float]:
    """Return the completeness of death registration that is required outside and inside the crisis."""
    deaths = np.nan_to_num(register.deaths)
    out_w, in_w = weights * ~inside, weights * inside
    outside = float(deaths @ out_w) / float(normal @ out_w)
    crisis = float(deaths @ in_w) / (float(normal @ in_w) + toll)
    return outside, crisis
