"""Why: the shares of the causes, what other policies would have averted, and what information was worth."""

from typing import Any

import altair as alt

from dearth._version import __version__
from dearth.case.read import Case
from dearth.explain.explain import NOT_BLAME, VIOLENCE, Explanation
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.show.charts.fit_predictions import predictions_chart, scenario_words

OUTCOMES = {"excess_deaths": "excess deaths", "births_lost": "births lost", "grain_output": "grain lost"}
PRIORITY = "as it was"  # decisions of the centre for which the curves of information are drawn first


def explanation_charts(case: Case, made: Explanation) -> list[Chart]:
    """Return the charts of an explanation, in the order of the report."""
    makers = (shares_chart, interactions_chart, counterfactuals_chart, information_chart, predictions_chart)
    found = (maker(case, made) for maker in makers)
    return [chart for chart in found if chart is not None]


def label_of(case: Case, made: Explanation) -> str:
    """Return what every figure of an explanation assumes."""
    return (
        f"fitted simulation, registration scenario {scenario_words(case, made)}; {made.shares.draws} draws "
        f"of the fit; normal setting of the scenario. {NOT_BLAME} {VIOLENCE}"
    )


def _chart(case: Case, made: Explanation, key: str, title: str, caption: str, spec: Any, rows: Rows) -> Chart:
    return Chart(
        f"explain_{key}", title, caption, finish(spec), rows, label_of(case, made),
        cited(case, (), f"computed by dearth {__version__}"),
    )  # fmt: skip


def shares_chart(case: Case, made: Explanation) -> Chart | None:
    """Return the shares of the causes, largest first, each beside its share before the records."""
    rows = []
    for one in sorted(made.shares.causes, key=lambda cause: -_finite(cause.share.median)):
        for kind, share in (("after the records", one.share), ("before the records", one.prior_share)):
            low, high = share.ends
            rows.append({
                "cause": one.label, "draws": kind, "share": _percent(share.median), "low": _percent(low),
                "high": _percent(high), "assumption": one.assumption,
            })  # fmt: skip
    known = [row for row in rows if row["share"] is not None]
    if not known:
        return None
    first = max(made.shares.causes, key=lambda cause: _finite(cause.share.median))
    what = OUTCOMES[made.shares.outcome]
    return _chart(
        case, made, "shares",
        f"Largest share of the simulated {what}: {first.label}, {100 * first.share.median:.0f} %",
        f"Shapley values over all {made.shares.combinations:,} combinations of causes, as shares of the "
        "effect of all together; they add up to 100 %. Lines are central 90 % intervals. Where the records "
        "narrowed a share by less than a fifth, it is an assumption.",
        _intervals(known, "cause", "draws", "% of the effect of all causes"), rows,
    )  # fmt: skip


def interactions_chart(case: Case, made: Explanation) -> Chart | None:
    """Return the interaction index of each pair of causes."""
    found, scale, unit = made.shares, *_scale(made)
    rows: Rows = [
        {"cause": one.label, "with": other.label, "index": float(found.interactions[i, j]) / scale}
        for i, one in enumerate(found.causes)
        for j, other in enumerate(found.causes)
        if i != j
    ]
    if not rows:
        return None
    strongest = max(rows, key=lambda row: abs(row["index"]))
    doing = "more" if strongest["index"] > 0 else "less"
    names = [one.label for one in found.causes]
    most = abs(strongest["index"]) or 1.0
    spec = (
        alt.Chart(data(rows))
        .mark_rect()
        .encode(
            x=alt.X("with:N", title=None, sort=names, axis=alt.Axis(labelAngle=-45)),
            y=alt.Y("cause:N", title=None, sort=names),
            color=alt.Color(
                "index:Q",
                title=unit,
                scale=alt.Scale(domain=[-most, most], domainMid=0, scheme="blueorange"),
            ),
            tooltip=["cause:N", "with:N", alt.Tooltip("index:Q", format=",.3g")],
        )
        .properties(width=WIDTH * 0.6, height=WIDTH * 0.6)
    )
    return _chart(
        case, made, "interactions",
        f"{strongest['cause']} and {strongest['with']} did {doing} together than each alone",
        "Shapley interaction index, median over draws: positive where two causes together do more than the "
        "sum of each alone.",
        spec, rows,
    )  # fmt: skip


