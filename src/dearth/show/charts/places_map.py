"""The map of places by excess deaths per 1000, a panel for each scenario; uncertain places are hatched."""

from typing import Any

import altair as alt

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import Chart, Rows, data
from dearth.show.charts.registration_scenarios import printed, read_rows, scenario_chart
from dearth.show.language import said

TILE = 38  # pixels
HATCHES = (0.3, 0.7)  # where the lines of a hatched tile cross it, as shares of its side


def places_map_chart(made: Estimates) -> Chart | None:
    """Return the map; None where no place with a tile was reconstructed."""
    tiles = {p.name: (p.short or p.name[:2].upper(), p.tile) for p in made.case.settings.places if p.tile}
    rows: Rows = []
    for scenario in printed(made):
        for one in scenario.places:
            if one.refused or one.excess_per_1000 is None or one.place not in tiles:
                continue
            short, tile = tiles[one.place]
            assert tile is not None
            low, high = one.excess_per_1000.ends
            rows.append({
                "place": one.place, "scenario": scenario.name, "short": short, "line": tile[0],
                "column": tile[1], "median": one.excess_per_1000.median, "low": low, "high": high,
                "uncertain": uncertain(one.excess_per_1000.median, low, high),
            })  # fmt: skip
    if not rows:
        return None
    read = [{**row, "label": short["short"]} for row, short in zip(read_rows(made, rows), rows, strict=True)]
    top = max(abs(row["median"]) for row in read)  # no clamp: the highest place has the end of the scale
    names = labels.of(made.case)
    least = min(0.0, *(row["median"] for row in read))
    titles = dict.fromkeys(names.scenario(one.name) for one in printed(made))
    of = {title: [row for row in read if row["scenario"] == title] for title in titles}
    panels = [_panel(mine, title, (least, top)) for title, mine in of.items() if mine]
    highest = max((row for row in read if row["scenario"] == read[0]["scenario"]), key=lambda r: r["median"])
    finding = (
        f"Excess deaths were most frequent in {highest['place']}: {highest['median']:.0f} of 1000 people "
        f"under '{highest['scenario']}'"
    )
    return scenario_chart(
        made, "reconstruction_map", finding,
        said("caption.reconstruction_map"),
        alt.concat(*panels, columns=2), rows, "deaths per 1000 people over the window",
    )  # fmt: skip


def uncertain(median: float, low: float, high: float) -> bool:
    """Whether an interval is wider than its median or contains zero."""
    return high - low > abs(median) or low <= 0 <= high


def _panel(rows: Rows, title: str, ends: tuple[float, float]) -> Any:
    tiles = [
        {**row, "left": row["column"], "right": row["column"] + 1, "up": -row["line"],
         "down": -row["line"] - 1, "middle": row["column"] + 0.5}
        for row in rows
    ]  # fmt: skip
    lines = [line for one in tiles if one["uncertain"] for line in _hatches(one["left"], one["down"])]
    plain = alt.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
    scale = alt.Scale(nice=False, zero=False)
    x, y = (alt.X("left:Q", axis=plain, scale=scale), alt.Y("down:Q", axis=plain, scale=scale))
    dark = alt.condition(f"datum.median > {0.45 * ends[1]}", alt.value("white"), alt.value("black"))
    squares = (
        alt.Chart(data(tiles))
        .mark_rect(stroke="white", strokeWidth=2)
        .encode(
            x=x, x2="right:Q", y=y, y2="up:Q",
            color=alt.Color("median:Q", title="excess deaths per 1000",
                            scale=alt.Scale(scheme="cividis", reverse=True, domain=list(ends))),
            tooltip=["place:N", alt.Tooltip("median:Q", format=".0f"), alt.Tooltip("low:Q", format=".0f"),
                     alt.Tooltip("high:Q", format=".0f")],
        )
    )  # fmt: skip
    layers = [squares]
    if lines:
        hatched = alt.Chart(data(lines)).mark_rule(color="#ffffff", opacity=0.75, strokeWidth=1.5)
        layers.append(hatched.encode(x=alt.X("x:Q", axis=plain, scale=scale), x2="x2:Q", y="y:Q", y2="y2:Q"))
    words = alt.Chart(data(tiles)).encode(x=alt.X("middle:Q", axis=plain, scale=scale), y="up:Q", color=dark)
    layers.append(words.mark_text(fontSize=12, fontWeight="bold", dy=13).encode(text="label:N"))
    layers.append(words.mark_text(fontSize=12, dy=27).encode(text=alt.Text("median:Q", format=".0f")))
    wide = max(row["column"] for row in rows) - min(row["column"] for row in rows) + 1
    high = max(row["line"] for row in rows) - min(row["line"] for row in rows) + 1
    return alt.layer(*layers).properties(width=TILE * wide, height=TILE * high, title=title)


def _hatches(left: float, down: float) -> Rows:
    """Return the lines that cross a tile of side one with this lower left corner."""
    return [
        {"x": left + at - 0.3, "x2": left + at + 0.3, "y": down + 0.05, "y2": down + 0.95} for at in HATCHES
    ]
