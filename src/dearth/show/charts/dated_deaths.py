"""Deaths by week or month against the normal ones, and the P-score of each sex and age."""

import altair as alt
import numpy as np

from dearth._version import __version__
from dearth.case.years import format_years
from dearth.estimate.dated_estimate import DatedEstimate
from dearth.estimate.dated_estimator import DatedResult
from dearth.estimate.dated_excess import period_band
from dearth.estimate.dated_words import METHODS
from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.show.language import said


def dated_estimates(made: Estimates) -> tuple[DatedEstimate, ...]:
    """Return the estimates from dated deaths of a result."""
    return tuple(
        one for result in made.record_results if isinstance(result, DatedResult) for one in result.estimates
    )


def dated_deaths_chart(made: Estimates) -> Chart | None:
    """Observed deaths of everybody by period against the normal deaths with their 95 % interval."""
    found = [one for one in dated_estimates(made) if one.group.everybody]
    if not found:
        return None
    rows: Rows = [row for one in found for row in _periods(one)]
    several = len({one.title for one in found}) > 1
    titles = {one.series: f"{one.title}: " if several else "" for one in found}
    read = [{**row, "method": f"{titles[row['series']]}{METHODS[row['method']]}"} for row in rows]
    base = alt.Chart(data(read))
    x = alt.X("middle:T", title=None, axis=alt.Axis(format="%Y-%m", labelOverlap=True))
    y = alt.Y("expected:Q", title="deaths of the week or month", scale=alt.Scale(zero=False))
    band = base.mark_area(opacity=0.25, color=COLOURS[1]).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    normal = base.mark_line(color=COLOURS[1], strokeDash=[5, 3], strokeWidth=1.5).encode(x=x, y=y)
    observed = base.mark_line(color=COLOURS[0], strokeWidth=1.5).encode(
        x=x, y=alt.Y("deaths:Q"),
        tooltip=["start:N", "end:N", *(alt.Tooltip(f"{name}:Q", format=",.0f")
                                       for name in ("deaths", "expected", "low", "high"))],
    )  # fmt: skip
    inside = base.transform_filter("datum.in_window").mark_point(
        filled=True, size=22, color=COLOURS[0]
    ).encode(x=x, y=alt.Y("deaths:Q"))  # fmt: skip
    panels = alt.layer(band, normal, observed, inside).properties(width=WIDTH, height=200).facet(
        row=alt.Row("method:N", title=None, sort=None, header=alt.Header(labelAngle=0, labelOrient="top"))
    )  # fmt: skip
    window = found[0].excess.window
    return Chart(
        "dated_deaths",
        f"Deaths by week or month, {window.start} to {window.end}: observed against normal",
        said("caption.dated_deaths"),
        finish(panels),
        rows,
        "; ".join(dict.fromkeys(f"normal deaths fitted to {format_years(one.fit_years)}" for one in found)),
        _cited(made, found),
        table=read,
    )  # fmt: skip


def dated_groups_chart(made: Estimates) -> Chart | None:
    """P-score of each sex and age; nothing where the case has everybody only."""
    found = dated_estimates(made)
    if all(one.group.everybody for one in found):
        return None
    rows: Rows = [
        {"series": one.title, "group": one.group.words.strip(" ()") or "everybody",
         "method": METHODS[one.excess.method], "deaths": one.excess.deaths,
         "expected": one.excess.expected.median, "excess": one.excess.excess.median,
         "p_score": one.excess.p_score.median, "low": one.excess.p_score.low, "high": one.excess.p_score.high}
        for one in found
    ]  # fmt: skip
    y = alt.Y("group:N", title=None, sort=None)
    colour = alt.Color("method:N", title=None, scale=alt.Scale(range=list(COLOURS)))
    shift = alt.YOffset("method:N")
    x = alt.X(
        "p_score:Q", title="excess over the normal deaths of the same days", axis=alt.Axis(format=".0%")
    )
    base = alt.Chart(data(rows))
    layers = alt.layer(
        base.mark_rule().encode(x=alt.X("low:Q"), x2="high:Q", y=y, yOffset=shift, color=colour),
        base.mark_point(filled=True).encode(x=x, y=y, yOffset=shift, color=colour,
                                            tooltip=["group:N", alt.Tooltip("p_score:Q", format=".1%")]),
    )  # fmt: skip
    return Chart(
        "dated_groups",
        "P-score by sex and age",
        said("caption.dated_groups"),
        finish(layers.properties(width=WIDTH - 160)),
        rows,
        "each sex and age has a baseline of its own, so that excess deaths of groups need not add up",
        _cited(made, found),
    )  # fmt: skip


def _periods(one: DatedEstimate) -> Rows:
    """Return the periods of one estimate; those that only complete the calendar year have no deaths."""
    low, high = period_band(one.baseline)
    counts = one.baseline.counts
    inside = counts.share_in(one.excess.window) > 0
    rows: Rows = []
    for i, period in enumerate(counts.periods):
        if not np.isfinite(counts.deaths[i]):
            continue
        rows.append({
            "series": one.series, "method": one.excess.method, "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "middle": (period.start + (period.end - period.start) / 2).isoformat(),
            "deaths": float(counts.deaths[i]), "expected": float(one.baseline.expected[i]),
            "low": float(low[i]), "high": float(high[i]), "in_window": bool(inside[i]),
        })  # fmt: skip
    return rows


def _cited(made: Estimates, found: tuple[DatedEstimate, ...] | list[DatedEstimate]) -> str:
    return cited(made.case, {one.source for one in found}, f"computed by dearth {__version__}")
