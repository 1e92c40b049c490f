"""Evidence: observed figures in tidy rows, each with its source, quality, scope and basis."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dearth.case.periods import Period
from dearth.case.problems import mistake, name_hint
from dearth.case.series import Figure as Figure
from dearth.case.series import Floats as Floats
from dearth.case.series import Series as Series
from dearth.case.vocabulary import adds_up, implied_period


class Row(NamedTuple):
    """One figure as it stands in the file; `base` is the value in the base unit, `kind` that of the unit.

    `low` and `high` are the interval that the source prints, in the base unit, nan where it prints none;
    `dated` is whether the row gives its date rather than a year.
    """

    file: str
    line: int
    place: str
    period: Period
    series: str
    variable: str
    value: float
    unit: str
    base: float
    source_id: str
    quality: str
    scope: str
    basis: str
    kind: str
    sex: str
    age_from: str
    age_to: str
    note: str
    low: float = math.nan
    high: float = math.nan
    dated: bool = True

    @property
    def year(self) -> int:
        """The calendar year in which the period of the figure starts."""
        return self.period.year

    @property
    def when(self) -> int | str:
        """The year, where the period is the one that the variable implies; else the period itself."""
        implied = implied_period(self.variable, self.year)
        return self.year if self.period == implied else self.period.text

    @property
    def by_age(self) -> bool:
        """Whether the figure is of a sex or an age group, not of everybody."""
        return bool(self.sex not in ("", "both") or self.age_from)


class Evidence:
    """All rows of a case, found by place, series and variable."""

    def __init__(self, rows: Iterable[Row]):
        self.rows = tuple(rows)
        self._made: dict[tuple[str, str], Series] = {}
        self._index: dict[tuple[str, str, str], list[Row]] = {}
        for row in self.rows:
            if not row.by_age:
                self._index.setdefault((row.place, row.series, row.variable), []).append(row)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def has(self, reference: str, place: str = "") -> bool:
        """Return whether the case has ``series/variable`` for `place` ("" = the whole)."""
        return (place, *reference.split("/")) in self._index

    def references(self, place: str = "") -> list[str]:
        """Return every ``series/variable`` of `place`."""
        return [f"{s}/{v}" for p, s, v in self._index if p == place]

    def absent(self, reference: str, place: str = "") -> str:
        """Return what the case has instead of a series that it does not have for `place`."""
        series, _, variable = reference.partition("/")
        rows = [row for row in self.rows if (row.series, row.variable) == (series, variable)]
        where = f" of '{place}'" if place else ""
        if any(row.place == place for row in rows):
            return f"'{reference}'{where} is there by age or sex only; give the rows of everybody too"
        if rows:
            others = sorted({row.place or "the whole" for row in rows})
            return (
                f"'{reference}' is there only for {', '.join(others[:5])}{', …' if len(others) > 5 else ''}"
            )
        variables = sorted({row.variable for row in self.rows if row.series == series})
        if variables:
            return f"the series '{series}' has no '{variable}'{where}; it has {', '.join(variables[:12])}"
        names = sorted({row.series for row in self.rows})
        return f"no row has the series '{series}'{name_hint(series, names, 'series')}"

    def series(self, reference: str, place: str = "") -> Series:
        """Return ``series/variable`` of `place`, in the order of time.

        Raises
        ------
        CaseError
            When the case does not have it; names what is spelt alike.
        """
        if not self.has(reference, place):
            raise mistake("evidence", self.absent(reference, place))
        if (reference, place) in self._made:
            return self._made[reference, place]
        rows = self._index[(place, *reference.split("/"))]  # type: ignore[index]
        figures = [Figure(row.period, row.base, row.scope, row.quality, row.source_id) for row in rows]
        made = Series.of(reference, adds_up(rows[0].variable, rows[0].kind), figures)
        return self._made.setdefault((reference, place), made)
