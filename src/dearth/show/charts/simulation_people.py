"""Bodies and registers: energy eaten, deaths true and registered, births."""

from typing import Any

import altair as alt

from dearth.show.charts.base import COLOURS, Chart, Rows, unit
from dearth.show.charts.simulation_base import (
    band_words,
    lines,
    over_years,
    palette,
    scaled,
    simulated,
    simulation_chart,
    timed,
)
from dearth.system.report_document import SimulatedPart

MEASURES = {"deaths": "deaths", "registered": "deaths_registered", "births": "births"}
NAMES = {"deaths": "deaths", "registered": "deaths as registered", "births": "births"}


def energy_chart(part: SimulatedPart) -> Chart | None:
    """Energy eaten per head and day, rural places and towns, by month."""
    rows = simulated(part, "energy")
    if not rows:
        return None
    spec = lines(timed(rows), over_years("time"), "kcal per head and day",
                 palette("where", ("rural", "urban")), "month", zero=False, height=280)  # fmt: skip
    return simulation_chart(
        part,
        "energy",
        "Simulated: energy eaten, rural and urban, by month",
        "All food, as eaten, mean over the people of rural places and of towns. "
        f"{band_words(part)} The vertical axis does not begin at zero.",
        spec,
        rows,
    )


def _periods(part: SimulatedPart, wanted: tuple[str, ...]) -> tuple[Rows, Rows]:
    """Return rows by year, from the bands of the result, and by month."""
    months = [row for row in simulated(part, "people") if row["what"] in wanted]
    if not months:
        return [], []
    bands = part.printed["bands"]
    years = [
        {"year": int(year), "what": what, **{k: found[MEASURES[what]][k] for k in ("median", "low", "high")}}
        for what in wanted
        for year, found in bands.items()
    ]
    return years, months


def _people_chart(
    part: SimulatedPart, key: str, title: str, caption: str, wanted: tuple[str, ...], colours: tuple[str, ...]
) -> Chart | None:
    years, months = _periods(part, wanted)
    if not months:
        return None
    colour = palette("kind", [NAMES[what] for what in wanted], colours, legend=len(wanted) > 1)
    panels: list[Any] = []
    for rows, when, height in ((years, "year", 200), (months, "month", 150)):
        size, word = unit([row["median"] for row in rows])
        drawn = [{**row, "kind": NAMES[row["what"]]} for row in scaled(rows, size)]
        if when == "month":
            drawn = timed(drawn)
        panels.append(
            lines(drawn, over_years("year" if when == "year" else "time"), f"{word} a {when}", colour, when,
                  height=height).properties(title=f"by {when}")
        )  # fmt: skip
    held = [{"period": str(row["year"]), **{k: v for k, v in row.items() if k != "year"}} for row in years]
    held += [{"period": row["month"], **{k: v for k, v in row.items() if k != "month"}} for row in months]
    return simulation_chart(part, key, title, f"{caption} {band_words(part)}", alt.vconcat(*panels), held)


def deaths_chart(part: SimulatedPart) -> Chart | None:
    """Deaths that happened and deaths the offices entered, by year and by month."""
    return _people_chart(
        part,
        "deaths",
        "Simulated: deaths, true and registered",
        "Registered deaths are shown when they were registered, late registrations too. The rest of the "
        "gap is deaths that were never registered.",
        ("deaths", "registered"),
        (COLOURS[1], COLOURS[0]),
    )


def births_chart(part: SimulatedPart) -> Chart | None:
    """Births by year and by month."""
    return _people_chart(
        part,
        "births",
        "Simulated: births",
        "Live births. Births lost are not deaths and are never added to deaths.",
        ("births",),
        (COLOURS[2],),
    )
