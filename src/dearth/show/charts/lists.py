"""Charts of incomplete lists: every model's total over the range, and what each assumption would mean."""

from typing import Any

import altair as alt

from dearth._version import __version__
from dearth.estimate.estimates import Estimates
from dearth.estimate.lists.lists_result import ListsResult, NamedLists
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.show.language import said

STEP = 22  # pixels of a row
WIDE = 15  # times between the smallest and the largest figure, beyond which the axis is logarithmic


def lists_of(made: Estimates) -> tuple[NamedLists, ...]:
    """Return the sets of lists of a result; none where the case has none."""
    return tuple(named for one in made.record_results if isinstance(one, ListsResult) for named in one.lists)


def list_models_chart(made: Estimates) -> Chart | None:
    """Draw the total of every model with its interval, over the range that the assumptions allow."""
    named = lists_of(made)
    if not named:
        return None
    rows: Rows = [row for one in named for row in _model_rows(one)]
    panels = [_models(one) for one in named]
    return Chart(
        "list_models",
        "People in all, by model of the lists",
        said("caption.list_models"),
        finish(alt.vconcat(*panels)), rows, _label(named), _source(made),
    )  # fmt: skip


def list_meanings_chart(made: Estimates) -> Chart | None:
    """Draw the range under other odds ratios and other errors of matching."""
    named = lists_of(made)
    if not named:
        return None
    rows: Rows = [row for one in named for row in _meaning_rows(one)]
    panels = [_meanings(one) for one in named]
    return Chart(
        "list_meanings",
        "What each assumption about the lists would mean",
        said("caption.list_meanings"),
        finish(alt.vconcat(*panels)), rows, _label(named), _source(made),
    )  # fmt: skip


def _model_rows(one: NamedLists) -> Rows:
    found = one.estimates.range
    rows: Rows = [
        {"lists": one.title, "model": m.label, "total": m.total.median, "low": m.total.low,
         "high": m.total.high, "level": m.total.level, "aic": m.aic, "interval": m.interval,
         "detail": m.detail, "source": m.source}
        for m in one.estimates.models
    ]  # fmt: skip
    rows.append({"lists": one.title, "model": "Range over the declared assumptions", "total": None,
                 "low": found.low, "high": found.high, "level": found.level, "aic": None,
                 "interval": "all totals that every two lists allow", "detail": found.refused})  # fmt: skip
    return rows


def _meaning_rows(one: NamedLists) -> Rows:
    return [
        {"lists": one.title, "assumption": row.assumption, "low": row.low, "high": row.high,
         "no_range": row.why_not, "total_without_other_dependence": row.independent}
        for row in one.estimates.meanings
    ]  # fmt: skip


def _x(rows: Rows, columns: tuple[str, ...], seen: float) -> alt.X:
    values = [seen, *(row[column] for row in rows for column in columns if row[column] is not None)]
    far = max(values) > WIDE * max(min(values), 1)
    scale = alt.Scale(type="log" if far else "linear", zero=False, nice=not far)
    return alt.X(f"{columns[0]}:Q", title="people in all", scale=scale)


def _models(one: NamedLists) -> Any:
    rows = _model_rows(one)[:-1]
    found, order = one.estimates.range, [row["model"] for row in rows]
    x = _x([*rows, {"total": None, "low": found.low, "high": found.high}], ("total", "low", "high"),
           one.estimates.table.seen)  # fmt: skip
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("model:N", sort=order, title=None),
        tooltip=["model:N", alt.Tooltip("total:Q", format=",.0f"), alt.Tooltip("low:Q", format=",.0f"),
                 alt.Tooltip("high:Q", format=",.0f"), "detail:N"],
    )  # fmt: skip
    layers = [
        base.mark_rule(strokeWidth=2, color=COLOURS[0]).encode(x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(filled=True, size=60, color=COLOURS[0], opacity=1).encode(x=x),
        alt.Chart(data([{"seen": one.estimates.table.seen}]))
        .mark_rule(strokeDash=[4, 3], color="#4d4d4d")
        .encode(x="seen:Q"),
    ]
    if found.low is not None:
        band = alt.Chart(data([{"from": found.low, "to": found.high}]))
        layers.insert(0, band.mark_rect(color=COLOURS[4], opacity=0.25).encode(x="from:Q", x2="to:Q"))
    height = STEP * max(1, len(rows))
    return alt.layer(*layers).properties(width=WIDTH - 180, height=height, title=one.title)


def _meanings(one: NamedLists) -> Any:
    rows = _meaning_rows(one)
    order = [row["assumption"] for row in rows]
    x = _x(rows, ("low", "high", "total_without_other_dependence"), one.estimates.table.seen)
    base = alt.Chart(data(rows)).encode(y=alt.Y("assumption:N", sort=order, title=None))
    lines = base.mark_rule(strokeWidth=4, color=COLOURS[4]).encode(x=x, x2="high:Q")
    dots = base.mark_point(filled=True, size=45, color=COLOURS[0], opacity=1).encode(
        x="total_without_other_dependence:Q"
    )
    return alt.layer(lines, dots).properties(width=WIDTH - 320, height=STEP * len(rows), title=one.title)


def _label(named: tuple[NamedLists, ...]) -> str:
    return "; ".join(f"{one.title}: {one.declared}" for one in named)


def _source(made: Estimates) -> str:
    sources = {block.source for block in made.case.settings.lists.values()}
    return cited(made.case, sources, f"computed by dearth {__version__}")
