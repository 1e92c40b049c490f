"""What happened to the food, as recorded; and output against deaths, place by place."""

import math
from typing import Any

import altair as alt

from dearth.case import labels
from dearth.case.labels import variable_words
from dearth.case.years import UNDATED, window_years
from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.show.food_records import (
    BEFORE,
    PANELS,
    food_figures,
    food_finding,
    outputs_of_places,
    relation_of,
)
from dearth.show.language import said

LABELS = 260  # width of the names at the end of the lines


def food_chart(made: Estimates) -> Chart | None:
    """Return the recorded figures, a panel for each part of the account; None where the case has none."""
    found = food_figures(made.case)
    if not found:
        return None
    rows: Rows = [
        {"panel": one.panel, "series": f"{_short(one.variable)}, {one.series}", "year": one.year,
         "value": one.value, "unit": one.unit, "quality": one.quality}
        for one in found
    ]  # fmt: skip
    years = [row["year"] for row in rows]
    scale = alt.Scale(domain=[min(years), max(years)], nice=False, zero=False, clamp=True)
    window = () if made.case.settings.window == UNDATED else window_years(made.case.settings.window)
    panels = [
        _panel([row for row in rows if row["panel"] == title], title, scale, window)
        for title in PANELS
        if any(row["panel"] == title for row in rows)
    ]
    return Chart(
        "food_records", food_finding(made.case),
        said("caption.food_records"),
        finish(alt.vconcat(*panels, spacing=14).resolve_scale(color="independent")), rows,
        "as the evidence has them, uncorrected",
        cited(made.case, {one.source for one in found}, "drawn by dearth"),
    )  # fmt: skip


def _panel(rows: Rows, title: str, scale: alt.Scale, window: tuple[int, ...]) -> Any:
    names = list(dict.fromkeys(row["series"] for row in rows))
    colour = alt.Color("series:N", legend=None, scale=alt.Scale(
        domain=names, range=[COLOURS[i % 8] for i in range(len(names))]))  # fmt: skip
    unit = ", ".join(dict.fromkeys(row["unit"] for row in rows))
    y = alt.Y("value:Q", title=unit, scale=alt.Scale(zero=True))
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1), scale=scale)
    base = alt.Chart(data(rows)).encode(x=x)
    lines = base.mark_line(point=alt.OverlayMarkDef(size=14)).encode(
        y=y, color=colour, tooltip=["series:N", "year:Q", "value:Q", "quality:N"])  # fmt: skip
    layers = [lines, _names(rows, names, colour)]
    if window:
        band = alt.Chart(data([{"from": window[0] - 0.5, "to": window[-1] + 0.5}]))
        layers.insert(0, band.mark_rect(color="#eeeeee").encode(x=alt.X("from:Q", scale=scale), x2="to:Q"))
    return alt.layer(*layers).properties(width=WIDTH - LABELS, height=120, title=alt.TitleParams(
        title, anchor="start", fontSize=13))  # fmt: skip


def _names(rows: Rows, names: list[str], colour: alt.Color) -> Any:
    """Return the names of the lines beside the panel, that of the highest last value first."""
    last = {name: max((r for r in rows if r["series"] == name), key=lambda r: r["year"]) for name in names}
    ordered = sorted(names, key=lambda name: -last[name]["value"])
    written = [{"series": name} for name in ordered]
    layers = [
        alt.Chart(data([one]))
        .mark_text(align="left", dx=8, fontSize=12, limit=LABELS - 10)
        .encode(x=alt.value("width"), y=alt.value(8 + 16 * i), text="series:N", color=colour)
        for i, one in enumerate(written)
    ]
    return alt.layer(*layers)


def _short(variable: str) -> str:
    """Return a variable in the words that its panel leaves open."""
    return variable_words(variable).removeprefix("grain ")


def places_chart(made: Estimates) -> Chart | None:
    """Return output against deaths among places; None where too few places have both."""
    found = outputs_of_places(made.case)
    if not found:
        return None
    names = labels.of(made.case)
    rows: Rows = [
        {
            "place": one.place,
            "output_change": 100 * (math.exp(one.output_change) - 1),
            "rate_change": one.rate_change,
        }
        for one in found
    ]
    read = [{**row, "place": names.place(row["place"])} for row in rows]
    base = alt.Chart(data(read)).encode(
        x=alt.X("output_change:Q", title="change of grain output, percent", scale=alt.Scale(nice=True)),
        y=alt.Y("rate_change:Q", title="rise of registered deaths, per 1000 a year"),
    )
    dots = base.mark_point(filled=True, size=45, color=COLOURS[0]).encode(tooltip=["place:N"])
    words = base.mark_text(align="left", dx=5, fontSize=12).encode(text="place:N")
    rank = relation_of(found)
    how = "title.output_more" if rank < 0 else "title.output_not_more"
    window = made.case.settings.window
    first = window_years(window)[0]
    sources = {
        row.source_id for row in made.case.evidence
        if row.place and row.variable in ("grain_output", "crude_death_rate")
    }  # fmt: skip
    return Chart(
        "output_and_deaths",
        said(how, rank=f"{rank:.2f}", many=len(found)),
        said("caption.output_and_deaths", window=window, before=f"{first - BEFORE}-{first - 1}"),
        finish(alt.layer(dots, words).properties(width=WIDTH - 20, height=340)),
        rows, "registered death rates and output as the evidence has them, uncorrected",
        cited(made.case, sources, "computed by dearth"), table=read,
    )  # fmt: skip
