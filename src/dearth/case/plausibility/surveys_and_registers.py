"""Death rates that a survey finds before a crisis, against the register of the same year.

A household that dissolved with its members is in no survey. After a disaster, households of one person are
missing together with their dead, and a survey's rate of the years before is too low as well.
"""

from collections.abc import Iterator, Sequence

from dearth.case.periods import SHORT_YEAR
from dearth.case.plausibility.accounts import Account, Finding
from dearth.case.schema import CaseFile
from dearth.case.years import UNDATED, window_years

LEAST = 0.7  # of the register's rate; sampling alone seldom makes such a gap. Assumed.


def surveys_and_registers(accounts: Sequence[Account], settings: CaseFile) -> Iterator[Finding]:
    """Yield death rates of series without deaths that lie far below a register's before the window."""
    if settings.window == UNDATED:
        return
    first = min(window_years(settings.window))
    registers = [account for account in accounts if account.name in settings.registers]
    for survey in accounts:
        if survey.name in settings.registers or survey.of("deaths"):
            continue
        for rate in survey.of("death_rate"):
            if rate.period.end.year >= first:
                continue
            for register in registers:
                known = register_rate(register, rate.year) if register.place == survey.place else None
                if known is not None and 0 < rate.base < LEAST * known:
                    title = settings.registers[register.name].title
                    yield Finding(
                        rate,
                        "survey",
                        f"the death rate of {rate.when}, before the crisis, is {rate.base:,.4g} per 1000 a "
                        f"year, but '{title}' has {known:,.4g}. Households that dissolved with their members "
                        "are in no survey: compare its rates in the crisis with its own rate before",
                    )
                    break


def register_rate(register: Account, year: int) -> float | None:
    """Return the deaths per 1000 of a register's people in a year; None where it lacks one of them."""
    for count in register.of("deaths"):
        people = register.person_years(count)
        if count.year == year and count.period.days >= SHORT_YEAR and people is not None:
            return 1000 * count.base / people
    return None
