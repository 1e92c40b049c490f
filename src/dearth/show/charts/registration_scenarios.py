"""The reconstruction: scenarios side by side, never averaged."""

from typing import Any

import altair as alt

from dearth.show.charts.base import COLOURS, WIDTH, Chart, Document, Rows, citation, data, finish


def printed_readings(document: Document) -> list[dict[str, Any]]:
    """Return the scenarios that passed the gates, none where the case has no reconstruction."""
    held = document.get("reconstruction") or {"scenarios": []}
    return [scenario for scenario in held["scenarios"] if not scenario["refused"]]


def _label(document: Document) -> str:
    names = ", ".join(scenario["name"] for scenario in printed_readings(document))
    return f"posterior, central 90 %; declared scenarios of registration, each apart: {names}"


def _spans(rows: Rows, y: alt.Y, x_title: str, height: int | alt.Step) -> Any:
    """Draw medians with their intervals, a colour a scenario, scenarios side by side."""
    base = alt.Chart(data(rows)).encode(
        y=y, yOffset="scenario:N",
        color=alt.Color("scenario:N", title="scenario", scale=alt.Scale(range=COLOURS)),
        tooltip=[alt.Tooltip(f"{key}:{'Q' if isinstance(value, float) else 'N'}")
                 for key, value in rows[0].items()],
    )  # fmt: skip
    spans = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=alt.X("low:Q", title=x_title), x2="high:Q")
    dots = base.mark_point(filled=True, size=55).encode(x="median:Q")
    return alt.layer(spans, dots).properties(width=WIDTH - 120, height=height)


def unit(document: Document) -> tuple[float, str]:
    """Return the persons a figure is told in, and their word: by the size of the deaths."""
    deaths = [row["deaths"]["median"] for r in printed_readings(document) for row in r["rates"]]
    most = max(deaths, default=0.0)
    return (
        (1e6, "million persons")
        if most >= 1e6
        else (1e3, "thousand persons")
        if most >= 1e4
        else (1, "persons")
    )


def _rows(document: Document, field: str, column: str) -> Rows:
    size, _ = unit(document)
    return [
        {
            column: key,
            "scenario": scenario["name"],
            **{k: v / size for k, v in figure.items() if k != "level"},
        }
        for scenario in printed_readings(document)
        for key, figure in scenario[field].items()
    ]


def reading_chart(
    document: Document, key: str, title: str, caption: str, spec: Any, rows: Rows, word: str
) -> Chart:
    """Return a chart of the reconstruction with its label, its sources and the unit of its rows."""
    return Chart(
        key, title, caption, finish(spec), [{**row, "unit": word} for row in rows], _label(document),
        citation(document, ["reconstruction"]),
    )  # fmt: skip


def excess_by_year_chart(document: Document) -> Chart | None:
    """Excess deaths of each crisis year under each scenario."""
    size, word = unit(document)
    rows = _rows(document, "by_year", "year")
    if not rows:
        return None
    rows += [
        {"year": "window", "scenario": r["name"],
         **{k: v / size for k, v in r["excess_deaths"].items() if k != "level"}}
        for r in printed_readings(document)
    ]  # fmt: skip
    spec = _spans(rows, alt.Y("year:N", title=None), f"excess deaths, {word}", alt.Step(18))
    return reading_chart(
        document, "reconstruction_years", "Reconstruction: excess deaths by year",
        "Persons actually born who died beyond the normal death rates of their age. Scenarios of the same "
        "records, declared beforehand; the distance between them cannot be averaged away.",
        spec, rows, word,
    )  # fmt: skip


def excess_by_age_chart(document: Document) -> Chart | None:
    """Excess deaths by age under each scenario."""
    _, word = unit(document)
    rows = _rows(document, "by_age", "age")
    if not rows:
        return None
    order = list(printed_readings(document)[0]["by_age"])
    spec = _spans(rows, alt.Y("age:N", sort=order), f"excess deaths, {word}", alt.Step(18))
    return reading_chart(
        document, "reconstruction_ages", "Reconstruction: excess deaths by age",
        "The age pattern has a prior and none is hard-wired; where no deaths by age were kept, it comes "
        "from the cohorts later censuses found missing.",
        spec, rows, word,
    )  # fmt: skip


def true_registered_chart(document: Document) -> Chart | None:
    """Deaths as reconstructed against deaths as registered."""
    size, word = unit(document)
    rows = [
        {"year": row["year"], "scenario": scenario["name"], "registered": row["deaths_registered"],
         **{k: v / size for k, v in row["deaths"].items() if k != "level"}}
        for scenario in printed_readings(document)
        for row in scenario["rates"]
    ]  # fmt: skip
    if not rows:
        return None
    for row in rows:
        row["registered"] = None if row["registered"] is None else row["registered"] / size
    base = alt.Chart(data(rows)).encode(x=alt.X("year:O", title=None))
    colour = alt.Color("scenario:N", scale=alt.Scale(range=COLOURS))
    bands = base.mark_area(opacity=0.25).encode(
        y=alt.Y("low:Q", title=f"deaths, {word}"), y2="high:Q", color=colour
    )
    lines = base.mark_line().encode(y="median:Q", color=colour)
    points = base.mark_point(color="black", filled=True).encode(y="registered:Q")
    spec = alt.layer(bands, lines, points).properties(width=WIDTH, height=300)
    return reading_chart(
        document, "reconstruction_registered", "Reconstruction: true against registered deaths",
        "Black points are what the register holds; lines and bands what happened, under each scenario.",
        spec, rows, word,
    )  # fmt: skip


