"""The rows of the tables a history is shown by, and the one place that writes them as JSON or CSV rows."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Figure:
    """Median over draws and ends of their central interval.

    Attributes
    ----------
    median : None where no draw has a number
    low, high : None, too, where there is one draw and no spread
    """

    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class GrainRow:
    """An item of the grain account of the whole in a calendar year, t of original grain."""

    year: int
    item: str
    figure: Figure


@dataclass(frozen=True)
class BeliefRow:
    """What a level of the administration reported or believed of a year's harvest, t of original grain.

    Attributes
    ----------
    what : harvested, reported or believed
    """

    year: int
    level: str
    what: str
    figure: Figure


@dataclass(frozen=True)
class EnergyRow:
    """Energy eaten in rural places or towns in a month (1911-07), kcal per head and day."""

    month: str
    where: str
    figure: Figure


@dataclass(frozen=True)
class PeopleRow:
    """Deaths, registered deaths or births of the whole in a month (1911-07), persons."""

    month: str
    what: str
    figure: Figure


@dataclass(frozen=True)
class LabourRow:
    """Workers of all places at one use in a month (1911-07), persons."""

    month: str
    use: str
    figure: Figure


@dataclass(frozen=True)
class TileRow:
    """One square of a tile-grid map in a year.

    Attributes
    ----------
    label : at most a few letters, drawn in the square
    line, column : where the square stands, from 0
    what : cdr (deaths per 1000) or kcal (per head and day)
    """

    place: str
    label: str
    line: int
    column: int
    year: int
    what: str
    figure: Figure


@dataclass(frozen=True)
class StoryRow:
    """One quantity of one place in a month (1911-07); the panel names the unit."""

    month: str
    panel: str
    what: str
    figure: Figure


HistoryRow = GrainRow | BeliefRow | EnergyRow | PeopleRow | LabourRow | TileRow | StoryRow


@dataclass(frozen=True)
class HistoryTables:
    """Every table a history is shown by; empty where the simulation was refused."""

    grain_account: tuple[GrainRow, ...] = ()
    beliefs: tuple[BeliefRow, ...] = ()
    energy: tuple[EnergyRow, ...] = ()
    people: tuple[PeopleRow, ...] = ()
    labour: tuple[LabourRow, ...] = ()
    tiles: tuple[TileRow, ...] = ()
    story: tuple[StoryRow, ...] = ()

    def document(self) -> dict[str, list[dict[str, Any]]]:
        """Return the tables as ``run --json`` prints them."""
        return {one.name: plain_rows(getattr(self, one.name)) for one in fields(self)}


def plain_rows(rows: Iterable[HistoryRow]) -> list[dict[str, Any]]:
    """Return rows as JSON and CSV have them: the labels, then `median`, `low` and `high`."""
    return [
        {name: value for name, value in vars(row).items() if name != "figure"} | vars(row.figure)
        for row in rows
    ]
