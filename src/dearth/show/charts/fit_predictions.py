"""Records beside what the fitted simulation predicts of them: fitted ones and those that no fit used."""

from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np

from dearth._version import __version__
from dearth.case.labels import of
from dearth.case.read import Case
from dearth.explain.explain import Explanation
from dearth.explain.predictive import LOG, Prediction
from dearth.show.charts.base import COLOURS, Chart, Rows, cited, data, finish

KINDS = ("fitted", "not used by the fit")
COLUMNS, SIDE = 2, 260


def predictions_chart(case: Case, made: Explanation) -> Chart | None:
    """Return a panel for each series by year or place."""
    rows = [
        row
        for kind, several in zip(KINDS, (made.targets, made.heldout), strict=True)
        for one in several
        for row in _rows(one, kind)
    ]
    if not rows:
        return None
    inside = [row["inside"] for row in rows if row["kind"] == KINDS[1]] or [row["inside"] for row in rows]
    unused = any(row["kind"] == KINDS[1] for row in rows)
    which = "records that no fit used" if unused else "fitted records"
    panels = []
    for series in dict.fromkeys((row["series"], row["unit"], row["kind"]) for row in rows):
        mine = [row for row in rows if (row["series"], row["unit"], row["kind"]) == series]
        panels.append(_panel(mine, *series))
    spec = alt.concat(*panels, columns=COLUMNS).resolve_scale(y="independent", x="independent")
    return Chart(
        "explain_predictions",
        f"{sum(inside)} of {len(inside)} {which} lie inside the 90 % intervals of the fitted simulation",
        "Points are records, lines the central 90 % of predictions, error of the record included. Nine "
        "of ten records should lie inside.",
        finish(spec), rows,
        f"fitted simulation, registration scenario {scenario_words(case, made)}",
        cited(case, (), f"computed by dearth {__version__}"),
    )  # fmt: skip


def _rows(one: Prediction, kind: str) -> Rows:
    unit, read = _unit(one)
    return [
        {"series": one.series, "unit": unit, "kind": kind, "label": label, "record": read(record),
         "median": read(median), "low": read(low), "high": read(high), "inside": bool(low <= record <= high)}
        for label, record, median, low, high in zip(
            one.labels, one.records, one.medians, one.low, one.high, strict=True
        )
    ]  # fmt: skip


def _unit(one: Prediction) -> tuple[str, Callable[[float], float]]:
    """Return the unit in which a series is drawn, and how its figures are read: logarithms as amounts."""
    if one.unit != LOG:
        return one.unit, float
    variable = one.series.rpartition("/")[2]
    if variable.startswith("grain"):
        return "million t", lambda value: float(np.exp(value) / 1e6)
    if "rate" in variable:
        return "per 1000", lambda value: float(np.exp(value))
    return "ratio to normal years", lambda value: float(np.exp(value))


def scenario_words(case: Case, made: Explanation) -> str:
    """Return the label of the registration scenario of the fit."""
    return of(case).label("scenarios", made.fit.registration)


def _panel(rows: Rows, series: str, unit: str, kind: str) -> Any:
    colour = COLOURS[KINDS.index(kind)]
    order = [row["label"] for row in rows]
    x = alt.X("label:N", sort=order, title=None, axis=alt.Axis(labelAngle=-60, labelOverlap=True))
    base = alt.Chart(data(rows)).encode(
        x=x,
        tooltip=[
            "label:N",
            *(alt.Tooltip(f"{key}:Q", format=".3g") for key in ("record", "median", "low", "high")),
        ],
    )
    spans = base.mark_rule(strokeWidth=3, opacity=0.5, color=colour).encode(
        y=alt.Y("low:Q", title=unit, scale=alt.Scale(zero=False)), y2="high:Q"
    )
    points = base.mark_point(filled=True, color="#222222", size=28).encode(y="record:Q")
    return alt.layer(spans, points).properties(width=SIDE, height=160, title=f"{series} ({kind})")