def pyramid_chart(document: Document) -> Chart | None:
    """People by sex and age at the end, and as they would have been."""
    size, word = unit(document)
    rows = [
        {"scenario": scenario["name"], "sex": cell["sex"], "age": cell["age"],
         "people": cell["people"] / size, "without_crisis": cell["without_crisis"] / size}
        for scenario in printed_readings(document)
        for cell in scenario["pyramid"]
        if cell["age"] <= 90
    ]  # fmt: skip
    if not rows:
        return None
    year = document["reconstruction"]["years"][-1] + 1
    panels = []
    for scenario in printed_readings(document):
        # men to the left of the axis; the rows, the table and the CSV hold persons
        base = (
            alt.Chart(data([r for r in rows if r["scenario"] == scenario["name"]]))
            .transform_calculate(
                side="datum.sex === 'female' ? datum.people : -datum.people",
                other="datum.sex === 'female' ? datum.without_crisis : -datum.without_crisis",
            )
            .encode(y=alt.Y("age:Q", title="age"))
        )
        bars = base.mark_bar(size=3.4, orient="horizontal").encode(
            x=alt.X("side:Q", title=f"men | women, {word}, a year of age"),
            color=alt.Color("sex:N", scale=alt.Scale(range=list(COLOURS[2:4]))),
        )
        would = base.mark_line(color="black", strokeWidth=1.2).encode(
            x="other:Q", detail="sex:N", order="age:Q"
        )
        panels.append(
            alt.layer(bars, would).properties(width=WIDTH // 2 - 40, height=300, title=scenario["name"])
        )
    return reading_chart(
        document, "reconstruction_pyramid", f"Reconstruction: people by age, 1 January {year}",
        "Bars: as reconstructed; black lines: without the crisis. The dent is both children never born and "
        "children who died; it is not a toll.",
        alt.hconcat(*panels), rows, word,
    )  # fmt: skip


def ladder_chart(document: Document) -> Chart | None:
    """Draw the toll with each source of evidence dropped in turn."""
    size, word = unit(document)
    rows = [
        {"without": source["without"].replace("_", " "), "scenario": scenario["name"],
         **{k: v / size for k, v in source["excess_deaths"].items() if k != "level"}}
        for scenario in printed_readings(document)
        for source in [{**scenario, "without": " nothing dropped"}, *scenario["leave_one_source_out"]]
        if source["excess_deaths"]
    ]  # fmt: skip
    if not any(scenario["leave_one_source_out"] for scenario in printed_readings(document)):
        return None
    refused = [
        f"{scenario['name']} without {source['without'].replace('_', ' ')}"
        for scenario in printed_readings(document)
        for source in scenario["leave_one_source_out"]
        if source["refused"]
    ]
    told = f" Refused by the gates, so not drawn: {'; '.join(refused)}." if refused else ""
    spec = _spans(rows, alt.Y("without:N", title=None), f"excess deaths, {word}", alt.Step(18))
    return reading_chart(
        document, "reconstruction_leave_one_source_out", "Excess deaths without each evidence source",
        f"One evidence source left out at a time. A large shift shows a source that matters.{told}",
        spec, rows, word,
    )  # fmt: skip


def sensitivity_chart(document: Document) -> Chart | None:
    """Draw the share of the toll's variance each group of unknowns explains."""
    rows = [
        {"unknown": name.replace("_", " "), "scenario": scenario["name"], "share": value}
        for scenario in printed_readings(document)
        for name, value in list(scenario["variance_shares"].items())[:10]
    ]
    if not rows:
        return None
    spec = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            y=alt.Y("unknown:N", sort="-x", title=None), yOffset="scenario:N",
            x=alt.X("share:Q", title="share of the toll's variance", axis=alt.Axis(format="%")),
            color=alt.Color("scenario:N", scale=alt.Scale(range=COLOURS)),
        )
        .properties(width=WIDTH - 160, height=alt.Step(9))
    )  # fmt: skip
    return reading_chart(
        document, "reconstruction_variance", "Reconstruction: what the toll hangs on",
        "Share of the toll's variance a linear fit on one group of unknowns alone explains. Groups move "
        "together after the data, so the shares need not add to one.",
        spec, rows, "share of variance",
    )  # fmt: skip


def prior_posterior_chart(document: Document) -> Chart | None:
    """Where the records moved the unknowns furthest from their priors."""
    rows: Rows = []
    for scenario in printed_readings(document):
        moved = sorted(scenario["prior_posterior"], key=lambda row: -abs(row["mean_in_prior_sd"]))[:15]
        rows += [
            {"unknown": row["unknown"], "scenario": scenario["name"], "median": row["mean_in_prior_sd"],
             "low": row["mean_in_prior_sd"] - 1.645 * row["sd_ratio"],  # as a normal would have it
             "high": row["mean_in_prior_sd"] + 1.645 * row["sd_ratio"]}
            for row in moved
        ]  # fmt: skip
    if not rows:
        return None
    spans = _spans(
        rows, alt.Y("unknown:N", title=None), "posterior, in prior standard deviations", alt.Step(12)
    )
    marks = alt.Chart(data([{"at": at} for at in (-2, 0, 2)]))
    spec = alt.layer(marks.mark_rule(strokeDash=[4, 3], color="#888").encode(x="at:Q"), spans)
    return reading_chart(
        document, "reconstruction_prior", "Reconstruction: prior and posterior",
        "The unknowns moved furthest by the records; the prior of each is 0 with a deviation of 1 "
        "(dashed lines: 0 and 2 either way). Points are means, lines 1.645 posterior deviations either way; "
        "in their own units prior and posterior stand in --json. Beyond 2 a warning is given.",
        spec, rows, "prior standard deviations",
    )  # fmt: skip
