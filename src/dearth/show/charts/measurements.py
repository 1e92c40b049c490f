"""What to measure next: within each scenario, and between them."""

from dataclasses import replace
from typing import Any

import altair as alt

from dearth.reconstruction.value_of_measurements import SETTLED
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Document, Rows, data
from dearth.show.charts.registration_scenarios import printed_readings, reading_chart

BETWEEN = (COLOURS[6], COLOURS[4], COLOURS[5])  # no scenario's colours


def measure_chart(document: Document) -> Chart | None:
    """Draw what each measurement removes of the toll's variance, and how well it tells scenarios apart."""
    narrowing, settling = _narrowing(document), _settling(document)
    if not narrowing:
        return None
    panels = [_shares(narrowing)]
    if settling:
        panels.append(_factors(settling))
    chart = reading_chart(
        document, "reconstruction_measure", "Reconstruction: what to measure next",
        "Above: share of the variance of excess deaths that a measurement removes on average, by scenario. "
        f"Below: log Bayes factor expected between two scenarios, whichever holds; the line at {SETTLED:.0f} "
        "is very strong. Each with the error assumed for it; nothing here says which scenario holds.",
        alt.vconcat(*panels).resolve_scale(y="independent", yOffset="independent", color="independent"),
        narrowing + settling, "width in persons; error as listed with the measurement",
    )  # fmt: skip
    return replace(chart, label=f"{chart.label}; errors of the measurements assumed, as listed with them")


def _narrowing(document: Document) -> Rows:
    return [
        {"measurement": row["name"].replace("_", " "), "scenario": scenario["name"],
         "share_removed": row["share_removed"], "width_now": row["width_now"],
         "width_after": row["width_after"],
         "log_bayes_factor": None, "misled": None, "error": row["error"], "what": row["what"]}
        for scenario in printed_readings(document)
        for row in scenario.get("measurements", [])
        if "share_removed" in row
    ]  # fmt: skip


def _settling(document: Document) -> Rows:
    held = document.get("reconstruction") or {}
    return [
        {"measurement": row["name"].replace("_", " "), "scenario": " and ".join(row["between"]),
         "share_removed": None, "width_now": None, "width_after": None,
         "log_bayes_factor": row["log_bayes_factor"], "misled": row["misled"], "error": row["error"],
         "what": row["what"]}
        for row in held.get("settling", [])
        if "log_bayes_factor" in row
    ]  # fmt: skip


def _shares(rows: Rows) -> Any:
    return _marks(rows, alt.X("share_removed:Q", title="share of the toll's variance removed",
                              axis=alt.Axis(format="%")), COLOURS, "bar")  # fmt: skip


def _factors(rows: Rows) -> Any:
    # a symmetric log, since the best would else flatten all others; points, as bars would have no true length
    scale = alt.Scale(type="symlog", constant=1)
    x = alt.X("log_bayes_factor:Q", title="expected log Bayes factor (symmetric log scale)", scale=scale)
    points = _marks(rows, x, BETWEEN, "point")
    line = alt.Chart(data([{"settled": SETTLED}])).mark_rule(strokeDash=[4, 3]).encode(x="settled:Q")
    return alt.layer(points, line)


def _marks(rows: Rows, x: alt.X, colours: tuple[str, ...], mark: str) -> Any:
    names, order = (list(dict.fromkeys(row[key] for row in rows)) for key in ("scenario", "measurement"))
    chart = alt.Chart(data(rows))
    drawn = chart.mark_bar() if mark == "bar" else chart.mark_point(filled=True, size=55)
    return (
        drawn.encode(
            y=alt.Y("measurement:N", sort=order, title=None),
            yOffset=alt.YOffset("scenario:N", sort=names),
            x=x,
            color=alt.Color("scenario:N", title=None,
                            scale=alt.Scale(domain=names, range=list(colours[: len(names)]))),
            tooltip=["scenario:N", "what:N", "error:Q", x.shorthand],
        )
        .properties(width=WIDTH - 180, height=alt.Step(9 if len(names) > 1 else 16))
    )  # fmt: skip
