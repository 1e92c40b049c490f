"""Every chart of the report, made once: a Vega-Lite specification used wherever it is shown."""

from dataclasses import dataclass

from dearth.estimate.estimates import Estimates
from dearth.show.beside import Beside
from dearth.show.charts.accounts import accounts_chart
from dearth.show.charts.base import Chart, chart_csv, chart_png, chart_svg, footnoted
from dearth.show.charts.comparison import comparison_chart
from dearth.show.charts.dated_deaths import dated_deaths_chart, dated_groups_chart
from dearth.show.charts.explanation import explanation_charts
from dearth.show.charts.first_screen import first_chart
from dearth.show.charts.food_records import food_chart, places_chart
from dearth.show.charts.indirect import indirect_chart
from dearth.show.charts.lists import list_meanings_chart, list_models_chart
from dearth.show.charts.measurements import measure_chart
from dearth.show.charts.places import growth_chart, map_chart
from dearth.show.charts.places_map import places_map_chart
from dearth.show.charts.predictions import cohorts_chart, toll_prior_chart
from dearth.show.charts.rates import births_deaths_chart, harvest_chart, rival_chart
from dearth.show.charts.registration_scenarios import (
    excess_by_age_chart,
    excess_by_year_chart,
    pyramid_chart,
    true_registered_chart,
)
from dearth.show.charts.scenario_ages import deaths_by_age_chart, excess_by_year_and_age_chart
from dearth.show.charts.scenario_influence import (
    leave_one_out_chart,
    prior_posterior_chart,
    sensitivity_chart,
)
from dearth.show.charts.simulation_grain import account_chart, belief_chart
from dearth.show.charts.simulation_labour import labour_chart
from dearth.show.charts.simulation_people import births_chart, deaths_chart, energy_chart
from dearth.show.charts.simulation_places import death_map_chart, energy_map_chart, story_chart
from dearth.show.charts.small_areas import small_areas_chart
from dearth.show.charts.specification import specification_chart
from dearth.show.charts.subpopulations import parts_chart, predicted_growth_chart, predicted_rates_chart
from dearth.show.charts.surface import surface_chart
from dearth.show.charts.survey_models import survey_district_months_chart, survey_losses_chart
from dearth.show.charts.surveys import survey_plausibility_chart, survey_rates_chart
from dearth.show.charts.titles import titled
from dearth.show.charts.two_censuses import (
    completeness_chart,
    extinct_generations_chart,
    growth_balance_chart,
)
from dearth.show.language import ENGLISH
from dearth.show.language import language as words_of
from dearth.system.report_document import SimulatedPart

__all__ = [
    "MAKERS", "SIMULATION_MAKERS", "Chart", "Drawn", "chart_csv", "chart_png", "chart_svg", "charts", "draw",
    "simulation_charts",
]  # fmt: skip

# in the order of the report
MAKERS = (
    accounts_chart,
    dated_deaths_chart,
    dated_groups_chart,
    specification_chart,
    surface_chart,
    births_deaths_chart,
    rival_chart,
    harvest_chart,
    map_chart,
    growth_chart,
    completeness_chart,
    growth_balance_chart,
    extinct_generations_chart,
    list_models_chart,
    list_meanings_chart,
    indirect_chart,
    survey_rates_chart,
    survey_losses_chart,
    survey_district_months_chart,
    survey_plausibility_chart,
    small_areas_chart,
    toll_prior_chart,
    excess_by_year_chart,
    excess_by_age_chart,
    excess_by_year_and_age_chart,
    true_registered_chart,
    deaths_by_age_chart,
    pyramid_chart,
    cohorts_chart,
    leave_one_out_chart,
    places_map_chart,
    parts_chart,
    predicted_growth_chart,
    predicted_rates_chart,
    sensitivity_chart,
    measure_chart,
    prior_posterior_chart,
    food_chart,
    places_chart,
)
SIMULATION_MAKERS = (
    account_chart,
    belief_chart,
    energy_chart,
    deaths_chart,
    births_chart,
    labour_chart,
    death_map_chart,
    energy_map_chart,
    story_chart,
)


@dataclass(frozen=True)
class Drawn:
    """A chart with its picture and its table, each made once."""

    chart: Chart
    svg: str
    csv: str


def draw(chart: Chart) -> Drawn:
    """Draw a chart."""
    return Drawn(chart, chart_svg(chart), chart_csv(chart))


def charts(
    made: Estimates, simulation: SimulatedPart | None = None, beside: Beside | None = None,
    language: str = ENGLISH,
) -> list[Chart]:  # fmt: skip
    """Return the charts that a result has the figures for, in the order of the report.

    Parameters
    ----------
    language : of the titles, and of the chart of the first screen
    """
    drawn = [first_chart(made, language), *(maker(made) for maker in MAKERS)]
    drawn += [] if beside is None else [comparison_chart(beside.comparison)]
    if beside is not None and beside.explanation is not None:
        drawn += explanation_charts(made.case, beside.explanation)
    say = words_of(language)
    found = [footnoted(titled(chart, say)) for chart in drawn if chart is not None]
    return found + ([] if simulation is None else simulation_charts(simulation))


def simulation_charts(part: SimulatedPart) -> list[Chart]:
    """Return the charts of a simulation; none where it was refused."""
    drawn = (maker(part) for maker in SIMULATION_MAKERS)
    return [footnoted(chart) for chart in drawn if chart is not None]
