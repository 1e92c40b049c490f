"""Published tables of lists, read from the evidence beside the project where it is there."""

import csv
from pathlib import Path

import pytest

from dearth.estimate.lists.histories import Histories, histories

LISTS = Path(__file__).parents[2] / "shared" / "evidence" / "live" / "lists"


def published(name: str) -> Histories:
    """Return a published table by the name of its file; skip where the evidence is not there."""
    path = LISTS / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"the evidence {name}.csv does not stand beside the project")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [column for column in rows[0] if column != "count"]
    cells = [[int(row[column]) for column in names] for row in rows]
    return histories(names, cells, [int(row["count"]) for row in rows])


def pairs(table: Histories, with_data: bool = False) -> tuple[int, ...]:
    """Return every pair of lists as a bit mask, or those that share somebody."""
    masks = (1 << i | 1 << j for i, j in table.pairs)
    return tuple(mask for mask in masks if not with_data or table.with_all(mask))