def counterfactuals_chart(case: Case, made: Explanation) -> Chart | None:
    """Return excess deaths that each other policy would have averted."""
    if not made.counterfactuals:
        return None
    ordered = sorted(made.counterfactuals, key=lambda one: -one.averted.median)
    rows = [
        {"policy": one.name.replace("_", " "), "averted": one.averted.median / 1e6,
         "low": one.averted.ends[0] / 1e6, "high": one.averted.ends[1] / 1e6,
         "what": one.summary.rstrip(".")}
        for one in ordered
    ]  # fmt: skip
    best = ordered[0]
    spec = _intervals(rows, "policy", None, "million excess deaths averted", "averted")
    return _chart(
        case, made, "counterfactuals",
        f"{best.summary.rstrip('.')}: {best.averted.median / 1e6:.1f} million excess deaths fewer",
        "Each policy is simulated with the same draws and the same weather as the history as it was. "
        "Negative numbers are deaths added. Lines are central 90 % intervals.",
        spec, rows,
    )  # fmt: skip


def information_chart(case: Case, made: Explanation) -> Chart | None:
    """Return excess deaths that audits and earlier relief would have averted, by their amount."""
    rows: Rows = [
        {"information": _information(one.kind), "amount": one.amount, "decisions": one.priority,
         "averted": one.averted.median / 1e6, "low": one.averted.ends[0] / 1e6,
         "high": one.averted.ends[1] / 1e6}
        for one in made.information
    ]  # fmt: skip
    curves = [row for row in rows if row["amount"] is not None]
    if not curves:
        return None
    panels = []
    for kind in dict.fromkeys(row["information"] for row in curves):
        mine = [row for row in curves if row["information"] == kind]
        base = alt.Chart(data(mine)).encode(
            x=alt.X("amount:Q", title=kind), color=alt.Color("decisions:N", title=None),
        )  # fmt: skip
        band = base.mark_area(opacity=0.15).encode(
            y=alt.Y("low:Q", title="million excess deaths averted"), y2="high:Q"
        )
        line = base.mark_line(point=True).encode(
            y="averted:Q", tooltip=["decisions:N", "amount:Q", alt.Tooltip("averted:Q", format=",.3g")]
        )
        panels.append(alt.layer(band, line).properties(width=WIDTH * 0.4, height=200))
    exact = next((row for row in rows if row["amount"] is None and row["decisions"] == PRIORITY), None)
    title = "What better information would have averted depends on what the centre does with it"
    if exact is not None:
        title = (
            f"Exact reports without other decisions: {exact['averted']:.1f} million excess deaths averted "
            f"({exact['low']:.1f} to {exact['high']:.1f})"
        )
    return _chart(
        case, made, "information", title,
        "Audits: chance that the true harvest of a commune is seen in a season. Earlier: months by which "
        "relief and imports begin sooner. Bands are central 90 % intervals; negative numbers are deaths "
        "added.",
        alt.hconcat(*panels), rows,
    )  # fmt: skip


def _intervals(rows: Rows, name: str, colour: str | None, title: str, value: str = "share") -> Any:
    """Return points with lines for intervals, a row for each name."""
    order = list(dict.fromkeys(row[name] for row in rows))
    encoding: dict[str, Any] = {"y": alt.Y(f"{name}:N", sort=order, title=None)}
    if colour is not None:
        kinds = list(dict.fromkeys(row[colour] for row in rows))
        encoding["yOffset"] = alt.YOffset(f"{colour}:N", sort=kinds)
        encoding["color"] = alt.Color(
            f"{colour}:N",
            title=None,
            sort=kinds,
            scale=alt.Scale(domain=kinds, range=[COLOURS[0], "#8a8a8a"]),
        )
    tips: list[Any] = [
        f"{name}:N",
        *(alt.Tooltip(f"{key}:Q", format=",.3g") for key in (value, "low", "high")),
    ]
    base = alt.Chart(data(rows)).encode(**encoding, tooltip=tips)
    spans = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=title), x2="high:Q")
    points = base.mark_point(filled=True, size=50, opacity=1).encode(x=f"{value}:Q")
    zero = alt.Chart(data([{"zero": 0}])).mark_rule(color="#888").encode(x="zero:Q")
    return alt.layer(zero, spans, points).properties(width=WIDTH * 0.7, height={"step": 26})


def _scale(made: Explanation) -> tuple[float, str]:
    unit = "t" if made.shares.unit == "t" else made.shares.unit
    return 1e6, f"million {unit}"


def _information(kind: str) -> str:
    return {"exact": "exact reports", "audits": "audits: chance a season", "earlier": "months earlier"}[kind]


def _finite(value: float) -> float:
    return value if value == value else float("-inf")


def _percent(value: float) -> float | None:
    return 100 * value if value == value else None
