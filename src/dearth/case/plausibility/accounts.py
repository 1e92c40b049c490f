"""Figures that belong together: people, births, deaths and rates of one place and one series or register."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dearth.case.evidence import Evidence, Row
from dearth.case.periods import DAYS_A_YEAR, LONG_YEAR
from dearth.case.schema import CaseFile
from dearth.case.vocabulary import adds_up

Role = Literal["people", "deaths", "births", "death_rate", "birth_rate", "net_migration"]
NEAR = LONG_YEAR  # days between a flow and a stock of people that it is compared with

# variables of one series that belong together, whatever the registers of the case name
_OWN: Mapping[str, Role] = {
    "population_yearend_total": "people",
    "population_midyear": "people",
    "population_total": "people",
    "population_census_total": "people",
    "deaths": "deaths",
    "births": "births",
    "crude_death_rate": "death_rate",
    "crude_birth_rate": "birth_rate",
    "net_migration": "net_migration",
}
_FIELDS: Mapping[str, Role] = {
    "population": "people",
    "population_midyear": "people",
    "deaths": "deaths",
    "births": "births",
    "death_rate": "death_rate",
    "birth_rate": "birth_rate",
    "net_migration": "net_migration",
}


@dataclass(frozen=True)
class Finding:
    """What a comparison found: the row, the kind of fault, and a sentence."""

    row: Row
    kind: str
    message: str
    severity: Literal["error", "warning"] = "warning"


@dataclass(frozen=True)
class Account:
    """Rows of one place that are compared with each other, by role, in the order of time."""

    name: str
    place: str
    rows: Mapping[Role, tuple[Row, ...]]

    def of(self, role: Role) -> tuple[Row, ...]:
        """Return the rows of a role."""
        return self.rows.get(role, ())

    def people_near(self, row: Row) -> list[Row]:
        """Return the stocks of people at the ends of the period of `row` or within it, else within a year."""
        days = {stock: _days_apart(stock, row) for stock in self.of("people") if stock.base > 0}
        nearest = min(days.values(), default=NEAR + 1)
        reach = 1 if nearest <= 1 else NEAR
        return [stock for stock, apart in days.items() if apart <= reach]

    def person_years(self, row: Row) -> float | None:
        """Return the people of the year of `row`: mid-year, or the mean of two year-ends of one scope."""
        ends: dict[tuple[int, str], float] = {}
        for stock in self.of("people"):
            if stock.variable == "population_midyear" and stock.year == row.year:
                return stock.base or None
            if (stock.period.start.month, stock.period.start.day) == (12, 31):
                ends[(stock.year, stock.scope)] = stock.base
        for (year, scope), closing in ends.items():
            opening = ends.get((year - 1, scope))
            if year == row.year and opening is not None and opening + closing > 0:
                return (opening + closing) / 2
        return None


def _days_apart(stock: Row, row: Row) -> int:
    """Return the days from a stock to the nearest day of a period, 0 within it."""
    before, after = row.period.start - stock.period.end, stock.period.start - row.period.end
    return max(0, before.days, after.days)


def yearly(row: Row) -> float:
    """Return the events of `row` for a year of average length; rates are yearly, a stock is as it is."""
    events = adds_up(row.variable, row.kind) == "sum"
    return row.base * DAYS_A_YEAR / row.period.days if events else row.base


def figure(value: float) -> str:
    """Return a figure in words: whole persons, and small figures with the digits that they were given."""
    return f"{value:,.0f}" if abs(value) >= 1000 or value == round(value) else f"{value:,.4g}"


def accounts_of(evidence: Evidence, settings: CaseFile) -> Iterator[Account]:
    """Yield the account of every series and of every register, place by place."""
    rows: dict[tuple[str, str, str], list[Row]] = {}
    for row in evidence:
        if not row.by_age and row.quality != "recalled":  # remembered figures are never computed with
            rows.setdefault((row.place, row.series, row.variable), []).append(row)
    places = sorted({place for place, _, _ in rows})
    for place, series in sorted({(place, series) for place, series, _ in rows}):
        roles: dict[Role, list[Row]] = {}
        for variable, role in _OWN.items():
            roles.setdefault(role, []).extend(rows.get((place, series, variable), []))
        yield _account(series, place, roles)
    for name, spec in settings.registers.items():
        for place in places if spec.places else [""]:
            roles = {}
            for field, role in _FIELDS.items():
                reference = getattr(spec, field, None)
                if reference:
                    roles.setdefault(role, []).extend(rows.get((place, *reference.split("/")), []))
            yield _account(name, place, roles)


def _account(name: str, place: str, roles: Mapping[Role, list[Row]]) -> Account:
    ordered = {role: tuple(sorted(found, key=lambda row: row.period)) for role, found in roles.items()}
    return Account(name, place, ordered)
