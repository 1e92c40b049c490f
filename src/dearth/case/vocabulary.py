"""The words of evidence: variables with their limits and days, qualities, bases of grain."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dearth.case.periods import Period, calendar_year

QUALITIES = ("official", "adjusted", "estimate", "projection", "secondary", "recalled")
BASES = ("original", "trade")  # grain as harvested, or as the state trades it (about a fifth less)

Day = Literal["", "31 December", "1 July, assumed", "1 July", "1 January"]


@dataclass(frozen=True)
class Variable:
    """A variable the estimators use: its kind, base unit and the limits of the credible.

    Attributes
    ----------
    day : the day on which a stock of a calendar year stands; empty = the row must give the date
    """

    kind: Literal["stock", "flow", "rate"]
    unit: str
    low: float
    high: float
    definition: str
    day: Day = ""


_PEOPLE = (0.0, 2e10)
VARIABLES: dict[str, Variable] = {
    "population_yearend_total": Variable(
        "stock", "persons", *_PEOPLE, "people on 31 December", "31 December"
    ),
    "population_midyear": Variable("stock", "persons", *_PEOPLE, "mean population, person-years", "1 July"),
    "population_census_total": Variable("stock", "persons", *_PEOPLE, "people counted", "1 July, assumed"),
    "population_total": Variable("stock", "persons", *_PEOPLE, "people on the date of the row"),
    "deaths": Variable("flow", "persons", *_PEOPLE, "deaths in the period"),
    "births": Variable("flow", "persons", *_PEOPLE, "live births in the period"),
    "net_migration": Variable("flow", "persons", -1e9, 1e9, "arrivals less departures"),
    "emigration": Variable("flow", "persons", *_PEOPLE, "departures in the period"),
    "immigration": Variable("flow", "persons", *_PEOPLE, "arrivals in the period"),
    "crude_death_rate": Variable("rate", "per 1000", 0, 500, "deaths per 1000 person-years"),
    "crude_birth_rate": Variable("rate", "per 1000", 0, 100, "births per 1000 person-years"),
    "normal_death_rate": Variable("rate", "per 1000", 0, 500, "death rate without the crisis"),
    "normal_birth_rate": Variable("rate", "per 1000", 0, 100, "birth rate without the crisis"),
    "natural_increase_rate": Variable("rate", "per 1000", -500, 100, "birth less death rate"),
    "total_fertility_rate": Variable("rate", "children per woman", 0, 15, "period total fertility"),
    "death_underregistration": Variable("rate", "percent", 0, 99.9, "share of deaths unregistered"),
    "birth_underregistration": Variable("rate", "percent", 0, 99.9, "share of births unregistered"),
    "infant_mortality_rate": Variable("rate", "per 1000 births", 0, 1000, "deaths under one"),
    "life_expectancy_at_birth": Variable("rate", "years", 0, 120, "period life expectancy"),
}

# stocks by the beginning of their name, for those that are no entry of the table above
_DAYS: tuple[tuple[str, Day], ...] = (
    ("population_yearend", "31 December"),
    ("population_jan1", "1 January"),
    ("population_midyear", "1 July"),
    ("population_census", "1 July, assumed"),
)
_DATES = {"31 December": (12, 31), "1 July": (7, 1), "1 July, assumed": (7, 1), "1 January": (1, 1)}
_SIGNED = ("net_", "_net_", "natural_increase", "growth", "change")


def needs_scope(variable: str) -> bool:
    """Return whether rows of `variable` count people at a moment and so need a scope."""
    return variable.startswith("population_")


def needs_basis(variable: str, base: str) -> bool:
    """Return whether rows of `variable` are grain by weight (`base`: their base unit) and so need a basis."""
    return variable.startswith("grain_") and base in ("tonnes", "kg")


def day_of(variable: str) -> Day:
    """Return the day of the year on which a stock of people stands; empty where none is implied."""
    known = VARIABLES.get(variable)
    if known is not None:
        return known.day
    return next((day for start, day in _DAYS if variable.startswith(start)), "")


def implied_period(variable: str, year: int) -> Period:
    """Return the period of a row that gives its `year` alone: one day for a stock, else the calendar year."""
    day = day_of(variable)
    if not day:
        return calendar_year(year)
    month, number = _DATES[day]
    return Period(date(year, month, number), date(year, month, number))


def limits(variable: str) -> tuple[float, float]:
    """Return the lowest and highest credible value of `variable`, in its base unit."""
    known = VARIABLES.get(variable)
    if known is not None:
        return known.low, known.high
    signed = any(part in variable for part in _SIGNED)
    return (-1e15 if signed else 0.0), 1e15


Sum = Literal["sum", "mean", "stock"]


def adds_up(variable: str, kind: str) -> Sum:
    """Return how figures of two periods become one: added, averaged by days, or never (a stock).

    Parameters
    ----------
    kind : the kind of the unit, for variables that are no entry of the table
    """
    known = VARIABLES.get(variable)
    if (known is not None and known.kind == "stock") or day_of(variable):
        return "stock"
    if known is not None:
        return "sum" if known.kind == "flow" else "mean"
    return "sum" if kind == "count" else "mean"
