"""The specification curve: every choice at once, published estimates on the same axis."""

from typing import Any

import altair as alt

from dearth.case import labels
from dearth.case.labels import Labels
from dearth.estimate.assumption_text import assumption_text
from dearth.estimate.estimates import Estimates
from dearth.estimate.one_estimate import Estimate
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, citation, data, finish, unit
from dearth.show.language import said


def _curve_rows(estimates: list[Estimate], names: Labels, scale: float) -> Rows:
    rows: Rows = []
    for one in sorted(estimates, key=lambda one: one.excess_deaths.median):
        choice, (low, high) = one.choice, one.excess_deaths.ends
        rows.append({
            "rank": len(rows) + 1,
            "toll": one.excess_deaths.median / scale,
            "low": low / scale,
            "high": high / scale,
            "method": choice.method,
            "scenario": f"{names.short('series', choice.series)}, "
            f"{names.short('completeness', choice.completeness.name)}",
            "window": choice.window.name + (" (July to June)" if choice.window.kind == "july_june" else ""),
            "baseline": names.baseline(choice.baseline_name, one.counts),
        })  # fmt: skip
    return rows


def _published_rows(made: Estimates, scale: float) -> Rows:
    rows: Rows = []
    for one in made.published:
        row, span = one.stated, None if one.recomputed is None else one.recomputed.span
        held = [v for v in (row.low, row.central, row.high) if v is not None]
        exact = None if one.recomputed is None or span else one.recomputed.estimate.excess_deaths.median
        rows.append(
            {
                "author": f"{row['author']} {row['year']} ({row['window']})",
                "low": min(held) / scale,
                "high": max(held) / scale,
                # a range without a centre gets no dot: its middle is nobody's estimate
                "toll": _dot(row.central, held, scale),
                # a recipe that needs what no source states is a span, never one mark
                "recomputed": None if exact is None else exact / scale,
                "recomputed_low": span.low / scale if span else None,
                "recomputed_high": span.high / scale if span else None,
                "how": "recalled, not verified" if one.recalled else "published",
                "method": row["method"],
            }
        )
    return sorted(rows, key=lambda row: (row["low"] + row["high"]) / 2)


def _dot(central: float | None, held: list[float], scale: float) -> float | None:
    if central is None and len(held) > 1:
        return None
    return (held[0] if central is None else central) / scale


def _published_chart(rows: Rows, x: alt.X) -> Any:
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("author:N", sort=[row["author"] for row in rows], title=None,
                axis=alt.Axis(labelLimit=260, grid=True)),
        tooltip=["author:N", "toll:Q", "recomputed:Q", "method:N"],
    )  # fmt: skip
    faint = alt.condition("datum.how == 'published'", alt.value(1), alt.value(0.35))
    span = base.mark_rule(strokeWidth=3, color="#666").encode(x=x, x2="high:Q", opacity=faint)
    link = (
        base.transform_filter("isValid(datum.recomputed)")
        .mark_rule(strokeDash=[2, 2], color=COLOURS[1])
        .encode(x=alt.X("high:Q"), x2="recomputed:Q")
    )
    dots = base.transform_filter("isValid(datum.toll)").mark_point(size=55, filled=True, color="#222").encode(
        x=alt.X("toll:Q"),
        shape=alt.Shape(
            "how:N", title="published figure",
            scale=alt.Scale(domain=["published", "recalled, not verified"],
                            range=["circle", "triangle"]),
        ),
        opacity=faint,
    )  # fmt: skip
    made = (
        base.transform_filter("isValid(datum.recomputed)")
        .mark_point(shape="diamond", size=70, color=COLOURS[1], filled=False, strokeWidth=2)
        .encode(x=alt.X("recomputed:Q"))
    )
    spans = (
        base.transform_filter("isValid(datum.recomputed_low)")
        .mark_rule(strokeWidth=3, strokeDash=[4, 3], color=COLOURS[1])
        .encode(x=alt.X("recomputed_low:Q"), x2="recomputed_high:Q")
    )
    return alt.layer(span, link, dots, made, spans).properties(width=WIDTH - 220, height=16 * len(rows))


def specification_chart(made: Estimates) -> Chart | None:
    """Return the curve of all estimates in range, published ones below on the same axis."""
    if not made.estimates:
        return None
    names, estimates = labels.of(made.case), [one for one in made.estimates if one.in_range]
    scale, name = unit([one.excess_deaths.median for one in made.estimates])
    rows = _curve_rows(estimates, names, scale)
    published = _published_rows(made, scale)
    title = f"excess deaths, {name}"
    ends = [row["low"] for row in rows + published] + [row["high"] for row in rows + published]
    marks = ("recomputed", "recomputed_low", "recomputed_high")
    ends += [row[mark] for row in published for mark in marks if row[mark] is not None]
    domain = alt.Scale(domain=[min(0.0, *ends), max(ends)], nice=True)
    scenarios = list(dict.fromkeys(row["scenario"] for row in rows))
    colour = alt.Color(
        "scenario:N", title="register and completeness",
        scale=alt.Scale(domain=scenarios, range=[COLOURS[i % 8] for i in range(len(scenarios))]),
    )  # fmt: skip
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("rank:Q", title="estimate, by size", axis=alt.Axis(grid=False))
    )
    tips = ["scenario:N", "method:N", "baseline:N", "window:N", alt.Tooltip("toll:Q", format=".2f"),
            alt.Tooltip("low:Q", format=".2f"), alt.Tooltip("high:Q", format=".2f")]  # fmt: skip
    # thousands of marks: screen readers have the table, so none carries a text of its own
    bars = base.mark_rule(opacity=0.12, aria=False).encode(
        x=alt.X("low:Q", scale=domain, title=title), x2="high:Q", color=colour
    )
    dots = base.mark_circle(size=14, opacity=0.8, aria=False).encode(
        x=alt.X("toll:Q", scale=domain, title=title), color=colour, tooltip=tips
    )
    curve: Any = alt.layer(bars, dots).properties(width=WIDTH - 220 if published else WIDTH, height=320)
    if published:
        below = _published_chart(published, alt.X("low:Q", scale=domain, title=title))
        curve = alt.vconcat(curve, below, spacing=16).resolve_scale(x="shared")
    return Chart(
        "specification",
        "The specification curve: how excess deaths follow from the assumptions",
        said("caption.specification"),
        finish(curve),
        [_flat(one, one.label) for one in estimates],
        _label(rows),
        citation(made, sorted({one.choice.series for one in made.estimates})),
        table=[_flat(one, assumption_text(one.choice, names)) for one in estimates],
    )


def _label(rows: Rows) -> str:
    """Say what the whole curve has in common and what it varies."""
    methods = " and ".join(dict.fromkeys(row["method"] for row in rows))
    windows = ", ".join(dict.fromkeys(row["window"] for row in rows))
    return (
        f"excess deaths among persons born; {methods} method; windows {windows}; "
        f"{len({row['baseline'] for row in rows})} baselines on the corrected series; register and "
        "completeness as in the legend; every row of the CSV has its own label"
    )


def _flat(one: Estimate, label: str) -> dict[str, str | float | None]:
    figure = one.excess_deaths
    return {
        "excess_deaths": figure.median,
        "low": figure.low,
        "high": figure.high,
        "level": figure.level,
        "assumption_label": label,
    }
