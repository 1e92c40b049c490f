"""The toll as a surface over crisis completeness and normal death rate, with break-even lines."""

from typing import Any

import numpy as np

from dearth.case.read import Case
from dearth.case.years import parse_years
from dearth.population.vital_registration import VitalRegister

STEPS = 41


def surface(case: Case, register: VitalRegister) -> dict[str, Any]:
    """Return ``E(k, B) = sum (CDR_t / k - B) P_t / 1000`` over the case's window.

    Both axes are true quantities: k the share of the crisis deaths that were registered, B the true
    normal death rate per 1000. Lines give, for a toll, the B that goes with each k; the line of
    nought is the break-even.
    """
    at = [register.index[year] for year in parse_years(case.settings.window)]
    people = float(register.person_years[at].sum()) / 1000
    registered = float(register.deaths[at].sum())
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
