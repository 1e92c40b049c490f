"""Places reconstructed: excess death rates, scenarios apart; growth predicted against held-out stocks."""

from typing import Any

import altair as alt

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.reconstruction.place_posterior import PlacePosterior
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data
from dearth.show.charts.registration_scenarios import ends, printed, read_rows, scenario_chart


def _printed(made: Estimates) -> list[tuple[str, PlacePosterior]]:
    return [(one.name, row) for one in printed(made) for row in one.places if not row.refused]


def parts_chart(made: Estimates) -> Chart | None:
    """Excess deaths per 1000 of each place over the crisis, under each scenario."""
    rows: Rows = [
        {"place": row.place, "scenario": name, "basis": row.basis, **ends(row.excess_per_1000, 1.0),
         "excess_deaths": row.excess_deaths.median}
        for name, row in _printed(made)
        if row.excess_per_1000 is not None and row.excess_deaths is not None
    ]  # fmt: skip
    if not rows:
        return None
    read, names = read_rows(made, rows), labels.of(made.case)
    order = [row["place"] for row in sorted(read, key=lambda row: -row["median"])]
    base = alt.Chart(data(read)).encode(
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
        f"{names.scenario(one.name)}: {len(one.places_sum.left_out)} places left out"
        for one in printed(made)
        if one.places_sum
    )
    return scenario_chart(
        made, "reconstruction_places", "Reconstruction: excess death rate by place",
        "The prior of each place is the posterior of the whole, made wider. Most places have only totals "
        f"of deaths. The places do not cover the whole: the table lists the rest with their sum. {left_out}.",
        alt.layer(spans, dots).properties(width=WIDTH - 120, height=alt.Step(8)), rows,
        "deaths per 1000 people over the window; excess deaths in persons",
    )  # fmt: skip


def _caught(rows: Rows, what: str) -> str:
    """Return how many held-out figures lie inside their central 90 %, by scenario."""
    told = []
    for name in dict.fromkeys(row["scenario"] for row in rows):
        mine = [row for row in rows if row["scenario"] == name]
        inside = sum(row["low"] <= row["registered"] <= row["high"] for row in mine)
        told.append(f"{inside} of {len(mine)} under {name}")
    return f"Held-out {what} inside the central 90 %: {'; '.join(told)}."


def _against_record(read: Rows, on: str, up: str) -> Any:
    """Return predictions with their intervals against held-out figures, and the line where both are equal."""
    held = [row["registered"] for row in read]
    corners = [{"x": min(held), "y": min(held)}, {"x": max(held), "y": max(held)}]
    equal = alt.Chart(data(corners)).mark_line(strokeDash=[4, 3], color="grey").encode(x="x:Q", y="y:Q")
    base = alt.Chart(data(read)).encode(
        x=alt.X("registered:Q", title=on),
        color=alt.Color("scenario:N", scale=alt.Scale(range=COLOURS)),
        tooltip=[f"{name}:N" for name in ("place", "year", "scenario") if name in read[0]],
    )  # fmt: skip
    spans = base.mark_rule(opacity=0.35).encode(y=alt.Y("low:Q", title=up), y2="high:Q")
    dots = base.mark_point(filled=True, size=45).encode(y="median:Q")
    return alt.layer(equal, spans, dots).properties(width=WIDTH - 120, height=320)


def _held_out_chart(
    made: Estimates, key: str, title: str, caption: str, what: str, on: str, up: str, rows: Rows, word: str
) -> Chart | None:
    """Draw predictions against figures that no fit used; `on` and `up` name the axes, `what` the figures."""
    if not rows:
        return None
    read = read_rows(made, rows)
    told = f"{caption} {_caught(read, what)}"
    return scenario_chart(made, key, title, told, _against_record(read, on, up), rows, word)


def predicted_growth_chart(made: Estimates) -> Chart | None:
    """Growth of each place as predicted, against the stocks held out of every fit."""
    rows: Rows = [
        {"place": row.place, "scenario": name, "registered": row.growth.registered_percent,
         **ends(row.growth.predicted_percent, 1.0)}
        for name, row in _printed(made)
        if row.growth is not None and row.growth.registered_percent is not None
        and row.growth.predicted_percent is not None
    ]  # fmt: skip
    return _held_out_chart(
        made, "reconstruction_growth", "Reconstruction: growth of places, predicted and held out",
        "No fit uses the stocks of the places. On the line, prediction and record agree. Moves between "
        "places and changes of boundary are in the registered stocks, and only loosely in the predictions.",
        "growth", "growth of the registered stock, held out, %", "growth predicted, %", rows, "per cent",
    )  # fmt: skip


def predicted_rates_chart(made: Estimates) -> Chart | None:
    """Predicted death rates of later years, against registered ones held out of every fit."""
    rows: Rows = [
        {"place": row.place, "year": one.year, "scenario": name, "registered": one.registered,
         **ends(one.predicted, 1.0)}
        for name, row in _printed(made)
        for one in row.held_out_rates
    ]  # fmt: skip
    return _held_out_chart(
        made, "reconstruction_rates", "Reconstruction: death rates of places, predicted and held out",
        "No fit uses these registered death rates. On the line, prediction and record agree. The intervals "
        "include the difference of one year from the trend and the noise of the register.",
        "death rates", "registered deaths per 1000, held out", "the same, predicted", rows,
        "deaths per 1000 people a year",
    )  # fmt: skip
