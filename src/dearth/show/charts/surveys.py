"""Charts of mortality surveys: death rates with their intervals, and the plausibility checks."""

from typing import Any

import altair as alt

from dearth._version import __version__
from dearth.estimate.estimates import Estimates
from dearth.estimate.surveys.estimates import SurveyEstimates, SurveyRate
from dearth.estimate.surveys.estimator import SurveysResult
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.show.language import said

STEP = 20  # pixels of a row


def surveys_of(made: Estimates) -> tuple[SurveyEstimates, ...]:
    """Return the surveys of a result; none where the case has none."""
    return tuple(
        survey for one in made.record_results if isinstance(one, SurveysResult) for survey in one.surveys
    )


def group_words(domain: str | None) -> str:
    """Return a group as readers see it: ``all``, ``male``, ``district North``."""
    if domain is None:
        return "all"
    column, _, value = domain.partition(":")
    return value if column == "sex" else f"{column} {value}"


def shown_rates(survey: SurveyEstimates) -> list[SurveyRate]:
    """Return the rates that a chart and a short table show: of each outcome and group the first."""
    found: dict[tuple[str, str | None], SurveyRate] = {}
    for rate in survey.rates:
        found.setdefault((rate.outcome, rate.domain), rate)
    return list(found.values())


def _row(survey: SurveyEstimates, rate: SurveyRate) -> dict[str, Any]:
    one = rate.estimate
    return {
        "survey": survey.title, "outcome": rate.label, "group": group_words(rate.domain),
        "deaths_counted": rate.counted, "deaths": one.deaths, "person_days": one.person_days,
        "rate_per_10000_day": one.rate.median, "low": one.rate.low, "high": one.rate.high,
        "level": one.rate.level, "design_effect": one.design_effect, "clusters": one.clusters,
    }  # fmt: skip


def survey_rates_chart(made: Estimates) -> Chart | None:
    """Draw the death rates of each survey with their 95 % intervals."""
    surveys = surveys_of(made)
    if not surveys:
        return None
    rows: Rows = [_row(survey, rate) for survey in surveys for rate in survey.rates]
    drawn = [
        {**_row(survey, rate), "what": _what(rate)} for survey in surveys for rate in shown_rates(survey)
    ]
    order = list(dict.fromkeys(row["what"] for row in drawn))
    base = alt.Chart().encode(
        y=alt.Y("what:N", sort=order, title=None),
        tooltip=["survey:N", "what:N", "deaths:Q", "rate_per_10000_day:Q", "low:Q", "high:Q"],
    )
    x = alt.X("rate_per_10000_day:Q", title="deaths per 10,000 people a day (95 % interval)",
              scale=alt.Scale(zero=True))  # fmt: skip
    ends = base.mark_rule(strokeWidth=2, color=COLOURS[0]).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=60, color=COLOURS[0], opacity=1).encode(x=x)
    layer = alt.layer(ends, dots, data=data(drawn)).properties(width=WIDTH - 160, height=alt.Step(STEP))
    chart = layer if len(surveys) == 1 else layer.facet(row=alt.Row("survey:N", title=None))
    return Chart(
        "survey_rates",
        "Death rates of the surveys",
        said("caption.survey_rates"),
        finish(chart), rows,
        "the households interviewed represent all households; a survey misses households that dissolved",
        _source(made),
    )  # fmt: skip


def _what(rate: SurveyRate) -> str:
    group = group_words(rate.domain)
    return rate.label if group == "all" else f"{rate.label}, {group}"


def survey_plausibility_chart(made: Estimates) -> Chart | None:
    """Draw the penalty points of the plausibility checks; no sum is drawn."""
    rows: Rows = [
        {"survey": survey.title, "check": check.title, "points": check.score, "worst": check.worst,
         "reason": check.reason}
        for survey in surveys_of(made)
        for check in survey.plausibility
    ]  # fmt: skip
    if not rows:
        return None
    order = list(dict.fromkeys(row["check"] for row in rows))
    base = alt.Chart().encode(y=alt.Y("check:N", sort=order, title=None), tooltip=["check:N", "reason:N"])
    frame = base.mark_bar(color="#e4e4e4").encode(x=alt.X("worst:Q", title="penalty points (grey: the most)"))
    points = base.mark_bar(color=COLOURS[1]).encode(x="points:Q")
    layer = alt.layer(frame, points, data=data(rows)).properties(width=WIDTH - 260, height=alt.Step(STEP))
    several = len(surveys_of(made)) > 1
    return Chart(
        "survey_plausibility",
        "Plausibility of the surveys",
        said("caption.survey_plausibility"),
        finish(layer.facet(row=alt.Row("survey:N", title=None)) if several else layer), rows,
        "limits of the checks as the R package healthyr publishes them; expected ages assumed",
        _source(made),
    )  # fmt: skip


def _source(made: Estimates) -> str:
    sources = {spec.source for spec in made.case.settings.surveys.values()}
    return cited(made.case, sources, f"computed by dearth {__version__}")
