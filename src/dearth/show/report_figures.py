"""The charts of the report as its page holds them: pictures, tables, and what the script adds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dearth.show.charts import Chart, Drawn
from dearth.show.charts.base import Rows
from dearth.show.report_environment import ROWS_IN_PAGE, cell_of, packed
from dearth.show.svg_size import as_one_image

TABLE_ROWS = 400  # a longer table would make the page heavy; the CSV has every row


@dataclass(frozen=True)
class Figure:
    """A chart as the page holds it: its picture, and its table with labels, shortened to `TABLE_ROWS`."""

    chart: Chart
    svg: Markup
    columns: list[str]
    rows: Rows
    more: int


def figure_of(drawn: Drawn) -> Figure:
    """Return a drawn chart as the page holds it."""
    chart = drawn.chart
    columns = list(dict.fromkeys(key for row in chart.read for key in row))
    more = max(0, len(chart.read) - TABLE_ROWS)
    return Figure(chart, Markup(as_one_image(drawn.svg)), columns, chart.read[:TABLE_ROWS], more)


def rest_of_table(figure: Figure) -> dict[str, Any]:
    """Return the rows that the page does not hold, as cells, and which columns have numbers."""
    rows = figure.rows[ROWS_IN_PAGE:]
    numeric = [
        i for i, column in enumerate(figure.columns)
        if any(isinstance(row.get(column), int | float) for row in figure.rows)
    ]  # fmt: skip
    cells = [[cell_of(column, row.get(column)) for column in figure.columns] for row in rows]
    return {"numeric": numeric, "rows": cells}


def payload_of(drawn: Sequence[Drawn], figures: Mapping[str, Figure]) -> Markup:
    """Return what the script of the page adds, packed: CSV, live charts, and rows beyond the first."""
    content = {
        one.chart.key: {
            "csv": one.csv, "spec": one.chart.live or one.chart.spec,
            "rest": rest_of_table(figures[one.chart.key]),
        }
        for one in drawn
    }  # fmt: skip
    return packed(json.dumps(content, ensure_ascii=False, allow_nan=False))
