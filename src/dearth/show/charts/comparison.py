"""Other famines on the same scale: excess deaths over people, and over normal deaths."""

from typing import Any

import altair as alt

from dearth._version import __version__
from dearth.bibliography.works import short
from dearth.compare.results import ComparedCase, Comparison, Value
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data, finish
from dearth.show.language import said

PANELS = {
    "excess_per_1000": "excess deaths per 1000 people",
    "p_score": "P-score: excess deaths over normal deaths",
}
BASES = {
    "reconstruction": "reconstruction, 90 % interval",
    "register": "registers, range over assumptions",
    "published": "published estimate",
    "table": "table of famines, one year",
}


def _row(measure: str, place: str, basis: str, by: str, value: Value) -> dict[str, Any]:
    low, high = value.range or value.value.ends
    return {
        "measure": measure, "famine": place, "basis": BASES[basis], "by": by,
        "value": value.value.median, "low": low, "high": high,
    }  # fmt: skip


def _case_rows(case: ComparedCase) -> Rows:
    place = f"{case.place} {case.window}"
    return [
        _row(key, place, v.basis, v.by, v)
        for key in PANELS
        for v in case.measures.get(key, ())
        if v.basis in BASES
    ]


def comparison_chart(made: Comparison) -> Chart | None:
    """Return the famines on one scale; the case itself stands first."""
    rows = [row for case in made.cases for row in _case_rows(case)]
    cases = {case.place for case in made.cases}
    rows += [
        {"measure": "p_score", "famine": f"{one.place} {one.year}", "basis": BASES["table"],
         "by": short(one.source), "value": one.p_score, "low": one.p_score, "high": one.p_score}
        for one in sorted(made.famines, key=lambda one: -one.p_score) if one.place not in cases
    ]  # fmt: skip
    if not rows:
        return None
    panels = [
        _panel([row for row in rows if row["measure"] == key], title)
        for key, title in PANELS.items()
        if any(row["measure"] == key for row in rows)
    ]
    return Chart(
        "compare_famines",
        "Other famines on the same scale",
        said("caption.compare_famines"),
        finish(alt.vconcat(*panels)),
        rows,
        "each case has its own window, registers and scenarios; published estimates that count births lost "
        "as deaths, or that are remembered, are left out",
        "; ".join(dict.fromkeys([*(c.title for c in made.cases), f"computed by dearth {__version__}"])),
    )  # fmt: skip


def _panel(rows: Rows, title: str) -> Any:
    order = list(dict.fromkeys(row["famine"] for row in rows))
    drawn = list(BASES.values())
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("famine:N", sort=order, title=None),
        color=alt.Color("basis:N", title=None, scale=alt.Scale(domain=drawn, range=list(COLOURS[:4]))),
        tooltip=["famine:N", "by:N", alt.Tooltip("value:Q", format=".3g"), "low:Q", "high:Q"],
    )
    spans = base.mark_rule(strokeWidth=3, opacity=0.4).encode(x=alt.X("low:Q", title=title), x2="high:Q")
    dots = base.mark_point(filled=True, size=40, opacity=0.9).encode(x="value:Q")
    return alt.layer(spans, dots).properties(width=WIDTH - 120, height=alt.Step(19))
