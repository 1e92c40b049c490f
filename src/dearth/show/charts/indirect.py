"""Chart of indirect questions: each figure at the year to which it refers."""

import altair as alt
import numpy as np

from dearth._version import __version__
from dearth.estimate.estimates import Estimates
from dearth.estimate.indirect_questions import IndirectEstimate, IndirectResult
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.show.language import said

TITLES = {
    "children": "share of children dead by the age", "mothers": "survival", "fathers": "survival",
    "brothers": "survival", "sisters": "survival",
}  # fmt: skip


def indirect_chart(made: Estimates) -> Chart | None:
    """Draw every figure of children, parents, brothers and sisters by year; none where nothing has a year."""
    rows: Rows = [
        _row(one) for result in made.record_results if isinstance(result, IndirectResult)
        for one in result.estimates if one.kind in TITLES and np.isfinite(one.year)
    ]  # fmt: skip
    if not rows:
        return None
    base = alt.Chart(data(rows)).encode(
        x=alt.X("year:Q", title="year to which the figure refers", scale=alt.Scale(zero=False, padding=12),
                axis=alt.Axis(format="d")),
        y=alt.Y("value:Q", title="share", scale=alt.Scale(zero=False)),
    )  # fmt: skip
    line = base.mark_line(color=COLOURS[0], opacity=0.4)
    dots = base.mark_point(filled=True, size=60, color=COLOURS[0], opacity=1).encode(
        tooltip=["question:N", "measure:N", alt.Tooltip("year:Q", format=".1f"), "value:Q"]
    )
    names = base.mark_text(dy=-10, fontSize=12).encode(text="measure:N")
    chart = alt.layer(line, dots, names).properties(width=WIDTH - 120, height=200)
    questions = list(dict.fromkeys(row["question"] for row in rows))
    if len(questions) > 1:
        chart = chart.facet(row=alt.Row("question:N", title=None, sort=questions)).resolve_scale(
            y="independent", x="independent"
        )
    sources = {block.source for block in made.case.settings.indirect_questions.values()}
    return Chart(
        "indirect",
        "Mortality from questions about relatives",
        said("caption.indirect"),
        finish(chart), rows,
        "mortality changed smoothly; an indirect estimate is a mean over years and hides a crisis",
        cited(made.case, sources, f"computed by dearth {__version__}"),
    )  # fmt: skip


def _row(one: IndirectEstimate) -> dict[str, object]:
    return {
        "question": one.title, "kind": one.kind, "age": one.age, "measure": one.measure, "value": one.value,
        "year": one.year,
    }  # fmt: skip
