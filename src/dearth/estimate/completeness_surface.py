"""Excess deaths as a surface over crisis completeness and normal death rate, with break-even lines."""

from dataclasses import dataclass

import numpy as np

from dearth.case.evidence import Floats
from dearth.case.read import Case
from dearth.estimate.windows import Window, parse_window
from dearth.population.vital_registration import VitalRegister, read_register

STEPS = 41


@dataclass(frozen=True)
class SurfacePoint:
    """A pair of assumptions: share of the crisis deaths registered, true normal death rate per 1000."""

    completeness: float
    normal_rate: float


@dataclass(frozen=True)
class PublishedLine:
    """The pairs of assumptions that give a published estimate, persons."""

    author: str
    excess_deaths: float
    points: tuple[SurfacePoint, ...]


@dataclass(frozen=True)
class Surface:
    """Excess deaths over what is assumed of registration and of normal mortality.

    Attributes
    ----------
    completeness : share of the crisis deaths that were registered, (K,)
    normal_rate : true normal death rate, per 1000 a year, (B,)
    excess_deaths : persons, (K, B)
    break_even : pairs without any excess
    """

    register: str
    window: str
    completeness: Floats
    normal_rate: Floats
    excess_deaths: Floats
    break_even: tuple[SurfacePoint, ...]
    published_lines: tuple[PublishedLine, ...]


def _registered(case: Case, register: VitalRegister, window: Window, weights: Floats) -> float:
    """Return the registered deaths of the window: of its dates where figures cover parts of a year."""
    at = np.flatnonzero(weights)
    if not (window.pieces and register.within_years):
        return float(register.deaths[at] @ weights[at])
    parts = {year: read_register(case, register.name, part=piece) for year, piece in window.pieces.items()}
    return float(sum(part.deaths[part.index[year]] for year, part in parts.items()))


def surface(case: Case, register: VitalRegister) -> Surface:
    """Return ``E(k, B) = sum (CDR_t / k - B) P_t / 1000`` over the case's window.

    Both axes are true quantities: k the share of the crisis deaths that were registered, B the true
    normal death rate per 1000. Lines give, for a number of excess deaths, the B that goes with each k.
    The line of zero is the break-even.
    """
    window = parse_window(case.settings.window)
    weights = np.asarray(sum(window.parts(register.years).values()))
    at = np.flatnonzero(weights)
    people = float(register.person_years[at] @ weights[at]) / 1000
    registered = _registered(case, register, window, weights)
    rate = registered / people
    k = np.round(np.linspace(0.4, 1.0, STEPS), 4)
    normal = np.round(np.linspace(0.3 * rate, 2.0 * rate, STEPS), 3)
    excess = registered / k[:, None] - normal[None, :] * people

    def line(toll: float) -> tuple[SurfacePoint, ...]:
        points = (SurfacePoint(float(c), float((registered / c - toll) / people)) for c in k)
        return tuple(point for point in points if normal[0] <= point.normal_rate <= normal[-1])

    tolls = [(p, p.central or p.span[0]) for p in case.published if p["quality"] != "recalled"]
    published = [PublishedLine(f"{p['author']} {p['year']}", toll, line(toll)) for p, toll in tolls]
    return Surface(
        register.name, case.settings.window, k, normal, excess, line(0.0),
        tuple(row for row in published if row.points),
    )  # fmt: skip
