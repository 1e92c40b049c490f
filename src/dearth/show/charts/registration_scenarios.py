"""The reconstruction: scenarios side by side, never averaged."""

from dataclasses import replace
from typing import Any

import altair as alt

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.numerics.interval import NORMAL_90, Interval
from dearth.reconstruction.posterior import ScenarioPosterior
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, citation, data, finish, labelled
from dearth.show.language import said
from dearth.show.largest_share import largest_share
from dearth.show.unknown_words import unknown_words

CONFLICTS = 10  # unknowns drawn of those that the records moved furthest
GROUPS = 10  # groups of unknowns drawn


def printed(made: Estimates) -> list[ScenarioPosterior]:
    """Return the scenarios that passed the gates, none where the case has no reconstruction."""
    return [] if made.posterior is None else made.posterior.printed


def read_rows(made: Estimates, rows: Rows) -> Rows:
    """Return rows with the labels of scenarios and places, and unknowns in words, as people read them."""
    return [
        {**row, "unknown": unknown_words(row["unknown"])} if "unknown" in row else row
        for row in labelled(rounded(rows), labels.of(made.case))
    ]


def rounded(rows: Rows) -> Rows:
    """Return rows whose figures have four digits, which is more than the draws carry."""
    return [
        {key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in row.items()}
        for row in rows
    ]


def ends(figure: Interval, size: float) -> dict[str, float]:
    """Return median, low and high of a figure in a unit of `size` persons."""
    low, high = figure.ends
    return {"median": figure.median / size, "low": low / size, "high": high / size}


def unit(made: Estimates) -> tuple[float, str]:
    """Return the unit of a figure, persons, and its word: by the size of the deaths."""
    most = max((row.deaths.median for one in printed(made) for row in one.rates), default=0.0)
    if most >= 1e6:
        return 1e6, "million persons"
    return (1e3, "thousand persons") if most >= 1e4 else (1.0, "persons")


def scenario_chart(
    made: Estimates, key: str, title: str, caption: str, spec: Any, rows: Rows, word: str
) -> Chart:
    """Return a chart of the reconstruction with its label, its sources and the unit of its rows."""
    names = labels.of(made.case)
    apart = ", ".join(names.scenario(one.name) for one in printed(made))
    rows = [{**row, "unit": word} for row in rounded(rows)]
    read = read_rows(made, rows)
    return Chart(
        key, title, caption, finish(spec), rows,
        f"posterior, central 90 %; declared registration scenarios, each fitted separately: {apart}",
        citation(made, ["reconstruction"]), table=read,
    )  # fmt: skip


def _spans(rows: Rows, y: alt.Y, x_title: str, height: int | alt.Step, width: int = WIDTH - 120) -> Any:
    """Draw medians with their intervals, a colour a scenario, scenarios side by side."""
    base = alt.Chart(data(rows)).encode(
        y=y, yOffset="scenario:N",
        color=alt.Color("scenario:N", title="scenario", scale=alt.Scale(range=COLOURS)),
        tooltip=[alt.Tooltip(f"{key}:{'Q' if isinstance(value, float) else 'N'}")
                 for key, value in rows[0].items()],
    )  # fmt: skip
    spans = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=alt.X("low:Q", title=x_title), x2="high:Q")
    dots = base.mark_point(filled=True, size=55).encode(x="median:Q")
    return alt.layer(spans, dots).properties(width=width, height=height)


