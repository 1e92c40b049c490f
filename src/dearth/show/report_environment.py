"""The templates of the report: how they are read, and how they write cells and carry scripts."""

import base64
import json
import zlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from dearth.bibliography.works import short
from dearth.numerics.number_words import pair, persons, span
from dearth.show.unknown_words import unknowns_in_words

ROWS_IN_PAGE = 25  # of a table as the page holds it; the script adds the rest when the table is opened
YEARS = ("year", "first_year", "last_year")  # columns that are written without separators


def report_environment() -> Environment:
    """Return the environment of the templates of this package."""
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
    environment.globals.update(cell_of=cell_of, short_work=short, rows_in_page=ROWS_IN_PAGE)
    return environment


def file_text(environment: Environment, name: str) -> Markup:
    """Return a file of the folder of templates as it is."""
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, name)
    return Markup(source)


def cell_of(column: str, value: Any) -> str:
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


@cache
def packed_vega() -> Markup:
    """Return the JavaScript of Vega that the installed vl-convert carries, packed."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    return packed(bundle)


def packed(text: str) -> Markup:
    """Return text, deflated and in base 64: nothing of it can leave its script element."""
    return Markup(base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii"))


def json_in_page(content: Any) -> Markup:
    """Return JSON that no text of it can end the script element."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))
