"""Rates over time: births and deaths apart, rival series, harvest years."""

import altair as alt

from dearth.case import labels
from dearth.estimate.assumption_text import assumption_text
from dearth.estimate.document import plain
from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, citation, data, finish, labelled, unit
from dearth.show.language import said

_KINDS = {
    "deaths": (
        ("cdr", "as corrected"),
        ("cdr_registered", "as registered"),
        ("normal_cdr", "normal"),
    ),
    "births": (("cbr", "as corrected"), ("normal_cbr", "normal")),
}


def births_deaths_chart(made: Estimates) -> Chart | None:
    """Return two panels: deaths and births against their normal rates, never summed."""
    if made.default is None or not made.default_rates:
        return None
    choice, names = made.default.choice, labels.of(made.case)
    years: Rows = plain(made.default_rates)
    rows = [
        {"panel": panel, "year": row["year"], "which": which, "rate": row[column]}
        for panel, columns in _KINDS.items()
        for column, which in columns
        for row in years
        if row[column] is not None
    ]
    colours = alt.Scale(domain=["as corrected", "as registered", "normal"],
                        range=[COLOURS[0], COLOURS[5], COLOURS[1]])  # fmt: skip
    panels = []
    for panel in _KINDS:
        mine = [row for row in rows if row["panel"] == panel]
        panels.append(
            alt.Chart(data(mine), title=panel)
            .mark_line(point=True)
            .encode(
                x=alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1)),
                y=alt.Y("rate:Q", title=f"{panel} per 1000"),
                color=alt.Color("which:N", title=None, scale=colours),
                strokeDash=alt.StrokeDash(
                    "which:N", title=None,
                    scale=alt.Scale(domain=["as corrected", "as registered", "normal"],
                                    range=[[1, 0], [2, 2], [6, 3]])),
                tooltip=["year:Q", "which:N", alt.Tooltip("rate:Q", format=".2f")],
            )
            .properties(width=WIDTH, height=190)
        )  # fmt: skip
    return Chart(
        "births_deaths",
        "Births and deaths apart",
        said("caption.births_deaths"),
        finish(alt.vconcat(*panels)),
        rows,
        f"{assumption_text(choice, names)}; normal births: {names.baseline(choice.birth_baseline.name)}",
        citation(made, [choice.series]),
    )


def rival_chart(made: Estimates) -> Chart | None:
    """Crude death and birth rates of every rival series."""
    rows: Rows = [
        {"panel": panel, "year": row.year, "series": row.series, "rate": rate, "quality": row.quality}
        for column, panel in (("cdr", "crude death rate"), ("cbr", "crude birth rate"))
        for row in made.rival_rates
        for rate in (row.cdr if column == "cdr" else row.cbr,)
        if rate is not None
    ]
    if not rows:
        return None
    read = labelled(rows, labels.of(made.case))
    names = list(dict.fromkeys(row["series"] for row in read))
    palette = [COLOURS[i % 8] for i in range(len(names))]
    colour = alt.Color("series:N", title=None, scale=alt.Scale(domain=names, range=palette))
    panels = [
        alt.Chart(data([r for r in read if r["panel"] == panel]), title=panel)
        .mark_line(point=True)
        .encode(
            x=alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1)),
            y=alt.Y("rate:Q", title="per 1000"),
            color=colour,
            shape=alt.Shape("series:N", title=None, scale=alt.Scale(domain=names)),
            tooltip=["series:N", "year:Q", "rate:Q", "quality:N"],
        )
        .properties(width=WIDTH, height=210)
        for panel in ("crude death rate", "crude birth rate")
        if any(r["panel"] == panel for r in rows)
    ]
    first, last = min(r["year"] for r in rows), max(r["year"] for r in rows)
    return Chart(
        "rival_series",
        f"Rival series, {first}-{last}",
        said("caption.rival_series"),
        finish(alt.vconcat(*panels)),
        rows,
        "as in the evidence, uncorrected",
        citation(made),
        table=read,
    )


def harvest_chart(made: Estimates) -> Chart | None:
    """Excess deaths of July-June years, published ones beside."""
    found, names = made.harvest_years, labels.of(made.case)
    if not found:
        return None
    scale, name = unit([row.excess_deaths for row in found])
    rows: Rows = [
        {"year": row.year, "series": row.series, "excess_deaths": row.excess_deaths,
         "assumption_label": row.choice.label}
        for row in found
    ]  # fmt: skip
    stated = {(row.year, k): v for row in found for k, v in row.published.items()}
    published: Rows = [
        {"year": year, "series": k, "excess_deaths": v, "assumption_label": "as published"}
        for (year, k), v in stated.items()
    ]
    read = [
        {**row, "assumption_label": assumption_text(one.choice, names)}
        for row, one in zip(labelled(rows, names), found, strict=True)
    ]
    read += [{**row, "series": f"{row['series']} (published)"} for row in labelled(published, names)]
    rows += [{**row, "series": f"{row['series']} (published)"} for row in published]
    series = list(dict.fromkeys(row["series"] for row in read))
    chart = (
        alt.Chart(data([{**row, "value": row["excess_deaths"] / scale} for row in read]))
        .mark_bar()
        .encode(
            x=alt.X("year:N", title="July to June", axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("series:N", sort=series),
            y=alt.Y("value:Q", title=f"excess deaths, {name}"),
            color=alt.Color("series:N", title=None,
                            scale=alt.Scale(domain=series,
                                            range=[COLOURS[i % 8] for i in range(len(series))])),
            tooltip=["year:N", "series:N", alt.Tooltip("value:Q", format=".3f")],
        )
        .properties(width=WIDTH, height=240)
    )  # fmt: skip
    return Chart(
        "july_june",
        "Harvest years, July to June",
        said("caption.july_june"),
        finish(chart),
        rows,
        "default baseline of the case, each register at completeness as declared",
        citation(made, sorted({row.series for row in found})),
        table=read,
    )