def excess_by_year_chart(made: Estimates) -> Chart | None:
    """Excess deaths of each crisis year under each scenario."""
    size, word = unit(made)
    rows: Rows = [
        {"year": year, "scenario": one.name, **ends(figure, size)}
        for one in printed(made)
        for year, figure in one.by_year.items()
    ]
    if not rows:
        return None
    rows += [
        {"year": "window", "scenario": one.name, **ends(one.excess_deaths, size)}
        for one in printed(made)
        if one.excess_deaths is not None
    ]
    spec = _spans(read_rows(made, rows), alt.Y("year:N", title=None), f"excess deaths, {word}", alt.Step(18))
    found = largest_share([one.by_year for one in printed(made)])
    title = "" if found is None else f": {found[1]} of them in {found[0]}"
    return scenario_chart(
        made, "reconstruction_years", f"Reconstruction: excess deaths by year{title}",
        said("caption.reconstruction_years"),
        spec, rows, word,
    )  # fmt: skip


def excess_by_age_chart(made: Estimates) -> Chart | None:
    """Excess deaths by age under each scenario."""
    size, word = unit(made)
    rows: Rows = [
        {"age": age, "scenario": one.name, **ends(figure, size)}
        for one in printed(made)
        for age, figure in one.by_age.items()
    ]
    if not rows:
        return None
    order = list(printed(made)[0].by_age)
    spec = _spans(read_rows(made, rows), alt.Y("age:N", sort=order), f"excess deaths, {word}", alt.Step(18))
    found = largest_share([one.by_age for one in printed(made)])
    title = "" if found is None else f": {found[1]} of them at ages {found[0]}"
    return scenario_chart(
        made, "reconstruction_ages", f"Reconstruction: excess deaths by age{title}",
        said("caption.reconstruction_ages"),
        spec, rows, word,
    )  # fmt: skip


def true_registered_chart(made: Estimates) -> Chart | None:
    """Deaths as reconstructed against deaths as registered."""
    size, word = unit(made)
    rows: Rows = [
        {"year": row.year, "scenario": one.name,
         "registered": None if row.deaths_registered is None else row.deaths_registered / size,
         **ends(row.deaths, size)}
        for one in printed(made)
        for row in one.rates
    ]  # fmt: skip
    if not rows:
        return None
    base = alt.Chart(data(read_rows(made, rows))).encode(x=alt.X("year:O", title=None))
    colour = alt.Color("scenario:N", scale=alt.Scale(range=COLOURS))
    bands = base.mark_area(opacity=0.25).encode(
        y=alt.Y("low:Q", title=f"deaths, {word}"), y2="high:Q", color=colour
    )
    lines = base.mark_line().encode(y="median:Q", color=colour)
    points = base.mark_point(color="black", filled=True).encode(y="registered:Q")
    spec = alt.layer(bands, lines, points).properties(width=WIDTH, height=300)
    return scenario_chart(
        made, "reconstruction_registered", "Reconstruction: true and registered deaths",
        said("caption.reconstruction_registered"),
        spec, rows, word,
    )  # fmt: skip


