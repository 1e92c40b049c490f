"""What to measure next: within each scenario, and between them."""

from dataclasses import replace
from typing import Any

import altair as alt

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.reconstruction.value_of_measurements import SETTLED
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data, distinct
from dearth.show.charts.registration_scenarios import printed, scenario_chart

BETWEEN = (COLOURS[6], COLOURS[4], COLOURS[5])  # no scenario's colours


def measure_chart(made: Estimates) -> Chart | None:
    """Draw what each measurement removes of the variance, and how well it would distinguish scenarios."""
    names = [one.name for one in printed(made)]
    read = distinct(labels.of(made.case), "scenarios", names)
    as_they_are = {name: name for name in names}
    if not _narrowing(made, read):
        return None
    panels = [_shares(_narrowing(made, read))]
    if _settling(made, read):
        panels.append(_factors(_settling(made, read)))
    rows, table = ([*_narrowing(made, of), *_settling(made, of)] for of in (as_they_are, read))
    word = "width in persons; error as listed with the measurement"
    chart = scenario_chart(
        made, "reconstruction_measure", "Reconstruction: what to measure next",
        "Above: share of the variance of excess deaths that a measurement removes on average, by scenario. "
        "Below: log Bayes factor expected between two scenarios, whichever is true; the line at "
        f"{SETTLED:.0f} is very strong evidence. Each has the error assumed for it. Nothing here says which "
        "scenario is true.",
        alt.vconcat(*panels).resolve_scale(y="independent", yOffset="independent", color="independent"),
        rows, word,
    )  # fmt: skip
    label = f"{chart.label}; errors of the measurements assumed, as listed with them"
    return replace(chart, label=label, table=[{**row, "unit": word} for row in table])


def _narrowing(made: Estimates, of: dict[str, str]) -> Rows:
    return [
        {"measurement": row.name.replace("_", " "), "scenario": of[scenario.name],
         "share_removed": row.share_removed, "width_now": row.width_now, "width_after": row.width_after,
         "log_bayes_factor": None, "misled": None, "error": row.error, "what": row.what}
        for scenario in printed(made)
        for row in scenario.measurements
        if row.share_removed is not None
    ]  # fmt: skip


def _settling(made: Estimates, of: dict[str, str]) -> Rows:
    return [
        {"measurement": row.name.replace("_", " "),
         "scenario": " and ".join(of.get(name, name) for name in row.between),
         "share_removed": None, "width_now": None, "width_after": None,
         "log_bayes_factor": row.log_bayes_factor, "misled": row.misled, "error": row.error,
         "what": row.what}
        for row in ([] if made.posterior is None else made.posterior.settling)
        if row.log_bayes_factor is not None
    ]  # fmt: skip


def _shares(rows: Rows) -> Any:
    return _marks(rows, alt.X("share_removed:Q", title="share of the variance of excess deaths removed",
                              axis=alt.Axis(format="%")), COLOURS, "bar")  # fmt: skip


def _factors(rows: Rows) -> Any:
    # a symmetric log, since the best would else flatten all others; points, as bars would have no true length
    scale = alt.Scale(type="symlog", constant=1)
    x = alt.X("log_bayes_factor:Q", title="expected log Bayes factor (symmetric log scale)", scale=scale)
    points = _marks(rows, x, BETWEEN, "point")
    line = alt.Chart(data([{"settled": SETTLED}])).mark_rule(strokeDash=[4, 3]).encode(x="settled:Q")
    return alt.layer(points, line)


def _marks(rows: Rows, x: alt.X, colours: tuple[str, ...], mark: str) -> Any:
    names, order = (list(dict.fromkeys(row[key] for row in rows)) for key in ("scenario", "measurement"))
    chart = alt.Chart(data(rows))
    drawn = chart.mark_bar() if mark == "bar" else chart.mark_point(filled=True, size=55)
    return (
        drawn.encode(
            y=alt.Y("measurement:N", sort=order, title=None),
            yOffset=alt.YOffset("scenario:N", sort=names),
            x=x,
            color=alt.Color("scenario:N", title=None,
                            scale=alt.Scale(domain=names, range=list(colours[: len(names)]))),
            tooltip=["scenario:N", "what:N", "error:Q", x.shorthand],
        )
        .properties(width=WIDTH - 180, height=alt.Step(9 if len(names) > 1 else 16))
    )  # fmt: skip
