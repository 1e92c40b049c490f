"""What every chart is: one Vega-Lite specification with its rows, label and citation."""

import csv
import io
import re
import textwrap
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import east_asian_width

import altair as alt

from dearth._version import __version__
from dearth.case.labels import Kind, Labels
from dearth.case.read import Case
from dearth.estimate.estimates import Estimates
from dearth.show.svg_size import compact

Rows = list[dict[str, Any]]
# columns of rows that hold identifiers, and of which kind
IDENTIFIERS: dict[str, Kind] = {
    "register": "series", "series": "series", "scenario": "scenarios", "place": "places",
}  # fmt: skip

# Okabe and Ito's palette: distinguished by readers who do not see red and green alike
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#4d4d4d", "#B8A900")
WIDTH = 640
NOTE_WIDTH = 98  # characters of a footnote line, about the width of a chart


@dataclass(frozen=True)
class Chart:
    """A figure of the report.

    Attributes
    ----------
    spec : Vega-Lite specification, drawn for paper and screen alike
    live : a second specification for the screen only, where a control adds something, else None
    rows : the chart's figures, with identifiers, as the CSV has them
    label : what the figures assume, as people read it
    table : the rows as people read them; None where `rows` have no identifiers
    """

    key: str
    title: str
    caption: str
    spec: dict[str, Any]
    rows: Rows
    label: str
    citation: str
    live: dict[str, Any] | None = field(default=None)
    table: Rows | None = field(default=None)

    @property
    def read(self) -> Rows:
        """The rows as people read them."""
        return self.rows if self.table is None else self.table


def data(rows: Rows) -> alt.Data:
    """Return rows as inline data."""
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def finish(chart: Any) -> dict[str, Any]:
    """Return the specification with the house style."""
    styled = (
        chart.configure(font="Helvetica, Arial, sans-serif", background="white")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", gridColor="#e4e4e4", labelLimit=340,
            domainColor="#888", tickColor="#888",
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, labelLimit=320, orient="bottom",
            columns=2, symbolOpacity=1,)
        .configure_header(labelFontSize=12, titleFontSize=12)
    )  # fmt: skip
    spec: dict[str, Any] = styled.to_dict(validate=False)
    return spec


def footnoted(chart: Chart) -> Chart:
    """Return the chart with its title, label and citation drawn below it: they go where it goes."""
    texts = (chart.title, f"Assumes: {chart.label}", f"Source: {chart.citation}")
    lines = [line for text in texts for line in _wrapped(text)]
    note = {
        "text": lines, "orient": "bottom", "anchor": "start", "align": "left", "fontSize": 12,
        "fontWeight": "normal", "color": "#555", "offset": 12,
    }  # fmt: skip
    live = None if chart.live is None else {**chart.live, "title": note}
    return replace(chart, spec={**chart.spec, "title": note}, live=live)


def _wrapped(text: str) -> list[str]:
    """Return the lines of a note; letters that are as wide as high take the room of two."""
    wide = sum(east_asian_width(letter) in "WF" for letter in text)
    return textwrap.wrap(text, NOTE_WIDTH // 2 if 2 * wide > len(text) else NOTE_WIDTH)


def unit(values: Sequence[float | None]) -> tuple[float, str]:
    """Return the divisor and its name that make `values` (persons) easy to read."""
    most = max((abs(v) for v in values if v is not None), default=0.0)
    if most >= 2e6:
        return 1e6, "million persons"
    if most >= 2e4:
        return 1e3, "thousand persons"
    return 1.0, "persons"


def labelled(rows: Rows, names: Labels) -> Rows:
    """Return rows with labels in place of the identifiers of `IDENTIFIERS`, each label of one thing alone."""
    found = rows
    for column, kind in IDENTIFIERS.items():
        identifiers = list(dict.fromkeys(row[column] for row in rows if row.get(column)))
        read = distinct(names, kind, identifiers)
        found = [{**row, column: read[row[column]]} if row.get(column) else row for row in found]
    return found


def distinct(names: Labels, kind: Kind, identifiers: Sequence[str]) -> dict[str, str]:
    """Return the label of each identifier; where two have one label, the identifier stands behind it."""
    read = {one: names.label(kind, one) for one in identifiers}
    times = Counter(read.values())
    return {one: f"{label} ({one})" if times[label] > 1 else label for one, label in read.items()}


def citation(made: Estimates, registers: Sequence[str] = ()) -> str:
    """Return the case and the sources of the registers a chart draws on, all of them by default."""
    held = made.register_sources
    drawn = registers or [name for name in held if name != "reconstruction"]
    wanted = {s for name, ids in held.items() if name in drawn for s in ids}
    return cited(made.case, wanted, f"computed by dearth {__version__}")


def cited(case: Case, ids: Collection[str], how: str) -> str:
    """Return the sources of the ids by author, year and title, then how the figure was made and the case."""
    named = [
        ", ".join(part for part in (s.get("author"), s.get("year"), s["title"]) if part)
        for s in case.sources.values()
        if s["source_id"] in ids
    ]
    return "; ".join([*named, f"{how}, case {case.name}"])


def chart_csv(chart: Chart) -> str:
    """Return the chart's rows as CSV; the label in every row, the citation in the first."""
    columns = list(dict.fromkeys(key for row in chart.rows for key in row))
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    extra = [] if "assumption_label" in columns else ["assumption_label"]
    out.writerow([*columns, *extra, "citation"])
    for i, row in enumerate(chart.rows):
        label = [chart.label] if extra else []
        out.writerow([*(row.get(c) for c in columns), *label, "" if i else chart.citation])
    return text.getvalue()


def chart_svg(chart: Chart) -> str:
    """Return the chart as SVG, drawn without a browser."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(chart.spec)
    return own_names(compact(svg), chart.key)


def own_names(svg: str, key: str) -> str:
    """Return a picture with gradients named for itself: on a page a name belongs to the first picture."""
    found = list(dict.fromkeys(re.findall(r'id="(gradient_\d+)"', svg)))
    for at, name in enumerate(found):
        svg = svg.replace(f'id="{name}"', f'id="{key}-gradient-{at}"')
        svg = svg.replace(f"url(#{name})", f"url(#{key}-gradient-{at})")
    return svg


def chart_png(chart: Chart, scale: float = 2.0) -> bytes:
    """Return the chart as PNG."""
    import vl_convert

    png: bytes = vl_convert.vegalite_to_png(chart.spec, scale=scale)
    return png
