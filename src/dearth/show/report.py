"""The report: one self-contained HTML file, made from the document of ``estimate``."""

import base64
import json
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from dearth.case.labels import Labels
from dearth.numerics.number_words import persons
from dearth.reconstruction.posterior_document import from_document
from dearth.reconstruction.value_of_measurements import what_to_measure_next
from dearth.show.charts import Chart, Drawn, charts, draw
from dearth.show.ranges import ranges

ACCOUNT = ("opening", "output", "imports", "seed", "feed", "eaten", "losses", "exports", "closing", "gap")
# sections of the first half: title in the contents, and what each needs, charts or parts of the document
SECTIONS = {
    "books": ("Accounts", ("accounts",)),
    "curve": ("Every assumption", ("specification", "left_out")),
    "toll": ("Toll surface", ("surface",)),
    "required": ("What a toll requires", ("identification", "default")),
    "births": ("Births and deaths", ("births_deaths",)),
    "rivals": ("Rival series", ("rival_series",)),
    "harvest": ("July-June", ("july_june",)),
    "places": ("Places", ("map", "growth")),
}
TABLE_ROWS = 400  # a longer table would make the page heavy; the CSV has every row


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dearth.show", "templates"),
        autoescape=select_autoescape(["html", "j2"], default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["persons"] = lambda value: "" if value is None else persons(value)
    environment.filters["cell"] = _cell
    return environment


def _cell(value: Any) -> str:
    """Write a table cell: persons with separators, rates to three digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


@cache
def vega_bundle() -> str:
    """Return the JavaScript of Vega that the installed vl-convert carries, safe inside a script."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    return bundle.replace("</script", "<\\/script")


def _packed(value: Any) -> Markup:
    """Return JSON, deflated and in base 64: no text of it can leave its script element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return Markup(base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii"))


def _columns(chart: Chart) -> list[str]:
    return list(dict.fromkeys(key for row in chart.rows for key in row))


def _figure(drawn: Drawn) -> dict[str, Any]:
    chart = drawn.chart
    return {
        "chart": chart,
        "svg": Markup(drawn.svg),
        "columns": _columns(chart),
        "rows": chart.rows[:TABLE_ROWS],
        "more": max(0, len(chart.rows) - TABLE_ROWS),
    }


def render_report(
    document: dict[str, Any], interactive: bool = True, drawn: Sequence[Drawn] | None = None
) -> str:
    """Return the report as one HTML file that asks nothing of the network.

    Parameters
    ----------
    document : the object that ``estimate --json`` prints
    interactive : carry Vega (0.9 MB) for tooltips and the slider; without it every chart stays a picture
    drawn : the charts of the document, where they are drawn already
    """
    environment = _environment()
    drawn = [draw(chart) for chart in charts(document)] if drawn is None else drawn
    figures = {one.chart.key: _figure(one) for one in drawn}
    payload = {one.chart.key: {"csv": one.csv, "spec": one.chart.live or one.chart.spec} for one in drawn}
    source, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]
    script, _, _ = environment.loader.get_source(environment, "report.js")  # type: ignore[union-attr]
    page: str = environment.get_template("report.html.j2").render(
        d=document,
        figures=figures,
        payload=_packed(payload),
        css=Markup(source),
        script=Markup(script),
        vega=Markup(vega_bundle()) if interactive else "",
        sections=_sections(document, set(figures)),
        ranges=ranges(document),
        account=_grain_account(document),
        account_items=ACCOUNT,
        measure_next=_measure_next(document),
    )
    return page


def _sections(document: dict[str, Any], figures: set[str]) -> dict[str, str]:
    """Return the sections that the records of the case fill, with their titles; the others are left out."""
    charted = {"accounts", "specification", "surface", "births_deaths", "rival_series", "july_june", "map",
               "growth"}  # fmt: skip
    held = figures | {key for key, part in document.items() if part and key not in charted}
    return {name: title for name, (title, needs) in SECTIONS.items() if held & set(needs)}


def _measure_next(document: dict[str, Any]) -> list[str]:
    """Return in words what to measure next; none without a reconstruction."""
    if not document["reconstruction"]:
        return []
    return what_to_measure_next(from_document(document["reconstruction"]), Labels.of_document(document))


def _grain_account(document: dict[str, Any]) -> dict[int, dict[str, float]]:
    """Return the medians of the simulated grain account by year and item; none without a simulation."""
    found: dict[int, dict[str, float]] = {}
    part = document.get("simulation")
    for row in [] if part is None or part["refused"] else part["tables"]["grain_account"]:
        found.setdefault(row["year"], {})[row["item"]] = row["median"]
    return found
