"""Mortality surveys as a reader sees them in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.estimate.estimates import Estimates
from dearth.estimate.surveys.estimates import SurveyEstimates
from dearth.show.charts.surveys import group_words, shown_rates, surveys_of


def print_surveys(console: Console, made: Estimates) -> None:
    """Print the rates and the plausibility checks of every survey, or nothing where there is none."""
    for survey in surveys_of(made):
        console.print(_rates(survey))
        console.print(_checks(survey))


def _rates(survey: SurveyEstimates) -> Table:
    table = Table(title=f"{escape(survey.title)}: deaths per 10,000 people a day")
    table.add_column("deaths of", overflow="fold")
    table.add_column("among", overflow="fold")
    for name in ("deaths", "rate", "95 % interval", "per 1000 a year", "design effect"):
        table.add_column(name, justify="right")
    for rate in shown_rates(survey):
        one = rate.estimate
        low, high = one.rate.ends
        table.add_row(
            escape(rate.label), escape(group_words(rate.domain)), f"{one.deaths:,}", f"{one.rate.median:.2f}",
            f"{low:.2f}-{high:.2f}", f"{one.per_1000_year.median:.1f}",
            "" if one.design_effect is None else f"{one.design_effect:.2f}",
        )  # fmt: skip
    return table


def _checks(survey: SurveyEstimates) -> Table:
    table = Table(title=f"{escape(survey.title)}: plausibility, penalty points of each check; no verdict")
    table.add_column("check", overflow="fold")
    table.add_column("points", justify="right")
    table.add_column("reason", overflow="fold")
    for check in survey.plausibility:
        table.add_row(check.title, f"{check.score} of {check.worst}", check.reason)
    return table
