"""The report: one self-contained HTML file, made from the result of ``estimate``."""

from collections.abc import Sequence
from html import unescape

from markupsafe import Markup

from dearth.bibliography.citations import complete
from dearth.estimate.estimates import Estimates
from dearth.show.beside import Beside
from dearth.show.charts import Drawn, charts, draw
from dearth.show.language import ENGLISH
from dearth.show.language import language as words_of
from dearth.show.report_environment import file_text, packed_vega, report_environment
from dearth.show.report_figures import figure_of, payload_of
from dearth.show.report_sections import case_parts, section_parts
from dearth.system.report_document import SimulatedPart

# what enters the page when the rest is rendered: the works are those that its text cites
# charts by place and month; of a large country they would make the page too heavy to open
LARGE = {f"simulation_{key}" for key in ("births", "labour", "map_cdr", "map_kcal", "story")}
MOST_AREAS = 12  # granary areas of a simulation up to which the page has its large charts
SLOTS = {name: Markup(f"\ue000{name}\ue000") for name in ("works_link", "works", "payload", "vega")}


def render_report(
    made: Estimates,
    simulation: SimulatedPart | None = None,
    interactive: bool = True,
    drawn: Sequence[Drawn] | None = None,
    beside: Beside | None = None,
    language: str = ENGLISH,
) -> str:
    """Return the report as one HTML file that asks nothing of the network.

    Parameters
    ----------
    simulation : of the case from priors; shown in a section of its own
    interactive : carry Vega (0.4 MB packed) for tooltips and the slider; else all charts stay pictures
    drawn : the charts of the result, where they are drawn already
    beside : claims and other famines; their sections are left out without it
    language : of the first screen, labels and controls

    Raises
    ------
    CaseError
        When the package does not have the language.
    """
    environment, say = report_environment(), words_of(language)
    drawn = [draw(chart) for chart in charts(made, simulation, beside, language)] if drawn is None else drawn
    drawn = [one for one in drawn if _belongs(one.chart.key, simulation)]
    figures = {one.chart.key: figure_of(one) for one in drawn}
    page: str = environment.get_template("report.html.j2").render(
        say=say,
        slots=SLOTS,
        interactive=interactive,
        figures=figures,
        css=file_text(environment, "report.css"),
        script=file_text(environment, "report.js"),
        live_script=file_text(environment, "live.js"),
        **case_parts(made),
        **section_parts(made, set(figures), simulation, beside, say),
    )
    works = complete(
        [*(work.key for work in made.works), *_works_beside(beside)], unescape(page), made.case.works
    )
    list_of_works = environment.get_template("works.html.j2")
    later = {
        "works_link": '<li><a href="#works">Works</a></li>' if works else "",
        "works": list_of_works.render(case=made.case, works=works) if works else "",
        "payload": payload_of(drawn, figures),
        "vega": packed_vega() if interactive else "",
    }
    for name, content in later.items():
        page = page.replace(SLOTS[name], content)
    return page


def _works_beside(beside: Beside | None) -> list[str]:
    """Return the works on which the tables of other famines rest."""
    if beside is None:
        return []
    made = beside.comparison
    return [*(row.source for row in made.famines), *(row.source for row in made.chronic)]


def _belongs(key: str, simulation: SimulatedPart | None) -> bool:
    """Return whether a chart stands on the page; the folder of a run has all of them."""
    if key not in LARGE or simulation is None or simulation.refused:
        return True
    return len(simulation.printed["by_province"]) <= MOST_AREAS
