"""A figure against the figures of the same series around it; zeros that stand for what is missing."""

from collections.abc import Iterable, Iterator
from statistics import median

from dearth.case.evidence import Evidence, Row
from dearth.case.periods import DAYS_A_YEAR
from dearth.case.plausibility.accounts import Account, Finding, yearly
from dearth.case.plausibility.units import agreeing_unit
from dearth.case.units import UnitTable

REACH = 10  # rows on each side
# The worst famine years of whole countries had five to seven times the normal deaths, single places up to 20
# or 30 times. A hundredfold step is a slip of the pen, of the unit or of a separator. Assumed.
IMPOSSIBLE = 100.0
UNLIKELY = {"stock": 3.0, "flow": 15.0, "rate": 15.0}  # times the middle of the rows around. Assumed.
FEW = 20.0  # events; fewer are left to chance
_KIND = {
    "population_yearend_total": "stock",
    "population_midyear": "stock",
    "population_total": "stock",
    "population_census_total": "stock",
    "deaths": "flow",
    "births": "flow",
    "crude_death_rate": "rate",
    "crude_birth_rate": "rate",
}


def neighbours(evidence: Evidence, accounts: Iterable[Account], units: UnitTable) -> Iterator[Finding]:
    """Yield figures a hundred times off the rows around them, and zeros among figures that are not zero."""
    by_place = {(account.place, account.name): account for account in accounts}
    groups: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in evidence:
        if row.variable in _KIND and not row.by_age and row.quality != "recalled":
            groups.setdefault((row.place, row.series, row.variable, row.scope), []).append(row)
    for (place, series, variable, _), rows in groups.items():
        rows.sort(key=lambda row: row.period)
        for at, row in enumerate(rows):
            others = [*rows[max(0, at - REACH) : at], *rows[at + 1 : at + 1 + REACH]]
            positive = [yearly(other) for other in others if other.base > 0]
            if len(positive) < 2:
                continue
            usual = median(positive)
            if len(positive) == 2 and max(positive) > 5 * min(positive):  # they do not agree with each other
                continue
            found = (
                _zero(row, usual, by_place.get((place, series)))
                if row.base == 0
                else _far(row, usual, _KIND[variable], units)
            )
            if found is not None:
                yield found


def _zero(row: Row, usual: float, account: Account | None) -> Finding | None:
    """Return what is wrong with a zero where the rows around have figures."""
    message = (
        f"{row.variable} of {row.when} is 0, while the figures around it are about {usual:,.4g}. A zero says "
        "that nothing happened; where nothing is known, leave the row out"
    )
    if row.kind == "count":
        expected = usual * row.period.days / DAYS_A_YEAR if _KIND[row.variable] == "flow" else usual
        return Finding(row, "zero", message, "error") if expected >= FEW else None
    people = max((stock.base for stock in account.people_near(row)), default=0.0) if account else 0.0
    return Finding(row, "zero", message, "error" if usual * people / 1000 >= FEW else "warning")


def _far(row: Row, usual: float, kind: str, units: UnitTable) -> Finding | None:
    """Return what is wrong with a figure far from the rows around it."""
    value = yearly(row)
    far = max(value / usual, usual / value)
    if kind == "flow" and max(value, usual) * row.period.days / DAYS_A_YEAR < 5 * FEW:
        return None
    if far < UNLIKELY[kind]:
        return None
    times = f"{far:,.0f} times" if value > usual else f"1/{far:,.0f} of"
    here = usual * row.period.days / DAYS_A_YEAR if kind == "flow" else usual
    message = (
        f"{row.value:,.10g} {row.unit} in {row.when} is {times} the middle of the figures around it "
        f"({usual:,.4g}{' a year' if kind == 'flow' else ''} in the base unit)"
        f"{agreeing_unit(row, units, [here], within=10.0)}"  # a crisis year may be several times the usual
    )
    return Finding(row, "neighbours", message, "error" if far >= IMPOSSIBLE else "warning")
