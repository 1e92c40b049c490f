"""The accounts, printed before any estimate: whether stocks follow from births, deaths and migration."""

from dataclasses import dataclass

import numpy as np

from dearth.case.years import format_years
from dearth.numerics.number_words import persons
from dearth.population.vital_registration import VitalRegister

ROUNDING = 0.5  # persons; a smaller residual is rounding


@dataclass(frozen=True)
class Account:
    """One year of one register; persons.

    Attributes
    ----------
    register, place : identifiers; `place` is empty for the whole
    stock_change : stock of 31 December less that of the year before
    natural_increase : births less deaths
    residual : `stock_change` less `natural_increase` less `net_migration`
    """

    register: str
    place: str
    year: int
    stock_change: float
    births: float
    deaths: float
    natural_increase: float
    net_migration: float
    residual: float


def accounts(register: VitalRegister) -> list[Account]:
    """Return stock change less natural increase and net migration, for every year with all of them."""
    change = register.closing - register.opening
    found: list[Account] = []
    for i, year in enumerate(register.years):
        if not np.isfinite(register.residual[i]):
            continue
        births, deaths = float(register.births[i]), float(register.deaths[i])
        found.append(Account(
            register.name, register.place, year, float(change[i]), births, deaths, births - deaths,
            float(register.migration[i]), float(register.residual[i]),
        ))  # fmt: skip
    return found


def runs_of_one_sign(rows: list[Account]) -> list[tuple[int, int, float]]:
    """Return stretches of years whose residuals share a sign: (first, last, sum of persons).

    A year that closes to rounding is in none.
    """
    runs: list[tuple[int, int, float]] = []
    for row in rows:
        residual, year = row.residual, row.year
        if abs(residual) <= ROUNDING:
            continue
        if runs and (runs[-1][2] > 0) == (residual > 0) and runs[-1][1] == year - 1:
            runs[-1] = (runs[-1][0], year, runs[-1][2] + residual)
        else:
            runs.append((year, year, residual))
    return runs


def accounts_sentences(rows: list[Account], source: str) -> list[str]:
    """Return whether the accounts close, one sentence each, with net migration named.

    Parameters
    ----------
    rows : the accounts of one register
    source : where net migration comes from, in words; empty where the case has none
    """
    moved = [row for row in rows if row.net_migration]
    named = ""
    if source:
        total = persons(sum(row.net_migration for row in moved))
        named = f" ({source}: {total}{' in ' + format_years(r.year for r in moved) if moved else ''})"
    runs = sorted(runs_of_one_sign(rows), key=lambda run: -abs(run[2]))[:2]
    if not runs or abs(runs[0][2]) <= ROUNDING:
        plus = f" plus net migration{named}" if source else ""
        return [f"The accounts close: stock change equals births less deaths{plus}."]
    left = " and ".join(
        f"{persons(total)} {'in' if first == last else 'over'} {format_years(range(first, last + 1))}"
        for first, last, total in sorted(runs)
    )
    known = f" and net migration{named}" if source else ""
    return [
        f"The accounts do not close: stock change less natural increase{known} leaves {left}.",
        *([] if source else ["The case has no net migration, so this remainder is migration or error."]),
        "Totals alone cannot show how it arose.",
    ]
