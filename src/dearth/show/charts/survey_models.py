"""Charts of the models of surveys: rates with what a survey loses, and rates by district and month."""

from collections.abc import Iterator
from typing import Any

import altair as alt

from dearth._version import __version__
from dearth.estimate.estimates import Estimates
from dearth.estimate.surveys.estimates import CRUDE, SurveyEstimates
from dearth.estimate.surveys.losses import TITLES
from dearth.numerics.interval import Interval
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.show.charts.surveys import group_words, surveys_of
from dearth.show.language import said

STEP = 20  # pixels of a row
RATE = "deaths per 10,000 people a day (95 % interval)"


def survey_losses_chart(made: Estimates) -> Chart | None:
    """Draw the crude rate by the design, by the model, with each declared loss, and with all of them."""
    rows: Rows = [row for survey in surveys_of(made) for row in _losses(survey)]
    if not rows:
        return None
    return Chart(
        "survey_losses",
        "The crude rate with what the survey loses",
        said("caption.survey_losses"),
        finish(_dots(rows, len({row["survey"] for row in rows}))), rows,
        "priors of the losses as the case declares them; losses are independent of each other",
        _source(made),
    )  # fmt: skip


def _losses(survey: SurveyEstimates) -> Iterator[dict[str, Any]]:
    crude = survey.whole(CRUDE)
    model = next((one.model for one in survey.rates
                  if one.outcome == CRUDE and one.domain is None and one.model), None)  # fmt: skip
    if crude is None or model is None or not (model.with_losses or model.with_dissolved):
        return
    found = [("by the design", crude.estimate.rate), ("by the model of clusters", model.rate)]
    if model.with_losses is None and model.with_dissolved is not None:
        found.append((f"with {TITLES['dissolved_households']}", model.with_dissolved.rate))
    if model.with_losses is not None:
        found += [(f"with {TITLES[one.name]}", one.rate) for one in model.with_losses.parts]
        found.append(("with all of these", model.with_losses.rate))
    for what, rate in found:
        yield {"survey": survey.title, "what": what, **_ends(rate)}


def survey_district_months_chart(made: Estimates) -> Chart | None:
    """Draw the rates of each survey by district and month with their 95 % intervals."""
    rows: Rows = [
        {"survey": survey.title, "what": f"{group_words(one.group)}, {one.start} to {one.end}",
         "deaths": one.deaths, "person_days": one.person_days, "p_above_2": one.p_above_2, **_ends(one.rate)}
        for survey in surveys_of(made) for one in survey.district_months
    ]  # fmt: skip
    if not rows:
        return None
    return Chart(
        "survey_district_months",
        "Death rates by district and month",
        said("caption.survey_district_months"),
        finish(_dots(rows, len({row["survey"] for row in rows}))), rows,
        "log rates are normal and correlated in time; every month has the design effect of the survey",
        _source(made),
    )  # fmt: skip


def _ends(rate: Interval) -> dict[str, Any]:
    return {"rate_per_10000_day": rate.median, "low": rate.low, "high": rate.high, "level": rate.level}


def _dots(rows: Rows, surveys: int) -> Any:
    """Return a chart with a row for each `what`: dots with lines of their intervals."""
    order = list(dict.fromkeys(row["what"] for row in rows))
    base = alt.Chart().encode(
        y=alt.Y("what:N", sort=order, title=None, axis=alt.Axis(labelLimit=300)),
        tooltip=["survey:N", "what:N", "rate_per_10000_day:Q", "low:Q", "high:Q"],
    )
    x = alt.X("rate_per_10000_day:Q", title=RATE, scale=alt.Scale(zero=True))
    ends = base.mark_rule(strokeWidth=2, color=COLOURS[0]).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=60, color=COLOURS[0], opacity=1).encode(x=x)
    layer = alt.layer(ends, dots, data=data(rows)).properties(width=WIDTH - 260, height=alt.Step(STEP))
    return layer if surveys == 1 else layer.facet(row=alt.Row("survey:N", title=None))


def _source(made: Estimates) -> str:
    sources = {spec.source for spec in made.case.settings.surveys.values()}
    return cited(made.case, sources, f"computed by dearth {__version__}")
