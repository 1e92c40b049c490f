"""The report: one self-contained HTML file, made from the result of ``estimate``."""

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from dearth.bibliography.citations import complete
from dearth.bibliography.works import short
from dearth.case import labels
from dearth.estimate.assumption_text import assumption_text
from dearth.estimate.estimates import Estimates
from dearth.numerics.interval import LEVEL
from dearth.numerics.number_words import pair, persons, span
from dearth.numerics.package_versions import package_versions
from dearth.reconstruction.value_of_measurements import what_to_measure_next
from dearth.show.beside import Beside
from dearth.show.charts import Chart, Drawn, charts, draw
from dearth.show.charts.base import Rows
from dearth.show.claims_section import claim_groups, rules
from dearth.show.comparison_section import measure_lines
from dearth.show.findings import findings
from dearth.show.first_screen import default_in_words, first_screen
from dearth.show.food_records import food_finding
from dearth.show.language import ENGLISH, Language
from dearth.show.language import language as words_of
from dearth.show.live_rates import live_rates
from dearth.show.live_requirements import live_requirements
from dearth.show.places_table import places_table
from dearth.show.published_lines import published_lines
from dearth.show.ranges import ranges
from dearth.show.svg_size import as_one_image
from dearth.show.unknown_words import unknowns_in_words
from dearth.show.why_words import why_words
from dearth.system.report_document import SimulatedPart

ACCOUNT = ("opening", "output", "imports", "seed", "feed", "eaten", "losses", "exports", "closing", "gap")
# the sections of the page, in order, with the file of each
FILES = {
    "answer": "answer.html.j2", "assume": "assume.html.j2", "required": "required.html.j2",
    "count": "count.html.j2", "food": "food.html.j2", "why": "why.html.j2", "claims": "claims.html.j2",
    "famines": "comparison.html.j2", "published": "published.html.j2", "unknown": "unknown.html.j2",
    "sources": "sources.html.j2",
}  # fmt: skip
# parts of the section on numbers: title in its contents, and what fills each: charts, or parts of the result
PARTS: dict[str, tuple[str, tuple[str, ...], Callable[[Estimates], bool]]] = {
    "births": ("Births and deaths", ("births_deaths",), lambda made: False),
    "places": ("Places", ("map", "growth"), lambda made: False),
    "dated": ("Deaths by week or month", ("dated_deaths", "dated_groups"), lambda made: False),
    "two_censuses": (
        "Completeness from two censuses",
        ("two_censuses", "growth_balance", "extinct_generations"),
        lambda made: False,
    ),
    "lists": ("Lists of victims", ("list_models", "list_meanings"), lambda made: False),
    "indirect": ("Questions about relatives", ("indirect",), lambda made: False),
    "small_areas": ("Districts", ("small_areas",), lambda made: False),
    "surveys": (
        "Surveys",
        ("survey_rates", "survey_losses", "survey_district_months", "survey_plausibility"),
        lambda made: False,
    ),
    "curve": ("Every assumption", ("specification",), lambda made: bool(made.left_out)),
    "toll": ("Surface of excess deaths", ("surface",), lambda made: False),
    "books": ("Accounts", ("accounts",), lambda made: False),
    "rivals": ("Rival series", ("rival_series",), lambda made: False),
    "harvest": ("July-June", ("july_june",), lambda made: False),
}
# what enters the page when the rest is rendered: the works are those that its text cites
SLOTS = {name: Markup(f"\ue000{name}\ue000") for name in ("works_link", "works", "payload", "vega")}
# texts that the script of the page needs
LIVE_TEXTS = ("assume.", "required.")
TABLE_ROWS = 400  # a longer table would make the page heavy; the CSV has every row
ROWS_IN_PAGE = 25  # of a table as the page holds it; the script adds the rest when the table is opened
YEARS = ("year", "first_year", "last_year")  # columns that are written without separators


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dearth.show", "templates"),
        autoescape=select_autoescape(["html", "j2"], default=True),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(pair=pair, span=span)
    environment.filters["persons"] = lambda value: "" if value is None else persons(value)
    environment.filters["cell"] = _cell
    environment.filters["unknowns"] = unknowns_in_words
    environment.globals.update(cell_of=_cell_of, short_work=short, rows_in_page=ROWS_IN_PAGE)
    return environment


def _cell_of(column: str, value: Any) -> str:
    """Write the cell of a column."""
    return str(value) if column in YEARS and value is not None else _cell(value)


def _cell(value: Any) -> str:
    """Write a table cell: persons with separators, rates to three digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


def source_name(source: Mapping[str, str], key: str) -> str:
    """Return a source in a few words: author and year, else its title, else its id."""
    who = ", ".join(part for part in (source.get("author"), source.get("year")) if part)
    return who or source.get("title") or key


@cache
def packed_vega() -> Markup:
    """Return the JavaScript of Vega that the installed vl-convert carries, packed."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    return packed(bundle)


