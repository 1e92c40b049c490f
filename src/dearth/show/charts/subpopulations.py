"""Places reconstructed: excess death rates, scenarios apart; growth predicted against held-out stocks."""

from typing import Any

import altair as alt

from dearth.show.charts.base import COLOURS, WIDTH, Chart, Document, Rows, data
from dearth.show.charts.registration_scenarios import printed_readings, reading_chart


def _printed(document: Document) -> list[tuple[str, dict[str, Any]]]:
    return [
        (scenario["name"], row)
        for scenario in printed_readings(document)
        for row in scenario.get("places", [])
        if not row["refused"]
    ]


def parts_chart(document: Document) -> Chart | None:
    """Excess deaths per 1000 of each place over the crisis, under each scenario."""
    rows: Rows = [
        {"place": row["place"], "scenario": name, "basis": row["basis"],
         **{k: v for k, v in row["excess_per_1000"].items() if k != "level"},
         "excess_deaths": row["excess_deaths"]["median"]}
        for name, row in _printed(document)
    ]  # fmt: skip
    if not rows:
        return None
    order = [row["place"] for row in sorted(rows, key=lambda row: -row["median"])]
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("place:N", sort=list(dict.fromkeys(order)), title=None), yOffset="scenario:N",
        color=alt.Color("scenario:N", scale=alt.Scale(range=COLOURS)),
        tooltip=["place:N", "scenario:N", "basis:N", alt.Tooltip("median:Q", format=".0f"),
                 alt.Tooltip("excess_deaths:Q", format=",.0f")],
    )  # fmt: skip
    spans = base.mark_rule(strokeWidth=2.5, opacity=0.5).encode(
        x=alt.X("low:Q", title="excess deaths per 1000 people, whole window"), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=40).encode(x="median:Q")
    left_out = "; ".join(
        f"{scenario['name']}: {len(scenario['places_sum']['left_out'])} places left out"
        for scenario in printed_readings(document)
        if scenario.get("places_sum")
    )
    return reading_chart(
        document, "reconstruction_places", "Reconstruction: excess death rate by place",
        "Each place has the whole's posterior as its prior, widened; most hold deaths alone (totals only). "
        f"The places are not the whole: the rest is listed with their sum. {left_out}.",
        alt.layer(spans, dots).properties(width=WIDTH - 120, height=alt.Step(8)), rows,
        "deaths per 1000 people over the window; excess_deaths in persons",
    )  # fmt: skip


def _caught(rows: Rows) -> str:
    """Return how many held-out figures lie inside their central 90 %, by scenario."""
    told = []
    for name in dict.fromkeys(row["scenario"] for row in rows):
        mine = [row for row in rows if row["scenario"] == name]
        inside = sum(row["low"] <= row["registered"] <= row["high"] for row in mine)
        told.append(f"{inside} of {len(mine)} under {name}")
    return f"Held-out growth inside the central 90 %: {'; '.join(told)}."


def predicted_growth_chart(document: Document) -> Chart | None:
    """Growth of each place as predicted, against the stocks held out of every fit."""
    rows: Rows = [
        {"place": row["place"], "scenario": name, "registered": row["growth"]["registered_percent"],
         **{k: v for k, v in row["growth"]["predicted_percent"].items() if k != "level"}}
        for name, row in _printed(document)
        if row["growth"]["registered_percent"] is not None
    ]  # fmt: skip
    if not rows:
        return None
    held = [row["registered"] for row in rows]
    ends = [{"x": min(held), "y": min(held)}, {"x": max(held), "y": max(held)}]
    equal = alt.Chart(data(ends)).mark_line(strokeDash=[4, 3], color="grey").encode(x="x:Q", y="y:Q")
    base = alt.Chart(data(rows)).encode(
        x=alt.X("registered:Q", title="growth of the registered stock, held out, %"),
        color=alt.Color("scenario:N", scale=alt.Scale(range=COLOURS)), tooltip=["place:N", "scenario:N"],
    )  # fmt: skip
    spans = base.mark_rule(opacity=0.35).encode(y=alt.Y("low:Q", title="growth predicted, %"), y2="high:Q")
    dots = base.mark_point(filled=True, size=45).encode(y="median:Q")
    return reading_chart(
        document, "reconstruction_growth", "Reconstruction: growth of places, predicted and held out",
        "Stocks of the places enter no fit; predictions as they come out. The line is agreement; moves "
        "between places and changes of boundary are in the registered stocks, only loosely in predictions. "
        + _caught(rows),
        alt.layer(equal, spans, dots).properties(width=WIDTH - 120, height=320), rows, "per cent",
    )  # fmt: skip
