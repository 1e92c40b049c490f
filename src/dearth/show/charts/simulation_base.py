"""What the charts of a simulation share: its rows, lines with bands, label and citation."""

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt

from dearth._version import __version__
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.system.history_rows import plain_rows
from dearth.system.not_fitted import standing
from dearth.system.report_document import SimulatedPart

BLACK = "#222222"


TableName = Literal["grain_account", "beliefs", "energy", "people", "labour", "tiles", "story"]


def simulated(part: SimulatedPart, table: TableName) -> Rows:
    """Return a table of the simulation as the rows that a chart is drawn from; none where it was refused."""
    return plain_rows(getattr(part.tables, table))


def band_words(part: SimulatedPart) -> str:
    """Return what the line and the band are, for captions."""
    if part.level is None:
        return "Lines are one run; there is no band."
    return f"Lines are medians over draws, bands hold the central {100 * part.level:.0f} % of them."


def time_of(month: str) -> float:
    """Return a month written 1911-07 as a number of years."""
    return int(month[:4]) + (int(month[5:]) - 1) / 12


def timed(rows: Rows) -> Rows:
    """Return rows by month with the time they are drawn at."""
    return [{**row, "time": round(time_of(row["month"]), 4)} for row in rows]


def scaled(rows: Rows, by: float) -> Rows:
    """Return rows with their figures divided by a unit."""
    return [
        {**row, **{k: None if row[k] is None else row[k] / by for k in ("median", "low", "high")}}
        for row in rows
    ]


def over_years(column: str) -> alt.X:
    """Return an axis of years."""
    return alt.X(
        f"{column}:Q",
        title=None,
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=7),
        scale=alt.Scale(zero=False, nice=False),
    )


def palette(
    field: str, names: Sequence[str], colours: Sequence[str] = COLOURS, legend: bool = True
) -> alt.Color:
    """Return a colour for each name, the same in every panel."""
    scale = alt.Scale(domain=list(names), range=list(colours[: len(names)]))
    return alt.Color(f"{field}:N", title=None, scale=scale, legend=alt.Legend() if legend else None)


def lines(
    rows: Rows, x: alt.X, title: str, colour: Any, when: str, zero: bool = True, width: int = WIDTH,
    height: int = 240,
) -> Any:  # fmt: skip
    """Draw medians as lines, and their bands where there are any.

    Parameters
    ----------
    rows : with median, low and high
    when : the column of time, for the tooltip
    """
    scale = alt.Scale(zero=zero)
    tips = [alt.Tooltip(f"{when}:N"), *([] if colour is None else [colour_tip(colour)]),
            *(alt.Tooltip(f"{k}:Q", format=",.4g") for k in ("median", "low", "high"))]  # fmt: skip
    base = alt.Chart().encode(x=x, tooltip=tips)
    base = base.encode(color=alt.value(COLOURS[0]) if colour is None else colour)
    layers = [base.mark_line(strokeWidth=1.8).encode(y=alt.Y("median:Q", title=title, scale=scale))]
    if any(row["low"] is not None for row in rows):
        area = base.mark_area(opacity=0.2)
        layers.insert(0, area.encode(y=alt.Y("low:Q", title=title, scale=scale), y2="high:Q"))
    return alt.layer(*layers, data=data(rows)).properties(width=width, height=height)


def colour_tip(colour: alt.Color) -> alt.Tooltip:
    """Return the tooltip of what a colour stands for."""
    return alt.Tooltip(colour.shorthand)


def simulation_chart(
    part: SimulatedPart, key: str, title: str, caption: str, spec: Any, rows: Rows, live: Any = None
) -> Chart:
    """Return a chart of the simulation with its label and the sources of the scenario."""
    how = f"simulated by dearth {__version__}, scenario '{part.title}'"
    rests = standing(part.printed["fit"])
    return Chart(
        f"simulation_{key}", f"{title} ({rests})", caption, finish(spec), rows, part.label,
        cited(part.case, part.sources, how), None if live is None else finish(live),
    )  # fmt: skip
