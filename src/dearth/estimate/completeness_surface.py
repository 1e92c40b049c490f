"""The toll as a surface over crisis completeness and normal death rate, with break-even lines."""

from typing import Any

import numpy as np

from dearth.case.evidence import Floats
from dearth.case.read import Case
from dearth.estimate.windows import Window, parse_window
from dearth.population.vital_registration import VitalRegister, read_register

STEPS = 41


def _registered(case: Case, register: VitalRegister, window: Window, weights: Floats) -> float:
    """Return the registered deaths of the window: of its dates where figures cover parts of a year."""
    at = np.flatnonzero(weights)
    if not (window.pieces and register.within_years):
        return float(register.deaths[at] @ weights[at])
    parts = {year: read_register(case, register.name, part=piece) for year, piece in window.pieces.items()}
    return float(sum(part.deaths[part.index[year]] for year, part in parts.items()))


def surface(case: Case, register: VitalRegister) -> dict[str, Any]:
    """Return ``E(k, B) = sum (CDR_t / k - B) P_t / 1000`` over the case's window.

    Both axes are true quantities: k the share of the crisis deaths that were registered, B the true
    normal death rate per 1000. Lines give, for a toll, the B that goes with each k; the line of
    zero is the break-even.
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

    def line(toll: float) -> list[dict[str, float]]:
        points = [(float(c), (registered / c - toll) / people) for c in k]
        return [{"completeness": c, "normal_rate": b} for c, b in points if normal[0] <= b <= normal[-1]]

    published = [
        {"author": f"{p['author']} {p['year']}", "excess_deaths": p.central or p.span[0],
         "points": line(p.central or p.span[0])}
        for p in case.published
        if p["quality"] != "recalled"
    ]  # fmt: skip
    return {
        "register": register.name,
        "window": case.settings.window,
        "completeness": k.tolist(),
        "normal_rate": normal.tolist(),
        "excess_deaths": excess.tolist(),
        "break_even": line(0.0),
        "published_lines": [row for row in published if row["points"]],
    }
