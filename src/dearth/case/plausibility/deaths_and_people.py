"""Deaths and births against the people they belong to."""

from collections.abc import Iterator

from dearth.case.evidence import Row
from dearth.case.periods import LONG_YEAR
from dearth.case.plausibility.accounts import Account, Finding, Role, figure, yearly
from dearth.case.plausibility.units import agreeing_unit
from dearth.case.units import UnitTable

# deaths per 1000 people a year. Famines of whole countries stayed below 100, single counties and the worst
# epidemics reached 300 to 400: above 150 a reader must look at the row. Assumed.
HIGH_DEATHS = 150.0
HIGH_BIRTHS = 100.0  # per 1000; no population has had more, and the reader of rates refuses more. Assumed.
LOW = 1.0  # per 1000; the youngest populations with full registers have had 1 to 2 deaths. Assumed.
IMPOSSIBLE_LOW = 0.1  # per 1000; one death in a hundred is registered. Assumed.
USUAL = 22.0  # per 1000; with a factor of 5 each way, 4 to 110. Assumed.
FEW = 20.0  # events; fewer are left to chance (a Poisson count of 20 is never 0 or 1)


def deaths_and_people(account: Account, units: UnitTable) -> Iterator[Finding]:
    """Yield deaths that exceed the people, and rates that no population has had."""
    for role in ("deaths", "births"):
        for row in account.of(role):
            if row.period.days > LONG_YEAR or row.base <= 0:  # zeros have a check of their own
                continue
            near = account.people_near(row)
            if near:
                yield from _compared(account, role, row, near, units)


def _compared(account: Account, role: Role, row: Row, near: list[Row], units: UnitTable) -> Iterator[Finding]:
    least, most = min(stock.base for stock in near), max(stock.base for stock in near)
    arrived = sum(other.base for other in account.of("births") if other.period == row.period)
    arrived += sum(max(other.base, 0) for other in account.of("net_migration") if other.period == row.period)
    stocks = "; ".join(f"{figure(stock.base)} on {stock.period.text} ({_at(stock)})" for stock in near)
    around = _around(account, role, row)
    if role == "deaths" and row.base > most + arrived:
        yield Finding(
            row, "exceed", f"{figure(row.base)} deaths of {row.when} exceed the people: {stocks}{around}"
            f"{agreeing_unit(row, units, [_usual(account, role, row)])}", "error",
        )  # fmt: skip
        return
    rate, highest = 1000 * yearly(row) / most, 1000 * yearly(row) / least
    if rate > (HIGH_DEATHS if role == "deaths" else HIGH_BIRTHS):
        message = f"{figure(row.base)} {role} of {row.when} are {rate:,.0f} per 1000 a year: {stocks}{around}"
        yield Finding(row, "high", message, "error" if role == "births" else "warning")
    elif highest < LOW and least * LOW / 1000 >= FEW:
        message = (
            f"{figure(row.base)} {role} of {row.when} are {highest:.2g} per 1000 a year, fewer "
            f"than in any full register: {stocks}{around}"
            f"{agreeing_unit(row, units, [USUAL * least / 1000], within=5.0)}"
        )
        impossible = highest < IMPOSSIBLE_LOW and least * IMPOSSIBLE_LOW / 1000 >= 1
        yield Finding(row, "low", message, "error" if impossible else "warning")


def _at(row: Row) -> str:
    return f"{row.file}:{row.line}"


def _usual(account: Account, role: Role, row: Row) -> float:
    """Return the middle value of the other rows, or nan without any."""
    others = sorted(yearly(other) for other in account.of(role) if other is not row)
    return others[len(others) // 2] if others else float("nan")


def _around(account: Account, role: Role, row: Row) -> str:
    """Return the figures of the periods just before and after, in words."""
    rows = account.of(role)
    at = rows.index(row)
    near = [rows[i] for i in (at - 1, at + 1) if 0 <= i < len(rows)]
    if not near:
        return ""
    return ". The figures around it: " + ", ".join(
        f"{figure(one.base)} in {one.when} ({_at(one)})" for one in near
    )
