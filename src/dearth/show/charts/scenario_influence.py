"""What the excess deaths of a reconstruction rest on: sources left out, groups of unknowns, priors."""

from dataclasses import replace

import altair as alt

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.numerics.interval import NORMAL_90
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, data
from dearth.show.charts.registration_scenarios import (
    ends,
    printed,
    read_rows,
    scenario_chart,
    spans,
    unit,
)
from dearth.show.language import said

CONFLICTS = 10  # unknowns drawn of those that the records moved furthest
GROUPS = 10  # groups of unknowns drawn


def leave_one_out_chart(made: Estimates) -> Chart | None:
    """Draw excess deaths with each source of evidence left out in turn."""
    if not any(one.leave_one_source_out for one in printed(made)):
        return None
    size, word = unit(made)
    names = labels.of(made.case)
    kept = [(one, "nothing left out", one.excess_deaths) for one in printed(made)]
    left = [(one, row) for one in printed(made) for row in one.leave_one_source_out]
    rows: Rows = [
        {"without": without, "scenario": one.name, **ends(figure, size)}
        for one, without, figure in [*kept, *((one, _words(row.without), row.excess_deaths)
                                              for one, row in left)]
        if figure is not None
    ]  # fmt: skip
    refused = [
        f"{names.scenario(one.name)} without {_words(row.without)}" for one, row in left if row.refused
    ]
    told = (
        f" Not drawn, because the checks of convergence refused them: {'; '.join(refused)}."
        if refused
        else ""
    )
    order = list(dict.fromkeys(row["without"] for row in rows))
    y = alt.Y("without:N", title=None, sort=[order[0], *sorted(order[1:])])
    spec = spans(read_rows(made, rows), y, f"excess deaths, {word}", alt.Step(18))
    return scenario_chart(
        made, "reconstruction_leave_one_source_out", "Excess deaths without each evidence source",
        f"One evidence source left out at a time. A large shift shows a source that matters.{told}",
        spec, rows, word,
    )  # fmt: skip


def _words(name: str) -> str:
    return name.replace("_", " ")


def sensitivity_chart(made: Estimates) -> Chart | None:
    """Draw the share of the variance of excess deaths that each group of unknowns explains."""
    rows: Rows = [
        {"unknown": name, "scenario": one.name, "share": value}
        for one in printed(made)
        for name, value in list(one.variance_shares.items())[:GROUPS]
    ]
    if not rows:
        return None
    spec = (
        alt.Chart(data(read_rows(made, rows)))
        .mark_bar()
        .encode(
            y=alt.Y("unknown:N", sort="-x", title=None), yOffset="scenario:N",
            x=alt.X("share:Q", title="share of the variance of excess deaths", axis=alt.Axis(format="%")),
            color=alt.Color("scenario:N", scale=alt.Scale(range=COLOURS)),
        )
        .properties(width=WIDTH - 220, height=alt.Step(9))
    )  # fmt: skip
    return scenario_chart(
        made, "reconstruction_variance", "Reconstruction: what excess deaths depend on",
        said("caption.reconstruction_variance"),
        spec, rows, "share of variance",
    )  # fmt: skip


def prior_posterior_chart(made: Estimates) -> Chart | None:
    """Where the records moved the unknowns furthest from their priors."""
    rows: Rows = []
    for one in printed(made):
        moved = sorted(one.prior_posterior, key=lambda row: -abs(row.mean_in_prior_sd))[:CONFLICTS]
        rows += [
            {"unknown": row.unknown, "scenario": one.name, "median": row.mean_in_prior_sd,
             "low": row.mean_in_prior_sd - NORMAL_90 * row.sd_ratio,
             "high": row.mean_in_prior_sd + NORMAL_90 * row.sd_ratio}
            for row in moved
        ]  # fmt: skip
    if not rows:
        return None
    drawn = spans(
        read_rows(made, rows), alt.Y("unknown:N", title=None), "posterior, in prior standard deviations",
        alt.Step(12), width=WIDTH - 220,
    )  # fmt: skip
    marks = alt.Chart(data([{"at": at} for at in (-2, 0, 2)]))
    spec = alt.layer(marks.mark_rule(strokeDash=[4, 3], color="#888").encode(x="at:Q"), drawn)
    made_chart = scenario_chart(
        made, "reconstruction_prior", "Reconstruction: prior and posterior",
        said("caption.reconstruction_prior"),
        spec, rows, "prior standard deviations",
    )  # fmt: skip
    return replace(made_chart, label=f"{made_chart.label}; the interval is that of a normal distribution")
