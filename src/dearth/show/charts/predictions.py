"""What the records changed, how well a posterior predicts them, and cohorts."""

import altair as alt

from dearth.case.years import window_years
from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data
from dearth.show.charts.registration_scenarios import ends, printed, read_rows, scenario_chart, unit
from dearth.show.language import said

BEFORE, AFTER = 2, 1  # years of birth before and after the window that the chart of cohorts shows


def toll_prior_chart(made: Estimates) -> Chart | None:
    """Draw excess deaths before the records beside those after them, under each scenario."""
    size, word = unit(made)
    rows: Rows = []
    for one in printed(made):
        for when, figure in (("before", one.prior_excess_deaths), ("after", one.excess_deaths)):
            if figure is not None:
                rows.append({"scenario": one.name, "records": when, **ends(figure, size)})
    if not rows:
        return None
    base = alt.Chart(data(read_rows(made, rows))).encode(
        y=alt.Y("scenario:N", title=None), yOffset=alt.YOffset("records:N", sort=["before", "after"]),
        color=alt.Color("records:N", title="records", sort=["before", "after"],
                        scale=alt.Scale(range=["#999", COLOURS[0]])),
    )  # fmt: skip
    spans = base.mark_rule(strokeWidth=4).encode(
        x=alt.X("low:Q", title=f"excess deaths, {word}"), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=60).encode(x="median:Q")
    spec = alt.layer(spans, dots).properties(width=WIDTH - 120, height=alt.Step(16))
    return scenario_chart(
        made, "reconstruction_prior_toll", "Reconstruction: excess deaths before and after the records",
        said("caption.reconstruction_prior_toll"),
        spec, rows, word,
    )  # fmt: skip


def cohorts_chart(made: Estimates) -> Chart | None:
    """Draw people counted by year of birth over what each scenario's posterior says should be counted."""
    if made.posterior is None:
        return None
    window = window_years(made.case.settings.window)
    first, last = min(window) - BEFORE, max(window) + AFTER
    rows: Rows = []
    for one in printed(made):
        for figure in one.predicted_figures:
            born = figure.born_from
            if born is None or figure.born_to is None or figure.predicted.median <= 0:
                continue
            if figure.born_to < first or born > last:
                continue
            low, high = figure.predicted.ends
            rows.append({
                "scenario": one.name, "counted in": f"{figure.year:g}", "born": (born + figure.born_to) / 2,
                "counted over predicted": figure.observed / figure.predicted.median,
                "low": low / figure.predicted.median,
                "high": high / figure.predicted.median,
            })  # fmt: skip
    if not rows:
        return None
    base = alt.Chart(data(read_rows(made, rows))).encode(
        x=alt.X("born:Q", title="year of birth", axis=alt.Axis(format="d"), scale=alt.Scale(zero=False)),
        color=alt.Color("scenario:N", scale=alt.Scale(range=COLOURS)),
    )  # fmt: skip
    band = base.mark_rule(opacity=0.35, strokeWidth=3).encode(
        y=alt.Y("low:Q", title="counted over predicted", scale=alt.Scale(zero=False)), y2="high:Q"
    )
    dots = base.mark_point(filled=True, size=30).encode(y="counted over predicted:Q")
    spec = (
        alt.layer(band, dots)
        .properties(width=WIDTH - 160, height=110)
        .facet(row=alt.Row("counted in:N", title="counted in"))
    )
    return scenario_chart(
        made, "reconstruction_cohorts", "Reconstruction: cohorts as counted and as predicted",
        said("caption.reconstruction_cohorts"),
        spec, rows, "ratio",
    )  # fmt: skip
