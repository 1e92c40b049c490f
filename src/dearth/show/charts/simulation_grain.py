"""Grain: the account by year, and what each level believed of the harvest."""

from typing import Any

import altair as alt

from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data
from dearth.show.charts.simulation_base import (
    BLACK,
    band_words,
    lines,
    over_years,
    palette,
    scaled,
    simulated,
    simulation_chart,
)
from dearth.system.history_tables import FIELDS
from dearth.system.report_document import SimulatedPart

USES = ("eaten", "seed", "feed", "losses", "exports")
PANELS = {
    "procurement": "procured",
    "ration": "issued to towns",
    "resale": "resold, and relief",
    "imports": "imports",
    "exports": "exports",
    "losses": "losses",
    "stocks_places": "in stores of rural places and towns",
    "stocks_state": "in stores of the state",
}


def tonnes(rows: Rows) -> tuple[float, str]:
    """Return the divisor and its name that make tonnes easy to read."""
    most = max((abs(row["median"]) for row in rows if row["median"] is not None), default=0.0)
    return (1e6, "million t") if most >= 2e6 else (1e3, "thousand t") if most >= 2e3 else (1.0, "t")


def account_chart(part: SimulatedPart) -> Chart | None:
    """Draw uses of grain against the harvest by year; then flows between holders and stocks with bands."""
    rows = simulated(part, "grain_account")
    if not rows:
        return None
    size, word = tonnes(rows)
    drawn = scaled(rows, size)
    uses = [{**row, "rank": USES.index(row["item"])} for row in drawn if row["item"] in USES]
    year = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    tips = [alt.Tooltip("year:O"), alt.Tooltip("item:N"), alt.Tooltip("median:Q", format=",.4g")]
    bars = (
        alt.Chart(data(uses))
        .mark_bar()
        .encode(
            x=year,
            y=alt.Y("median:Q", title=f"grain, {word} a year", stack="zero"),
            color=palette("item", USES),
            order=alt.Order("rank:Q"),
            tooltip=tips,
        )
    )
    harvest = (
        alt.Chart(data([row for row in drawn if row["item"] == "output"]))
        .mark_line(point={"color": BLACK}, color=BLACK)
        .encode(x=year, y="median:Q", tooltip=tips)
    )
    whole = alt.layer(bars, harvest).properties(
        width=WIDTH, height=230, title="Uses (bars) and harvest (black line)"
    )
    panels: list[Any] = [
        lines([row for row in drawn if row["item"] == item], over_years("year"), word, None, "year",
              width=WIDTH // 4 - 48, height=90).properties(title=title)
        for item, title in PANELS.items()
    ]  # fmt: skip
    return simulation_chart(
        part,
        "grain_account",
        "Simulated: the grain account by calendar year",
        "Opening stocks + harvest + imports = seed + feed + eaten + losses + exports + closing stocks, "
        "checked in every draw; the row 'gap' of the table is the difference. Medians of the parts need "
        f"not add up to the median of the whole. {band_words(part)} Original grain.",
        alt.vconcat(whole, alt.concat(*panels, columns=4)),
        rows,
    )


def belief_chart(part: SimulatedPart) -> Chart | None:
    """Draw what every level reported and believed of the year's harvest, beside the harvest."""
    rows = simulated(part, "beliefs")
    if not rows:
        return None
    size, word = tonnes(rows)
    drawn = scaled(rows, size)
    truth = [row for row in drawn if row["level"] == FIELDS]
    colour = palette("what", ("harvested", "reported", "believed"), (BLACK, COLOURS[1], COLOURS[0]))
    panels: list[Any] = [
        lines([*truth, *(row for row in drawn if row["level"] == level)], over_years("year"),
              f"harvest, {word}", colour, "year", zero=False, width=WIDTH // 2 - 40, height=150
              ).properties(title=level)
        for level in dict.fromkeys(row["level"] for row in drawn)
        if level != FIELDS
    ]  # fmt: skip
    return simulation_chart(
        part,
        "beliefs",
        "Simulated: the harvest as it was, as reported, as believed",
        "At the end of each year: what was harvested, what the level reported to the one above it (the "
        "centre: what it published), and what it believed itself. The belief of the smallest level leaves "
        f"out what was concealed. {band_words(part)} The vertical axes do not begin at zero.",
        alt.concat(*panels, columns=2).resolve_scale(y="shared"),
        rows,
    )
