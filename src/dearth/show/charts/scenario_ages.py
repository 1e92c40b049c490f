"""The reconstruction by year and age: excess deaths, and deaths true and registered."""

from typing import Any

import altair as alt

from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data
from dearth.show.charts.registration_scenarios import ends, printed, read_rows, scenario_chart, unit
from dearth.show.language import said


def _rows(made: Estimates) -> Rows:
    """Return every year and age group of every printed scenario, in the chart's unit."""
    size, _ = unit(made)
    found: Rows = []
    for scenario in printed(made):
        for cell in scenario.by_year_and_age:
            row: dict[str, Any] = {"scenario": scenario.name, "year": cell.year, "age": cell.age}
            figures = {"deaths": cell.deaths, "registered_in_their_year": cell.registered_in_their_year,
                       "excess_deaths": cell.excess_deaths}  # fmt: skip
            for name, figure in figures.items():
                parts = dict.fromkeys(("median", "low", "high")) if figure is None else ends(figure, size)
                row |= {f"{name}_{part}": value for part, value in parts.items()}
            row["registered"] = None if cell.registered is None else cell.registered / size
            found.append(row)
    return found


def _ages(made: Estimates) -> list[str]:
    return list(printed(made)[0].by_age)


def excess_by_year_and_age_chart(made: Estimates) -> Chart | None:
    """Excess deaths of each crisis year and age group, a panel for each scenario."""
    rows = [row for row in _rows(made) if row["excess_deaths_median"] is not None]
    if not rows:
        return None
    _, word = unit(made)
    read = read_rows(made, rows)
    panels = []
    most = max(abs(row["excess_deaths_median"]) for row in rows)
    for scenario in dict.fromkeys(row["scenario"] for row in read):
        mine = [row for row in read if row["scenario"] == scenario]
        base = alt.Chart(data(mine)).encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("age:N", sort=_ages(made)[::-1], title="age"),
            tooltip=[alt.Tooltip("year:O"), alt.Tooltip("age:N"),
                     *(alt.Tooltip(f"excess_deaths_{part}:Q", format=".3~s")
                       for part in ("median", "low", "high"))],
        )  # fmt: skip
        cells = base.mark_rect().encode(
            color=alt.Color(
                "excess_deaths_median:Q", title=f"excess deaths, {word}",
                scale=alt.Scale(scheme="blueorange", domain=[-most, most]),
            )
        )  # fmt: skip
        texts = base.mark_text(fontSize=12).encode(text=alt.Text("excess_deaths_median:Q", format=".2~f"))
        panels.append(alt.layer(cells, texts).properties(width=WIDTH // 2 - 60, height=180, title=scenario))
    kept = ("scenario", "year", "age", "excess_deaths_median", "excess_deaths_low", "excess_deaths_high")
    return scenario_chart(
        made, "reconstruction_year_ages", "Reconstruction: excess deaths by year and age",
        said("caption.reconstruction_year_ages"),
        alt.hconcat(*panels), [{key: row[key] for key in kept} for row in rows], word,
    )  # fmt: skip


def deaths_by_age_chart(made: Estimates) -> Chart | None:
    """Draw true deaths of every age group, those registered in their year, and those of the register."""
    rows = _rows(made)
    if not rows:
        return None
    _, word = unit(made)
    read = read_rows(made, rows)
    held = any(row["registered"] is not None for row in rows)
    panels: list[Any] = []
    for age in _ages(made):
        base = alt.Chart(data([row for row in read if row["age"] == age])).encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelOverlap=True))
        )
        colour = alt.Color("scenario:N", scale=alt.Scale(range=COLOURS))
        band = base.mark_area(opacity=0.25).encode(
            y=alt.Y("deaths_low:Q", title=f"deaths, {word}"), y2="deaths_high:Q", color=colour
        )
        true = base.mark_line().encode(y="deaths_median:Q", color=colour)
        booked = base.mark_line(strokeDash=[4, 3]).encode(y="registered_in_their_year_median:Q", color=colour)
        points = base.mark_point(color="black", filled=True, size=18).encode(y="registered:Q")
        layers = [band, true, booked, *([points] if held else [])]
        panels.append(
            alt.layer(*layers).properties(width=WIDTH // 3 - 50, height=130, title=f"deaths at {age}")
        )
    told = (
        "black points are the deaths of the register"
        if held
        else "the register has no deaths by age, so no points can be drawn"
    )
    return scenario_chart(
        made, "reconstruction_deaths_ages", "Reconstruction: deaths by year and age, true and registered",
        "Lines and bands: true deaths; dashed: deaths registered in the year they happened, without late "
        f"registration and removed entries; {told}. Each panel has its own scale.",
        alt.concat(*panels, columns=3).resolve_scale(y="independent"), rows, word,
    )  # fmt: skip
