"""The accounts, printed before any toll: whether the stocks follow from births and deaths."""

from typing import TypedDict

import numpy as np

from dearth.population.vital_registration import VitalRegister


class Account(TypedDict):
    """One year of one register; persons."""

    register: str
    place: str
    year: int
    stock_change: float
    births: float
    deaths: float
    natural_increase: float
    residual: float


def accounts(register: VitalRegister) -> list[Account]:
    """Return stock change less natural increase, for every year that holds all three."""
    change = register.closing - register.opening
    found: list[Account] = []
    for i, year in enumerate(register.years):
        if not np.isfinite(register.residual[i]):
            continue
        births, deaths = float(register.births[i]), float(register.deaths[i])
        found.append(
            {
                "register": register.name,
                "place": register.place,
                "year": year,
                "stock_change": float(change[i]),
                "births": births,
                "deaths": deaths,
                "natural_increase": births - deaths,
                "residual": float(register.residual[i]),
            }
        )
    return found


def runs_of_one_sign(rows: list[Account]) -> list[tuple[int, int, float]]:
    """Return stretches of years whose residuals share a sign: (first, last, sum of persons)."""
    runs: list[tuple[int, int, float]] = []
    for row in rows:
        residual, year = row["residual"], row["year"]
        if runs and (runs[-1][2] > 0) == (residual > 0) and runs[-1][1] == year - 1:
            runs[-1] = (runs[-1][0], year, runs[-1][2] + residual)
        else:
            runs.append((year, year, residual))
    return runs