def packed(text: str) -> Markup:
    """Return text, deflated and in base 64: nothing of it can leave its script element."""
    return Markup(base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii"))


@dataclass(frozen=True)
class Figure:
    """A chart as the page holds it: its picture, and its table with labels, shortened to `TABLE_ROWS`."""

    chart: Chart
    svg: Markup
    columns: list[str]
    rows: Rows
    more: int


def _figure(drawn: Drawn) -> Figure:
    chart = drawn.chart
    columns = list(dict.fromkeys(key for row in chart.read for key in row))
    more = max(0, len(chart.read) - TABLE_ROWS)
    return Figure(chart, Markup(as_one_image(drawn.svg)), columns, chart.read[:TABLE_ROWS], more)


def _rest_of_table(figure: Figure) -> dict[str, Any]:
    """Return the rows that the page does not hold, as cells, and which columns have numbers."""
    rows = figure.rows[ROWS_IN_PAGE:]
    numeric = [
        i for i, column in enumerate(figure.columns)
        if any(isinstance(row.get(column), int | float) for row in figure.rows)
    ]  # fmt: skip
    cells = [[_cell_of(column, row.get(column)) for column in figure.columns] for row in rows]
    return {"numeric": numeric, "rows": cells}


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
    environment, say = _environment(), words_of(language)
    drawn = [draw(chart) for chart in charts(made, simulation, beside, language)] if drawn is None else drawn
    figures = {one.chart.key: _figure(one) for one in drawn}
    payload = {
        one.chart.key: {
            "csv": one.csv, "spec": one.chart.live or one.chart.spec,
            "rest": _rest_of_table(figures[one.chart.key]),
        }
        for one in drawn
    }  # fmt: skip
    source, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]
    script, _, _ = environment.loader.get_source(environment, "report.js")  # type: ignore[union-attr]
    live_script, _, _ = environment.loader.get_source(environment, "live.js")  # type: ignore[union-attr]
    rates, requirements = live_rates(made, say), live_requirements(made, say)
    titles = findings(made, beside, food_finding(made.case))
    template = environment.get_template("report.html.j2")
    parts = {
        "m": made,
        "case": made.case,
        "settings": made.case.settings,
        "names": labels.of(made.case),
        "assumes": assumption_text,
        "source_name": lambda key: source_name(made.case.sources.get(key, {}), key),
        "scenarios": [] if made.posterior is None else made.posterior.scenarios,
        "versions": package_versions(),
        "level": LEVEL,
        "simulation": simulation,
        "figures": figures,
        "slots": SLOTS,
        "interactive": interactive,
        "css": Markup(source),
        "script": Markup(script),
        "sections": _parts(made, set(figures)),
        "say": say,
        "first": first_screen(made, say),
        "titles": titles,
        "files": FILES,
        "shown": _shown(made, set(figures), beside, rates is not None),
        "default_words": default_in_words(made),
        "requirements": requirements,
        "live": _json({"rates": rates, "requirements": requirements, "texts": _live_texts(say)}),
        "live_script": Markup(live_script),
        "ranges": ranges(made),
        "account": _grain_account(simulation),
        "account_items": ACCOUNT,
        "measure_next": _measure_next(made),
        "places_table": places_table(made),
        "published_lines": published_lines(made.published),
        "beside": beside,
        "why_words": why_words(None if beside is None else beside.explanation),
        **_beside_parts(beside),
    }
    list_of_works = environment.get_template("works.html.j2")
    page: str = template.render(**parts)
    works = complete(
        [*(work.key for work in made.works), *_works_beside(beside)], unescape(page), made.case.works
    )
    later = {
        "works_link": '<li><a href="#works">Works</a></li>' if works else "",
        "works": list_of_works.render(case=made.case, works=works) if works else "",
        "payload": packed(json.dumps(payload, ensure_ascii=False, allow_nan=False)),
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


def _beside_parts(beside: Beside | None) -> dict[str, Any]:
    """Return what the sections on claims and on other famines are made of; empty parts without them."""
    claims = None if beside is None else beside.claims
    return {
        "claim_groups": [] if claims is None else claim_groups(claims),
        "claims_rules": rules(),
        "measure_lines": [] if beside is None else measure_lines(beside.comparison),
    }


def _parts(made: Estimates, figures: set[str]) -> dict[str, str]:
    """Return the parts that the records of the case fill, with their titles; the others are left out."""
    return {
        name: title for name, (title, keys, filled) in PARTS.items() if figures & set(keys) or filled(made)
    }


def _shown(made: Estimates, figures: set[str], beside: Beside | None, rates: bool) -> list[str]:
    """Return the sections of the page, in order; those that nothing fills are left out."""
    empty = {
        "assume": not rates,
        "required": made.default is None,
        "food": not figures & {"food_records", "output_and_deaths"},
        "claims": beside is None or beside.claims is None,
        "famines": beside is None,
    }
    return [name for name in FILES if not empty.get(name, False)]


def _json(content: Any) -> Markup:
    """Return JSON that no text of it can end the script element."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


def _live_texts(say: Language) -> dict[str, str]:
    found = {key: text for key, text in say.words.items() if key.startswith(LIVE_TEXTS)}
    return {"numbers": say.numbers, **found}


def _measure_next(made: Estimates) -> list[str]:
    """Return in words what to measure next; none without a reconstruction."""
    if made.posterior is None:
        return []
    return what_to_measure_next(made.posterior, labels.of(made.case))


def _grain_account(simulation: SimulatedPart | None) -> dict[int, dict[str, float | None]]:
    """Return the medians of the simulated grain account by year and item; none without a simulation."""
    found: dict[int, dict[str, float | None]] = {}
    for row in () if simulation is None else simulation.tables.grain_account:
        found.setdefault(row.year, {})[row.item] = row.figure.median
    return found