def pyramid_chart(made: Estimates) -> Chart | None:
    """People by sex and age at the end, and as they would have been."""
    size, word = unit(made)
    rows: Rows = [
        {"scenario": one.name, "sex": cell.sex, "age": cell.age,
         "people": cell.people / size, "without_crisis": cell.without_crisis / size}
        for one in printed(made)
        for cell in one.pyramid
        if cell.age <= 90
    ]  # fmt: skip
    if not rows or made.posterior is None:
        return None
    year = made.posterior.years[-1] + 1
    panels = []
    for scenario, mine in _by_scenario(read_rows(made, rows)).items():
        # men to the left of the axis; the rows, the table and the CSV hold persons
        base = (
            alt.Chart(data(mine))
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
        panels.append(alt.layer(bars, would).properties(width=WIDTH // 2 - 40, height=300, title=scenario))
    return scenario_chart(
        made, "reconstruction_pyramid", f"Reconstruction: people by age, 1 January {year}",
        said("caption.reconstruction_pyramid"),
        alt.hconcat(*panels), rows, word,
    )  # fmt: skip


def _by_scenario(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row["scenario"], []).append(row)
    return found


def leave_one_out_chart(made: Estimates) -> Chart | None:
    """Draw excess deaths with each source of evidence left out in turn."""
    if not any(one.leave_one_source_out for one in printed(made)):
        return None
    size, word = unit(made)
    names = labels.of(made.case)
    kept = [(one, "nothing left out", one.excess_deaths) for one in printed(made)]
    left = [(one, row) for one in printed(made) for row in one.leave_one_source_out]
    rows: Rows = [
        {"without": without, "scenario": one.name, **ends(figure, size)}
        for one, without, figure in [*kept, *((one, _words(row.without), row.excess_deaths)
                                              for one, row in left)]
        if figure is not None
    ]  # fmt: skip
    refused = [
        f"{names.scenario(one.name)} without {_words(row.without)}" for one, row in left if row.refused
    ]
    told = (
        f" Not drawn, because the checks of convergence refused them: {'; '.join(refused)}."
        if refused
        else ""
    )
    order = list(dict.fromkeys(row["without"] for row in rows))
    y = alt.Y("without:N", title=None, sort=[order[0], *sorted(order[1:])])
    spec = _spans(read_rows(made, rows), y, f"excess deaths, {word}", alt.Step(18))
    return scenario_chart(
        made, "reconstruction_leave_one_source_out", "Excess deaths without each evidence source",
        f"One evidence source left out at a time. A large shift shows a source that matters.{told}",
        spec, rows, word,
    )  # fmt: skip


def _words(name: str) -> str:
    return name.replace("_", " ")


def sensitivity_chart(made: Estimates) -> Chart | None:
    """Draw the share of the variance of excess deaths that each group of unknowns explains."""
    rows: Rows = [
        {"unknown": name, "scenario": one.name, "share": value}
        for one in printed(made)
        for name, value in list(one.variance_shares.items())[:GROUPS]
    ]
    if not rows:
        return None
    spec = (
        alt.Chart(data(read_rows(made, rows)))
        .mark_bar()
        .encode(
            y=alt.Y("unknown:N", sort="-x", title=None), yOffset="scenario:N",
            x=alt.X("share:Q", title="share of the variance of excess deaths", axis=alt.Axis(format="%")),
            color=alt.Color("scenario:N", scale=alt.Scale(range=COLOURS)),
        )
        .properties(width=WIDTH - 220, height=alt.Step(9))
    )  # fmt: skip
    return scenario_chart(
        made, "reconstruction_variance", "Reconstruction: what excess deaths depend on",
        said("caption.reconstruction_variance"),
        spec, rows, "share of variance",
    )  # fmt: skip


def prior_posterior_chart(made: Estimates) -> Chart | None:
    """Where the records moved the unknowns furthest from their priors."""
    rows: Rows = []
    for one in printed(made):
        moved = sorted(one.prior_posterior, key=lambda row: -abs(row.mean_in_prior_sd))[:CONFLICTS]
        rows += [
            {"unknown": row.unknown, "scenario": one.name, "median": row.mean_in_prior_sd,
             "low": row.mean_in_prior_sd - NORMAL_90 * row.sd_ratio,
             "high": row.mean_in_prior_sd + NORMAL_90 * row.sd_ratio}
            for row in moved
        ]  # fmt: skip
    if not rows:
        return None
    spans = _spans(
        read_rows(made, rows), alt.Y("unknown:N", title=None), "posterior, in prior standard deviations",
        alt.Step(12), width=WIDTH - 220,
    )  # fmt: skip
    marks = alt.Chart(data([{"at": at} for at in (-2, 0, 2)]))
    spec = alt.layer(marks.mark_rule(strokeDash=[4, 3], color="#888").encode(x="at:Q"), spans)
    made_chart = scenario_chart(
        made, "reconstruction_prior", "Reconstruction: prior and posterior",
        said("caption.reconstruction_prior"),
        spec, rows, "prior standard deviations",
    )  # fmt: skip
    return replace(made_chart, label=f"{made_chart.label}; the interval is that of a normal distribution")
