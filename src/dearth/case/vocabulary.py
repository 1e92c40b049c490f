"""The words of evidence: units with their factors, variables with their limits, qualities."""

from dataclasses import dataclass
from typing import Literal

QUALITIES = ("official", "adjusted", "estimate", "secondary", "recalled")
BASES = ("original", "trade")  # grain as harvested, or as the state trades it (about a fifth less)

# unit as written -> (base unit, factor); values are compared and computed in base units
UNITS: dict[str, tuple[str, float]] = {
    "persons": ("persons", 1.0),
    "thousand persons": ("persons", 1e3),
    "million persons": ("persons", 1e6),
    "per 1000": ("per 1000", 1.0),
    "per person-year": ("per person-year", 1.0),
    "percent of total fertility": ("percent of total fertility", 1.0),
    "per 1000 births": ("per 1000 births", 1.0),
    "percent": ("percent", 1.0),
    "ratio": ("ratio", 1.0),
    "children per woman": ("children per woman", 1.0),
    "years": ("years", 1.0),
    "kcal per day": ("kcal per day", 1.0),
    "tonnes": ("tonnes", 1.0),
    "thousand tonnes": ("tonnes", 1e3),
    "million tonnes": ("tonnes", 1e6),
    "thousand tonnes nutrient": ("tonnes nutrient", 1e3),
    "thousand tonnes gross weight": ("tonnes gross weight", 1e3),
    "kg": ("kg", 1.0),
    "kg trade grain": ("kg", 1.0),
    "ha": ("ha", 1.0),
    "thousand ha": ("ha", 1e3),
    "head": ("head", 1.0),
    "thousand head": ("head", 1e3),
    "count": ("count", 1.0),
    "flag": ("flag", 1.0),
    "percent of national income used": ("percent of national income used", 1.0),
    "percent of commune population": ("percent of commune population", 1.0),
    "percent of population": ("percent of population", 1.0),
    "yuan per head, current prices": ("yuan per head, current prices", 1.0),
    "million yuan": ("million yuan", 1.0),
    "million US dollars": ("million US dollars", 1.0),
    "million roubles (new)": ("million roubles (new)", 1.0),
    "million old roubles": ("million old roubles", 1.0),
}


@dataclass(frozen=True)
class Variable:
    """A variable the estimators use: its kind, base unit and the limits of the credible."""

    kind: Literal["stock", "flow", "rate"]
    unit: str
    low: float
    high: float
    definition: str


_PEOPLE = (0.0, 2e10)
VARIABLES: dict[str, Variable] = {
    "population_yearend_total": Variable("stock", "persons", *_PEOPLE, "people on 31 December"),
    "population_midyear": Variable("stock", "persons", *_PEOPLE, "mean population, person-years"),
    "population_census_total": Variable("stock", "persons", *_PEOPLE, "people counted, mid-year"),
    "deaths": Variable("flow", "persons", *_PEOPLE, "deaths in the calendar year"),
    "births": Variable("flow", "persons", *_PEOPLE, "live births in the calendar year"),
    "net_migration": Variable("flow", "persons", -1e9, 1e9, "arrivals less departures"),
    "crude_death_rate": Variable("rate", "per 1000", 0, 500, "deaths per 1000 person-years"),
    "crude_birth_rate": Variable("rate", "per 1000", 0, 100, "births per 1000 person-years"),
    "natural_increase_rate": Variable("rate", "per 1000", -500, 100, "birth less death rate"),
    "total_fertility_rate": Variable("rate", "children per woman", 0, 15, "period total fertility"),
    "death_underregistration": Variable("rate", "percent", 0, 99.9, "share of deaths unregistered"),
    "birth_underregistration": Variable("rate", "percent", 0, 99.9, "share of births unregistered"),
    "infant_mortality_rate": Variable("rate", "per 1000 births", 0, 1000, "deaths under one"),
    "life_expectancy_at_birth": Variable("rate", "years", 0, 120, "period life expectancy"),
}

_SIGNED = ("net_", "_net_", "natural_increase", "growth", "change")


def needs_scope(variable: str) -> bool:
    """Return whether rows of `variable` count people at a moment and so need a scope."""
    return variable.startswith("population_")


def needs_basis(variable: str, unit: str) -> bool:
    """Return whether rows of `variable` are grain by weight and so need a basis."""
    return variable.startswith("grain_") and UNITS.get(unit, ("", 1.0))[0] in ("tonnes", "kg")


def limits(variable: str) -> tuple[float, float]:
    """Return the lowest and highest credible value of `variable`, in its base unit."""
    known = VARIABLES.get(variable)
    if known is not None:
        return known.low, known.high
    signed = any(part in variable for part in _SIGNED)
    return (-1e15 if signed else 0.0), 1e15
