"""Trials of the estimators: intervals beside the truths, coverage by level, ranks."""

from typing import Any

import altair as alt

from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data, finish, unit
from dearth.trials.recovery import Trials

QUANTITIES = {
    "deaths": "deaths of the window",
    "births": "births, to a year after",
    "excess": "excess deaths",
}
MOST = 60  # trials drawn one by one


def trial_charts(made: Trials) -> list[Chart]:
    """Return the pictures of ``recover``; none of a table that is refused."""
    if made.unscored:
        return []
    return [_coverage(made), _intervals(made), _ranks(made)]


def _label(made: Trials) -> str:
    tier = "own degradations" if made.tier is None else f"tier {made.tier}"
    return (f"{tier}: {made.what}; {made.scores.used} trials, windows {made.asked.windows}, "
            f"seed {made.asked.seed}")  # fmt: skip


def _chart(made: Trials, key: str, title: str, caption: str, spec: Any, rows: Rows) -> Chart:
    return Chart(f"recover_{key}", title, caption, finish(spec), rows, _label(made),
                 f"computed by dearth from the full records of {made.case}")  # fmt: skip


def _coverage(made: Trials) -> Chart:
    scored = made.scores
    held = {"deaths": scored.coverage, "births": scored.births.coverage, "excess": scored.excess_coverage}
    rows = [
        {"asked": float(level), "held": 100 * share, "quantity": QUANTITIES[name]}
        for name, covered in held.items()
        for level, share in covered.items()
        if share is not None
    ]
    colour = alt.Color("quantity:N", title=None, scale=alt.Scale(range=COLOURS))
    scale = alt.Scale(domain=[0, 100])
    lines = (
        alt.Chart(data(rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("asked:Q", title="level of the interval, %", scale=alt.Scale(domain=[40, 100])),
            y=alt.Y("held:Q", title="true values inside, %", scale=scale), color=colour,
        )
    )  # fmt: skip
    even = [{"asked": 40, "held": 40}, {"asked": 100, "held": 100}]
    ideal = alt.Chart(data(even)).mark_line(strokeDash=[4, 4], color="#888").encode(x="asked:Q", y="held:Q")
    return _chart(
        made, "coverage", "How often do the intervals contain the true value?",
        "Right intervals of 90 % contain nine true values in ten (dashed line). Below the line, intervals "
        "are too narrow.", alt.layer(ideal, lines).properties(width=WIDTH - 200, height=260), rows,
    )  # fmt: skip


def _intervals(made: Trials) -> Chart:
    trials = [t for t in made.found if not t.refused][:MOST]
    size, word = unit([t.truth["deaths"] for t in trials])
    rows = [
        {"trial": at, "window": t.window, "low": t.intervals["deaths"]["90"][0] / size,
         "median": t.medians["deaths"] / size, "high": t.intervals["deaths"]["90"][1] / size,
         "truth": t.truth["deaths"] / size, "corner": "worst corner" if t.corner else "whole ranges"}
        for at, t in enumerate(trials, 1)
    ]  # fmt: skip
    base = alt.Chart(data(rows)).encode(
        x=alt.X("trial:O", title="trial", axis=alt.Axis(labels=False, ticks=False)),
        color=alt.Color("corner:N", title=None, scale=alt.Scale(range=COLOURS)),
        tooltip=["window:N", "low:Q", "median:Q", "high:Q", "truth:Q"],
    )
    spans = base.mark_rule(strokeWidth=3, opacity=0.5).encode(
        y=alt.Y("low:Q", title=f"deaths of the window, {word}"), y2="high:Q"
    )
    dots = base.mark_point(filled=True, size=30).encode(y="median:Q")
    truth = alt.Chart(data(rows)).mark_tick(color="black", thickness=2).encode(x="trial:O", y="truth:Q")
    return _chart(
        made, "intervals", "Each trial: what was estimated and what was true",
        "Bars are 90 % intervals of the deaths of the window, points their medians; black: the register.",
        alt.layer(spans, dots, truth).properties(width=WIDTH, height=260), rows,
    )  # fmt: skip


def _ranks(made: Trials) -> Chart:
    rows = [
        {"tenth": at, "trials": many, "quantity": QUANTITIES[name]}
        for name, counts in made.scores.rank_histogram.items()
        for at, many in enumerate(counts, 1)
    ]
    bars = (
        alt.Chart(data(rows))
        .mark_bar(color=COLOURS[0])
        .encode(
            x=alt.X("tenth:O", title="tenth of the draws the truth lies in, from the lowest"),
            y=alt.Y("trials:Q", title="trials"), column=alt.Column("quantity:N", title=None),
        )
        .properties(width=WIDTH / 3 - 40, height=140)
    )  # fmt: skip
    return _chart(
        made, "ranks", "Where among the draws the truth lies",
        "Even bars: draws and truths are alike. All to the left: the estimates are too high; to the right: "
        "too low; both ends: the intervals are too narrow.", bars, rows,
    )  # fmt: skip
