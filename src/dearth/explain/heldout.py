"""Records that no fit uses, as the fitted simulation predicts them: death rates of a case's holdouts."""

from collections.abc import Sequence

import numpy as np

from dearth.case.evidence import Row
from dearth.case.read import Case
from dearth.case.schema import Selection
from dearth.case.years import parse_years
from dearth.explain.targets import Block
from dearth.system.scenario import Scenario

VARIABLE = "crude_death_rate"
ERROR = 0.10  # log standard deviation of a registered rate about the simulated register's; assumed


def heldout_blocks(case: Case, scenario: Scenario, areas: Sequence[str]) -> list[Block]:
    """Return the holdouts that a history can predict, none of which entered the fit."""
    first, last = scenario.span
    found = []
    for chosen in case.settings.holdouts:
        years = set(parse_years(chosen.years)) if chosen.years else set(range(first, last + 1))
        rows = [
            row
            for row in case.evidence
            if _is(row, chosen) and row.year in years and first <= row.year <= last
        ]
        kind = scenario.records_of.get(chosen.series)
        if kind is not None:
            whole = [row for row in rows if not row.place]
            found.append(_block(chosen, kind, [str(row.year) for row in whole], whole))
        elif chosen.places != "whole":
            parts = [row for row in rows if row.place in areas]
            found.append(_block(chosen, "area rates", [f"{row.place}, {row.year}" for row in parts], parts))
    return [block for block in found if block.size]


def _is(row: Row, chosen: Selection) -> bool:
    return (
        row.series == chosen.series and row.variable == chosen.variable == VARIABLE
        and not row.by_age and row.base > 0 and row.quality != "recalled"
    )  # fmt: skip


def _block(chosen: Selection, what: str, labels: Sequence[str], rows: Sequence[Row]) -> Block:
    values = np.log([row.base for row in rows]) if rows else np.empty(0)
    name = f"{chosen.series}/{chosen.variable}"
    return Block(name, what, tuple(labels), values, np.diag(np.full(len(rows), ERROR**2)))
