"""Excess deaths over crisis completeness and the normal death rate."""

import altair as alt

from dearth.case import labels
from dearth.estimate.completeness_surface import PublishedLine
from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import WIDTH, Chart, Rows, citation, data, finish, unit
from dearth.show.language import said
from dearth.show.said import Name


def surface_chart(made: Estimates) -> Chart | None:
    """Heat map of excess deaths with the break-even line and lines of published estimates."""
    found = made.surface
    if found is None:
        return None
    register = labels.of(made.case).series(found.register)
    shares, rates = found.completeness.tolist(), found.normal_rate.tolist()
    scale, name = unit(found.excess_deaths.ravel().tolist())
    step, tall = rates[1] - rates[0], shares[1] - shares[0]
    cells = [
        {"completeness": k, "k2": k + tall, "normal_rate": b, "b2": b + step, "toll": e / scale}
        for k, line in zip(shares, found.excess_deaths.tolist(), strict=True)
        for b, e in zip(rates, line, strict=True)
    ]
    most = max(abs(c["toll"]) for c in cells)
    snug = alt.Scale(zero=False, nice=False)
    x = alt.X(
        "normal_rate:Q",
        title="normal death rate, per 1000",
        scale=snug,
    )
    y = alt.Y("completeness:Q", title="share of the deaths registered", scale=snug,
              axis=alt.Axis(format=".0%"))  # fmt: skip
    heat = (
        alt.Chart(data(cells))
        .mark_rect(aria=False)
        .encode(
            x=x, x2="b2:Q", y=y, y2="k2:Q",
            color=alt.Color("toll:Q", title=f"excess deaths, {name}",
                            scale=alt.Scale(scheme="purpleorange", domain=[-most, most], reverse=True)),
            tooltip=[alt.Tooltip(f"{f}:Q", format=".3g") for f in ("completeness", "normal_rate", "toll")],
        )
    )  # fmt: skip
    lines = [{**vars(point), "toll": "zero (break-even)"} for point in found.break_even]
    layers: list[alt.Chart] = [heat]
    layers.append(
        alt.Chart(data(lines)).mark_line(strokeWidth=2.5, color="black").encode(
            x=x, y=y, order=alt.Order("completeness:Q"), tooltip=["toll:N"])
    )  # fmt: skip
    layers += _published_layers(_published(list(found.published_lines), scale), x, y)
    chart = alt.layer(*layers).properties(width=WIDTH - 60, height=360)
    return Chart(
        "surface",
        "Excess deaths over what is assumed of registration and of the normal death rate",
        said("caption.surface", window=found.window, register=Name(register)),
        finish(chart),
        [{"completeness": c["completeness"], "normal_rate": c["normal_rate"],
          "excess_deaths": c["toll"] * scale} for c in cells],
        f"rate method; {register}; window {found.window}; both axes are assumptions",
        citation(made, [found.register]),
    )  # fmt: skip


def _published_layers(rows: Rows, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return dashed lines with their figures at the upper end; nothing where nothing is published."""
    if not rows:
        return []
    ends = list({row["toll"]: row for row in rows}.values())
    lines = alt.Chart(data(rows)).mark_line(strokeDash=[4, 3], color="#333", strokeWidth=1)
    names = alt.Chart(data(ends)).mark_text(align="left", dx=3, dy=-3, fontSize=12)
    order = alt.Order("completeness:Q")
    return [
        lines.encode(x=x, y=y, detail="toll:N", order=order, tooltip=["toll:N"]),
        names.encode(x=x, y=y, text="toll:N"),
    ]


def _published(lines: list[PublishedLine], scale: float) -> Rows:
    """Keep a few lines far enough apart to be read."""
    kept: list[PublishedLine] = []
    for line in sorted(lines, key=lambda row: row.excess_deaths):
        apart = 0.06 * lines_span(lines)
        if all(abs(line.excess_deaths - k.excess_deaths) > 4e-2 * abs(k.excess_deaths) + apart for k in kept):
            kept.append(line)
    return [
        {**vars(point), "toll": f"{line.excess_deaths / scale:.3g}"} for line in kept for point in line.points
    ]


def lines_span(lines: list[PublishedLine]) -> float:
    """Return the distance between the lowest and the highest published estimate, persons."""
    tolls = [line.excess_deaths for line in lines]
    return max(tolls) - min(tolls)
