"""Late registrations and names left on the population register: moves between named years that conserve.

A death of year a registered in year b leaves the dead on the population register from a to b. The move
takes the death out of b, puts it in a, and lowers the stocks between: the accounts close as they did before.
A name that never was a person (false entry) is taken off the stocks between entry and removal, and
off the deaths in so far as its removal was registered as one.
"""

from dataclasses import dataclass, replace

import numpy as np

from dearth.case.evidence import Floats
from dearth.case.problems import mistake
from dearth.case.schema import Transfer
from dearth.case.years import parse_years
from dearth.population.vital_registration import VitalRegister


@dataclass(frozen=True)
class Move:
    """What a transfer moved, (Y,) persons: taken out, put in, names outstanding at year's end."""

    taken: Floats
    put: Floats
    outstanding: Floats


def _spread(register: VitalRegister, years: str, amount: float, by_deaths: bool) -> Floats:
    """Share `amount` over `years`, in proportion to registered deaths or evenly (assumed)."""
    named = parse_years(years)
    absent = [year for year in named if year not in register.dead]
    if absent:
        raise mistake("case.yaml", f"a transfer names {absent}, outside {register.name}: "
                      f"{register.years[0]}-{register.years[-1]}")  # fmt: skip
    weights = np.zeros(len(register.years))
    for year in named:
        i = register.index[year]
        weights[i] = register.deaths[i] if by_deaths else 1.0
    return np.asarray(amount * weights / weights.sum())


def apply(register: VitalRegister, transfer: Transfer) -> tuple[VitalRegister, Move]:
    """Return the register as it stands after the transfer, and the move itself.

    Raises
    ------
    CaseError
        Years the register does not hold, or more deaths taken from a year than it has.
    """
    late = transfer.kind == "late_registration"
    taken = _spread(register, transfer.registered, transfer.amount, late)
    put = _spread(register, transfer.occurred, transfer.amount, late)
    outstanding: Floats = np.cumsum(put - taken)
    if np.min(outstanding) < -1e-6 * transfer.amount:
        raise mistake("case.yaml", "a transfer removes names before they entered; "
                      "the years 'occurred' come before the years 'registered'")  # fmt: skip
    # the cumulated sum returns to zero by arithmetic; rounding must not leave people behind
    outstanding = np.where(np.abs(outstanding) < 1e-6 * transfer.amount, 0.0, outstanding)
    removed_deaths = taken if late else transfer.registered_as_deaths * taken
    landed = put if late else np.zeros_like(put)
    deaths = np.asarray(register.deaths - removed_deaths + landed)
    if np.nanmin(deaths) < 0:
        year = register.years[int(np.nanargmin(deaths))]
        raise mistake("case.yaml", f"a transfer of {transfer.amount:,.0f} takes more deaths from "
                      f"{year} than {register.name} holds; lower the amount")  # fmt: skip
    before = np.concatenate([[0.0], outstanding[:-1]])
    moved = replace(
        register,
        deaths=deaths,
        opening=register.opening - before,
        closing=register.closing - outstanding,
        person_years=register.person_years - (before + outstanding) / 2,
    )
    return moved, Move(removed_deaths, put, outstanding)
