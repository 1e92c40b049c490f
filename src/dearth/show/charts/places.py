"""Places: the tile-grid map by year, and growth between censuses."""

from typing import Any

import altair as alt

from dearth.case import labels
from dearth.case.years import window_years
from dearth.estimate.document import plain
from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, citation, data, finish, labelled
from dearth.show.language import said

TILE = 46


def _tiles(rows: Rows, top: float, paper: bool) -> Any:
    base = alt.Chart(data(rows)).encode(x=alt.X("column:O", axis=None), y=alt.Y("line:O", axis=None))
    squares = base.mark_rect(cornerRadius=3, stroke="white").encode(
        color=alt.Color("cdr:Q", title="deaths per 1000, as registered",
                        scale=alt.Scale(type="sqrt", scheme="cividis", reverse=True, domain=[0, top])),
        tooltip=["place:N", "year:O", alt.Tooltip("cdr:Q", format=".1f"),
                 alt.Tooltip("normal_cdr:Q", format=".1f"), alt.Tooltip("p_score:Q", format=".0%"),
                 alt.Tooltip("excess_deaths:Q", format=",.0f")],
    )  # fmt: skip
    dark = alt.condition(f"datum.cdr > {0.3 * top}", alt.value("white"), alt.value("black"))
    size, up, down = (10, -5, 7) if paper else (12, -7, 8)
    names = base.mark_text(fontSize=size, fontWeight="bold", dy=up).encode(text="label:N", color=dark)
    figures = base.mark_text(fontSize=size, dy=down).encode(text=alt.Text("cdr:Q", format=".0f"), color=dark)
    return alt.layer(squares, names, figures)


def map_chart(made: Estimates) -> Chart | None:
    """Tile-grid map of the death rate; a slider of years on screen, small multiples on paper."""
    names = labels.of(made.case)
    held: Rows = [
        {**plain(row), "line": row.tile[0], "column": row.tile[1]} for row in made.places if row.tile
    ]
    if not held:
        return None
    rows = labelled(held, names)
    years = sorted({row["year"] for row in rows})
    top = max(row["cdr"] for row in rows)  # the highest rate has its own colour; the root spreads the rest
    wide = max(row["column"] for row in rows) + 1
    high = max(row["line"] for row in rows) + 1
    # on paper: the crisis with two years on either side
    window = window_years(made.case.settings.window)
    near = [y for y in years if window[0] - 2 <= y <= window[-1] + 2]
    panels: list[Any] = [
        _tiles([r for r in rows if r["year"] == year], top, paper=True).properties(
            width=wide * 24, height=high * 24, title=str(year)
        )
        for year in near
    ]
    paper = alt.concat(*panels, columns=3).resolve_scale(color="shared")
    start = near[len(near) // 2]
    slider = alt.param(
        name="year",
        value=start,
        bind=alt.binding_range(min=years[0], max=years[-1], step=1, name="year "),
    )
    live = (
        _tiles(rows, top, paper=False)
        .add_params(slider)
        .transform_filter("datum.year == year")
        .properties(width=wide * TILE, height=high * TILE)
    )
    keep = ("place", "year", "cdr", "normal_cdr", "excess_deaths", "p_score")
    return Chart(
        "map",
        "Places: registered death rates by year",
        said("caption.map"),
        finish(paper),
        [{key: row[key] for key in keep} for row in held],
        "as registered, completeness 1; normal rate by the case's place baseline",
        citation(made, place_registers(made)),
        finish(live),
        [{key: row[key] for key in keep} for row in rows],
    )


def place_registers(made: Estimates) -> list[str]:
    """Return the registers that are not of the whole."""
    whole = {one.choice.series for one in made.estimates}
    return [name for name in made.register_sources if name not in whole]


def growth_chart(made: Estimates) -> Chart | None:
    """Growth of each place between the censuses around the crisis."""
    held: Rows = plain(made.growth)
    if not held:
        return None
    rows = labelled(held, labels.of(made.case))
    first = min(row["first_year"] for row in rows)
    last = max(row["last_year"] for row in rows)
    chart = (
        alt.Chart(data([{**row, "kind": "from a later year" if row["note"] else "whole period"}
                        for row in rows]))
        .mark_bar()
        .encode(
            y=alt.Y("place:N", sort="-x", title=None),
            x=alt.X("growth_percent:Q", title=f"growth {first}-{last}, percent of the first stock"),
            color=alt.Color("kind:N", title=None,
                            scale=alt.Scale(domain=["whole period", "from a later year"],
                                            range=[COLOURS[0], COLOURS[5]])),
            tooltip=["place:N", "first_year:O", "last_year:O",
                     alt.Tooltip("growth_percent:Q", format=".1f"), "note:N"],
        )
        .properties(width=WIDTH - 120, height=15 * len(rows))
    )  # fmt: skip
    return Chart(
        "growth",
        f"Growth of the places, {first}-{last}",
        said("caption.growth"),
        finish(chart),
        held,
        "as registered; growth = last stock / first stock - 1",
        citation(made, place_registers(made)),
        table=rows,
    )
