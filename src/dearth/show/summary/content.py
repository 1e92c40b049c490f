"""What a one-page summary has, before any language: headings, figures, tables and notes by their keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dearth.numerics.interval import Interval

Kind = Literal["count", "estimate", "rate", "percent"]
DIGITS: dict[Kind, int] = {"count": 0, "estimate": 0, "rate": 2, "percent": 1}


@dataclass(frozen=True)
class Number:
    """A number with its interval.

    Attributes
    ----------
    kind : count (exact), estimate (of persons, as many digits as it carries), rate or percent
    only_ends : a range without a middle
    """

    kind: Kind
    value: Interval
    only_ends: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words of the summary by their key, and what fills their braces: a number or a text of the case."""

    key: str
    fill: Mapping[str, "Number | str"] = field(default_factory=dict)


Cell = Number | Phrase | str  # a text is the case's own and is not translated


@dataclass(frozen=True)
class Table:
    """A table: its caption and columns by key, its rows, and how many rows it leaves out."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0


@dataclass(frozen=True)
class Part:
    """What one set of records says: heading by key, its own title, figures with labels, tables, notes."""

    heading: str
    title: str
    figures: tuple[tuple[Phrase, Cell], ...]
    tables: tuple[Table, ...] = ()
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Summary:
    """The summary of a case.

    Attributes
    ----------
    title, place, window : of the case
    parts : in the order of the answer
    warnings : how many warnings the result has
    sources : who made the records, each once
    version, seed : of the computation
    """

    title: str
    place: str
    window: str
    parts: tuple[Part, ...]
    warnings: int
    sources: tuple[str, ...]
    version: str
    seed: int


def count(value: float) -> Number:
    """Return an exact count."""
    return Number("count", Interval(value))
