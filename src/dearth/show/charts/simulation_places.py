"""Places of a simulation: tile-grid maps through time, and the story of one place."""

from typing import Any, NamedTuple

import altair as alt

from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data
from dearth.show.charts.simulation_base import (
    BLACK,
    band_words,
    lines,
    over_years,
    palette,
    simulated,
    simulation_chart,
    timed,
)
from dearth.system.report_document import SimulatedPart

TILE, PAPER_TILE = 52, 30
COLUMNS = 4  # maps beside one another on paper


class Shade(NamedTuple):
    """How a quantity of the tiles is coloured; the scale is one over all years."""

    what: str
    title: str
    low: float
    high: float
    reverse: bool


def _tiles(rows: Rows, shade: Shade, paper: bool) -> Any:
    base = alt.Chart(data(rows)).encode(x=alt.X("column:O", axis=None), y=alt.Y("line:O", axis=None))
    squares = base.mark_rect(cornerRadius=3, stroke="white").encode(
        color=alt.Color("median:Q", title=shade.title,
                        scale=alt.Scale(type="sqrt", scheme="cividis", reverse=shade.reverse,
                                        domain=[shade.low, shade.high])),
        tooltip=["place:N", "year:O", *(alt.Tooltip(f"{k}:Q", format=",.1f")
                                        for k in ("median", "low", "high"))],
    )  # fmt: skip
    low, high = shade.low**0.5, shade.high**0.5
    share = f"(sqrt(datum.median) - {low}) / {max(high - low, 1e-9)}"
    dark = alt.condition(
        f"{share} > 0.55" if shade.reverse else f"{share} < 0.45", alt.value("white"), alt.value("black")
    )
    size, up, down = (10, -5, 7) if paper else (12, -7, 8)
    names = base.mark_text(fontSize=size, fontWeight="bold", dy=up).encode(text="label:N", color=dark)
    figures = base.mark_text(fontSize=size, dy=down).encode(
        text=alt.Text("median:Q", format=".0f"), color=dark
    )
    return alt.layer(squares, names, figures)


def _map(
    part: SimulatedPart, what: str, title: str, legend: str, caption: str, reverse: bool
) -> Chart | None:
    rows = [row for row in simulated(part, "tiles") if row["what"] == what and row["median"] is not None]
    if not rows:
        return None
    figures = [max(row["median"], 0.0) for row in rows]
    shade = Shade(what, legend, min(figures), max(figures), reverse)
    wide = max(row["column"] for row in rows) + 1
    high = max(row["line"] for row in rows) + 1
    years = sorted({row["year"] for row in rows})
    panels: list[Any] = [
        _tiles([row for row in rows if row["year"] == year], shade, paper=True).properties(
            width=wide * PAPER_TILE, height=high * PAPER_TILE, title=str(year)
        )
        for year in years
    ]
    columns = max(1, min(COLUMNS, (WIDTH + 80) // (wide * PAPER_TILE + 20)))
    paper = alt.concat(*panels, columns=columns).resolve_scale(color="shared")
    slider = alt.param(
        name="year",
        value=_worst_year(rows, reverse),
        bind=alt.binding_range(min=years[0], max=years[-1], step=1, name="year "),
    )
    live = (
        _tiles(rows, shade, paper=False)
        .add_params(slider)
        .transform_filter("datum.year == year")
        .properties(width=wide * TILE, height=high * TILE)
    )
    keep = ("place", "year", "what", "median", "low", "high")
    return simulation_chart(
        part, f"map_{what}", title, caption, paper, [{k: row[k] for k in keep} for row in rows], live
    )


def _worst_year(rows: Rows, high_is_worst: bool) -> int:
    """Return the year whose tiles are worst together: where the slider begins."""
    sums: dict[int, float] = {}
    for row in rows:
        sums[row["year"]] = sums.get(row["year"], 0.0) + (1 if high_is_worst else -1) * row["median"]
    return max(sums, key=lambda year: sums[year])


def death_map_chart(part: SimulatedPart) -> Chart | None:
    """Draw true death rates of the places by year."""
    return _map(
        part,
        "cdr",
        "Simulated: death rates of the places through time",
        "deaths per 1000",
        "Each square is a place, near its position on a map. The colours are the same in every year and "
        "end at the 98.5th percentile. Medians over draws; the bands are in the table and the CSV.",
        True,
    )


def energy_map_chart(part: SimulatedPart) -> Chart | None:
    """Draw energy eaten in the places by year."""
    return _map(
        part,
        "kcal",
        "Simulated: energy eaten in the places through time",
        "kcal per head and day",
        "Squares as in the map of death rates; mean of the months of the year, all food. Dark squares had "
        "the least energy.",
        False,
    )


def story_chart(part: SimulatedPart) -> Chart | None:
    """One place month by month: harvest and claims, grain, energy, deaths and births."""
    rows = simulated(part, "story")
    if not rows:
        return None
    place = part.story_place
    why = (
        f"{place} was asked for"
        if "story" in part.printed
        else f"{place} has the highest death rate of any year among the rural places"
    )
    panels: list[Any] = []
    for panel in dict.fromkeys(row["panel"] for row in rows):
        mine = timed([row for row in rows if row["panel"] == panel])
        names = list(dict.fromkeys(row["what"] for row in mine))
        colours = (BLACK, COLOURS[0], COLOURS[1]) if "harvested" in names else COLOURS
        chart = lines(mine, over_years("time"), panel.rpartition(", ")[2], palette("what", names, colours),
                      "month", height=120)  # fmt: skip
        panels.append(chart.properties(title=panel))
    return simulation_chart(
        part,
        "story",
        f"Simulated: one place month by month, {place}",
        f"{why}; median over draws. The harvest of a month is that of the twelve months that end with it. "
        f"{band_words(part)}",
        alt.vconcat(*panels).resolve_scale(color="independent"),
        rows,
    )
