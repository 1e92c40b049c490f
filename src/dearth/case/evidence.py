"""Evidence: observed figures in tidy rows, each with its source, quality, scope and basis."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dearth.case.problems import did_you_mean, mistake

Floats = npt.NDArray[np.float64]


class Row(NamedTuple):
    """One figure as it stands in the file; `base` is the value in the base unit."""

    file: str
    line: int
    place: str
    year: int
    series: str
    variable: str
    value: float
    unit: str
    base: float
    source_id: str
    quality: str
    scope: str
    basis: str
    sex: str
    age_from: str
    age_to: str
    note: str

    @property
    def by_age(self) -> bool:
        """Whether the figure is of a sex or an age group, not of everybody."""
        return bool(self.sex not in ("", "both") or self.age_from)


@dataclass(frozen=True)
class Series:
    """One variable of one series in one place, by year.

    Attributes
    ----------
    values : (Y,) array, in the base unit (persons, per 1000, tonnes, …)
    scopes : tuple of str, one a year; differences are taken only within one scope
    """

    name: str
    years: tuple[int, ...]
    values: Floats
    scopes: tuple[str, ...]
    qualities: tuple[str, ...]
    source_ids: tuple[str, ...]

    @cached_property
    def by_year(self) -> dict[int, float]:
        """Values keyed by year."""
        return dict(zip(self.years, self.values.tolist(), strict=True))

    @cached_property
    def scope_by_year(self) -> dict[int, str]:
        """Scopes keyed by year."""
        return dict(zip(self.years, self.scopes, strict=True))

    @property
    def gaps(self) -> list[int]:
        """Years missing between the first and the last."""
        held = set(self.years)
        return [y for y in range(self.years[0], self.years[-1] + 1) if y not in held]


class Evidence:
    """All rows of a case, found by place, series and variable."""

    def __init__(self, rows: Iterable[Row]):
        self.rows = tuple(rows)
        self._index: dict[tuple[str, str, str], list[Row]] = {}
        for row in self.rows:
            if not row.by_age:
                self._index.setdefault((row.place, row.series, row.variable), []).append(row)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def has(self, reference: str, place: str = "") -> bool:
        """Return whether the case holds ``series/variable`` for `place` ("" = the whole)."""
        return (place, *reference.split("/")) in self._index

    def references(self, place: str = "") -> list[str]:
        """Return every ``series/variable`` held for `place`."""
        return [f"{s}/{v}" for p, s, v in self._index if p == place]

    def series(self, reference: str, place: str = "") -> Series:
        """Return ``series/variable`` of `place`, years ascending.

        Raises
        ------
        CaseError
            When the case does not hold it; says what it holds that is spelt alike.
        """
        if not self.has(reference, place):
            where = f" for '{place}'" if place else ""
            hint = did_you_mean(reference, self.references(place))
            raise mistake("evidence", f"no rows of '{reference}'{where}{hint}")
        rows = sorted(self._index[(place, *reference.split("/"))], key=lambda row: row.year)  # type: ignore[index]
        return Series(
            reference,
            tuple(row.year for row in rows),
            np.array([row.base for row in rows]),
            tuple(row.scope for row in rows),
            tuple(row.quality for row in rows),
            tuple(row.source_id for row in rows),
        )
