"""The chart of the first screen: deaths a year, and published estimates beside the scenarios."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.reconstruction.posterior import ScenarioPosterior
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, citation, data, finish
from dearth.show.language import Language
from dearth.show.language import language as words_of
from dearth.show.published_lines import published_lines

AROUND = 8  # years drawn before and after the window
APART = 0.045  # of the height of the right panel: labels nearer to each other than that are not written
MARKS_WIDTH = 210


@dataclass(frozen=True)
class _Unit:
    size: float
    word: str


def _unit(most: float, say: Language) -> _Unit:
    if most >= 1e6:
        return _Unit(1e6, say("unit.million"))
    return _Unit(1e3, say("unit.thousand")) if most >= 1e4 else _Unit(1.0, say("unit.one"))


def first_chart(made: Estimates, language: str = "en") -> Chart | None:
    """Return the chart; None for a case without yearly deaths."""
    say = words_of(language)
    scenarios = [] if made.posterior is None else made.posterior.printed
    rows = _scenario_rows(made, scenarios, say) if scenarios else _register_rows(made, say)
    if not rows:
        return None
    most = max(row["high"] for row in rows)
    unit = _unit(most, say)
    beside = _excess_rows(made, scenarios, say)
    wide = _unit(max((abs(row["high"]) for row in beside), default=0.0), say)
    panels = [_years(_scaled(rows, unit.size), unit.word, say)]
    if beside:
        panels.append(_marks(_scaled(beside, wide.size), wide.word, say))
    caption = "chart.caption" if scenarios else "chart.caption_registers"
    assumed = "; ".join(dict.fromkeys(row["series"] for row in rows))
    registers = [] if made.default is None else [made.default.choice.series]
    spec = alt.hconcat(*panels, spacing=24).resolve_scale(color="independent")
    return Chart(
        "deaths_a_year",
        say("chart.title"),
        say(caption),
        finish(spec),
        [*rows, *beside],
        f"each apart and never averaged: {assumed}",
        f"{citation(made, registers)}; published estimates as the report lists them",
    )


def _scaled(rows: Rows, size: float) -> Rows:
    keys = ("median", "low", "high", "registered", "normal")
    return [{**row, **{key: row[key] / size for key in keys if row.get(key) is not None}} for row in rows]


def _scenario_rows(made: Estimates, scenarios: list[ScenarioPosterior], say: Language) -> Rows:
    """Return deaths by year and scenario, persons; the normal level in the years of the window."""
    names = labels.of(made.case)
    years = _years_drawn([row.year for row in scenarios[0].rates], list(scenarios[0].by_year))
    rows: Rows = []
    for one in scenarios:
        for row in one.rates:
            if row.year not in years:
                continue
            low, high = row.deaths.ends
            excess = one.by_year.get(str(row.year))
            rows.append({
                "year": row.year, "series": say.name(names.scenario(one.name)),
                "median": row.deaths.median, "low": low, "high": high,
                "registered": row.deaths_registered,
                "normal": None if excess is None else row.deaths.median - excess.median,
            })  # fmt: skip
    return rows


def _years_drawn(known: list[int], crisis: list[str]) -> set[int]:
    inside = [int(year[:4]) for year in crisis] or known
    return {year for year in known if min(inside) - AROUND <= year <= max(inside) + AROUND}


def _register_rows(made: Estimates, say: Language) -> Rows:
    """Return deaths by year of the default estimate, persons."""
    if made.default is None:
        return []
    name = labels.of(made.case).series(made.default.choice.series)
    return [
        {"year": row.year, "series": say.name(name), "median": row.cdr * row.person_years / 1000,
         "low": row.cdr * row.person_years / 1000, "high": row.cdr * row.person_years / 1000,
         "registered": None if row.cdr_registered is None else row.cdr_registered * row.person_years / 1000,
         "normal": None if row.normal_cdr is None else row.normal_cdr * row.person_years / 1000}
        for row in made.default_rates
        if row.cdr is not None and row.person_years is not None
    ]  # fmt: skip


def _excess_rows(made: Estimates, scenarios: list[ScenarioPosterior], say: Language) -> Rows:
    """Return excess deaths of the window: scenarios or the default estimate, and published estimates."""
    names = labels.of(made.case)
    ours: list[tuple[str, Any]] = [
        (names.scenario(one.name), one.excess_deaths) for one in scenarios if one.excess_deaths is not None
    ]
    if not ours and made.default is not None:
        ours = [(names.series(made.default.choice.series), made.default.excess_deaths)]
    rows: Rows = [
        {"kind": "ours", "series": say.name(name), "median": f.median, "low": f.ends[0], "high": f.ends[1]}
        for name, f in ours
    ]
    for line in published_lines(made.published):
        if not line.estimate.recalled:
            low, high = line.estimate.stated.span
            rows.append(
                {"kind": "published", "series": line.name, "median": line.middle, "low": low, "high": high}
            )
    return rows


def _years(rows: Rows, unit: str, say: Language) -> Any:
    order = list(dict.fromkeys(row["series"] for row in rows))
    colour = alt.Color(
        "series:N", title=None, sort=order,
        scale=alt.Scale(domain=order, range=[COLOURS[i % 8] for i in range(len(order))]),
        legend=alt.Legend(orient="bottom", direction="vertical", columns=1),
    )  # fmt: skip
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1, grid=False),
              scale=alt.Scale(nice=False))  # fmt: skip
    base = alt.Chart(data(rows)).encode(x=x)
    y = alt.Y("low:Q", title=say("chart.deaths", unit=unit), scale=alt.Scale(zero=True))
    bands = base.mark_area(opacity=0.2).encode(y=y, y2="high:Q", color=colour)
    lines = base.mark_line(strokeWidth=2).encode(y="median:Q", color=colour)
    known = base.transform_filter("isValid(datum.normal)")
    normal = known.mark_line(strokeDash=[5, 3], strokeWidth=1.5).encode(y="normal:Q", color=colour)
    dots = (
        base.transform_filter("isValid(datum.registered)")
        .mark_point(filled=True, color="black", size=36, opacity=1)
        .encode(y="registered:Q", tooltip=["year:Q", alt.Tooltip("registered:Q", format=".3g")])
    )
    notes = alt.layer(*_notes(rows, x, say))
    return alt.layer(bands, normal, lines, dots, notes).properties(width=WIDTH - 130, height=260)


def _notes(rows: Rows, x: alt.X, say: Language) -> list[Any]:
    """Return the words that stand on the chart: beside a registered dot, and beside the normal level."""
    found = []
    dotted = [row for row in rows if row.get("registered") is not None]
    normal = [row for row in rows if row.get("normal") is not None]
    if dotted:
        found.append(({**min(dotted, key=lambda r: r["year"])}, "registered", say("chart.registered"), -12))
    if normal:
        found.append(({**max(normal, key=lambda r: r["year"])}, "normal", say("chart.normal"), 12))
    return [
        alt.Chart(data([{"year": row["year"], "at": row[key], "text": text}]))
        .mark_text(align="left" if key == "registered" else "right", dy=down, fontSize=12, color="#333")
        .encode(x=x, y="at:Q", text="text:N")
        for row, key, text, down in found
    ]


def _marks(rows: Rows, unit: str, say: Language) -> Any:
    ours = [row for row in rows if row["kind"] == "ours"]
    others = [row for row in rows if row["kind"] == "published"]
    order = [row["series"] for row in ours]
    axis = alt.Axis(orient="right", grid=True)
    y = alt.Y("median:Q", title=say("chart.excess", unit=unit), axis=axis, scale=alt.Scale(zero=True))
    scale = alt.Scale(domain=order, range=[COLOURS[i % 8] for i in range(len(order))])
    colour = alt.Color("series:N", scale=scale, legend=None)
    at = [{**row, "x": 0.25 + 0.25 * i / max(1, len(ours))} for i, row in enumerate(ours)]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(data(at)).encode(x=x, color=colour)
    spans = base.mark_rule(strokeWidth=4, opacity=0.45).encode(y=alt.Y("low:Q"), y2="high:Q")
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(y=y, tooltip=["series:N", "median:Q"])
    layers = [spans, dots]
    if others:
        grey = alt.Chart(data([{**row, "x": 0.02} for row in others])).encode(x=x)
        layers.append(grey.mark_tick(orient="horizontal", color="#777", thickness=2, width=16).encode(
            y=y, tooltip=["series:N", alt.Tooltip("median:Q", format=".3g")]))  # fmt: skip
        named = alt.Chart(data([{**row, "x": 0.5} for row in _apart(others)])).encode(x=x, y=y)
        layers.append(
            named.mark_text(align="left", fontSize=12, color="#555", limit=115).encode(text="series:N")
        )
    return alt.layer(*layers).properties(width=MARKS_WIDTH, height=260)


def _apart(rows: Rows) -> Rows:
    """Return the published estimates whose names have room: the highest and the lowest first."""
    ordered = sorted(rows, key=lambda row: -row["median"])
    reach = max(1e-9, ordered[0]["median"] - min(0.0, ordered[-1]["median"]))
    kept: Rows = []
    for row in (ordered[0], ordered[-1], *ordered):
        if all(abs(row["median"] - one["median"]) > APART * reach for one in kept):
            kept.append(row)
    return kept
