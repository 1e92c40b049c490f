"""What ``dearth compare`` returns: the same measures of each case, with sources, uncertainty and scope."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from dearth.numerics.interval import Interval

if TYPE_CHECKING:
    import pandas

SCHEMA = "dearth/compare/v1"
Basis = Literal["reconstruction", "register", "published", "record"]


@dataclass(frozen=True)
class Definition:
    """What a measure is, in words for readers, and its unit."""

    key: str
    label: str
    unit: str
    what: str


@dataclass(frozen=True)
class Value:
    """One value of a measure.

    Attributes
    ----------
    basis : what it rests on
    by : the registration scenario, the register with its normal deaths, the author, or the series
    range : lowest and highest value over the assumptions left open, which are no probabilities; None without
    of : how many sets of assumptions the range covers
    sources : ids of sources.csv
    """

    basis: Basis
    by: str
    value: Interval
    range: tuple[float, float] | None = None
    of: int = 0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComparedCase:
    """The measures of one case.

    Attributes
    ----------
    scope : whom the figures count
    measures : by key of `Definition`; the reconstruction before registers before published estimates
    missing : why a measure is absent, by key
    """

    name: str
    title: str
    place: str
    window: str
    scope: str
    measures: Mapping[str, tuple[Value, ...]]
    missing: Mapping[str, str]


@dataclass(frozen=True)
class FamineYear:
    """A year of a famine in the table that comes with the package; rates per 1000."""

    place: str
    year: int
    p_score: float
    crisis_rate: float | None
    normal_rate: float | None
    basis: str
    source: str
    grade: str
    note: str


@dataclass(frozen=True)
class ChronicMortality:
    """Deaths of years without a famine, of the table that comes with the package: per 1000 people a year."""

    place: str
    first_year: int
    last_year: int
    death_rate: float
    basis: str
    source: str
    grade: str
    note: str


@dataclass(frozen=True)
class Comparison:
    """Cases on one scale, famines of the package's table and places with high mortality beside them."""

    definitions: tuple[Definition, ...]
    cases: tuple[ComparedCase, ...]
    famines: tuple[FamineYear, ...]
    chronic: tuple[ChronicMortality, ...] = ()

    def __repr__(self) -> str:
        return f"Comparison({', '.join(one.name for one in self.cases)})"

    @cached_property
    def document(self) -> dict[str, Any]:
        """The one JSON object of the contract."""
        return {
            "schema": SCHEMA,
            "definitions": [vars(one) for one in self.definitions],
            "cases": [_case(one) for one in self.cases],
            "famines": [vars(one) for one in self.famines],
            "chronic": [vars(one) for one in self.chronic],
        }

    def to_frame(self) -> "pandas.DataFrame":
        """Return a tidy table with one row a case, measure and value.

        Returns
        -------
        pandas.DataFrame
            Columns ``case``, ``measure``, ``basis``, ``by``, ``median``, ``low``, ``high``, ``range_low``,
            ``range_high`` and ``unit``.

        Raises
        ------
        ImportError
            When pandas is not installed; it comes with the ``all`` extra.
        """
        from dearth.numerics.optional_packages import needed

        units = {one.key: one.unit for one in self.definitions}
        columns = [
            "case",
            "measure",
            "basis",
            "by",
            "median",
            "low",
            "high",
            "range_low",
            "range_high",
            "unit",
        ]
        rows = [
            (case.name, key, v.basis, v.by, v.value.median, *v.value.ends, *(v.range or (None, None)),
             units[key])
            for case in self.cases for key, values in case.measures.items() for v in values
        ]  # fmt: skip
        found: pandas.DataFrame = needed("pandas").DataFrame(rows, columns=columns)
        return found


def _case(one: ComparedCase) -> dict[str, Any]:
    return {
        "case": one.name, "title": one.title, "place": one.place, "window": one.window, "scope": one.scope,
        "measures": {key: [_value(v) for v in values] for key, values in one.measures.items()},
        "missing": dict(one.missing),
    }  # fmt: skip


def _value(v: Value) -> dict[str, Any]:
    ends = None if v.range is None else {"low": v.range[0], "high": v.range[1], "of": v.of}
    figures = v.value.document()
    return {
        "basis": v.basis, "by": v.by,
        "value": {key: x if x is not None and math.isfinite(x) else None for key, x in figures.items()},
        "range": ends, "sources": list(v.sources),
    }  # fmt: skip
