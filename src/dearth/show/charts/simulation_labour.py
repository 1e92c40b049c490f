"""Labour by use, month by month."""

from typing import Any

import altair as alt

from dearth.show.charts.base import WIDTH, Chart, unit
from dearth.show.charts.simulation_base import (
    band_words,
    lines,
    over_years,
    scaled,
    simulated,
    simulation_chart,
    timed,
)
from dearth.system.report_document import SimulatedPart

USES = {
    "agriculture": "in the fields",
    "industry": "rural industry",
    "works": "land and water works",
    "kitchens": "dining halls",
    "search": "prospecting",
    "training": "training",
    "audit": "audits",
    "commuting": "on the way to work",
}


def labour_chart(part: SimulatedPart) -> Chart | None:
    """Workers by use; uses nobody was ever put to are left out."""
    rows = simulated(part, "labour")
    if not rows:
        return None
    panels: list[Any] = []
    for use, title in USES.items():
        mine = [row for row in rows if row["use"] == use]
        if not any(row["median"] or row["high"] for row in mine):
            continue
        size, word = unit([row["median"] for row in mine])
        panels.append(
            lines(timed(scaled(mine, size)), over_years("time"), word, None, "month",
                  width=WIDTH // 2 - 50, height=110).properties(title=title)
        )  # fmt: skip
    return simulation_chart(
        part,
        "labour",
        "Simulated: labour by use, by month",
        "Workers of all places by what they did in the month, in persons. Each panel has its own scale. "
        + band_words(part),
        alt.concat(*panels, columns=2),
        rows,
    )
