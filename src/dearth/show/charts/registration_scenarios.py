"""The reconstruction: scenarios side by side, never averaged."""

from typing import Any

import altair as alt

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.numerics.interval import Interval
from dearth.reconstruction.posterior import ScenarioPosterior
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, citation, data, finish, labelled
from dearth.show.language import said
from dearth.show.largest_share import largest_share
from dearth.show.unknown_words import unknown_words


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


def spans(rows: Rows, y: alt.Y, x_title: str, height: int | alt.Step, width: int = WIDTH - 120) -> Any:
    """Draw medians with their intervals, a colour a scenario, scenarios side by side."""
    base = alt.Chart(data(rows)).encode(
        y=y, yOffset="scenario:N",
        color=alt.Color("scenario:N", title="scenario", scale=alt.Scale(range=COLOURS)),
        tooltip=[alt.Tooltip(f"{key}:{'Q' if isinstance(value, float) else 'N'}")
                 for key, value in rows[0].items()],
    )  # fmt: skip
    lines = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=alt.X("low:Q", title=x_title), x2="high:Q")
    dots = base.mark_point(filled=True, size=55).encode(x="median:Q")
    return alt.layer(lines, dots).properties(width=width, height=height)


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
    spec = spans(read_rows(made, rows), alt.Y("year:N", title=None), f"excess deaths, {word}", alt.Step(18))
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
    spec = spans(read_rows(made, rows), alt.Y("age:N", sort=order), f"excess deaths, {word}", alt.Step(18))
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
