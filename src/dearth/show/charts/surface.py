"""The toll over crisis completeness and the normal death rate."""

import altair as alt

from dearth.show.charts.base import WIDTH, Chart, Document, Rows, citation, data, finish, unit


def surface_chart(document: Document) -> Chart | None:
    """Heat map of the toll with the break-even line and lines of published tolls."""
    found = document.get("surface")
    if not found or not found["excess_deaths"]:
        return None
    scale, name = unit([v for line in found["excess_deaths"] for v in line])
    step = found["normal_rate"][1] - found["normal_rate"][0]
    tall = found["completeness"][1] - found["completeness"][0]
    cells = [
        {"completeness": k, "k2": k + tall, "normal_rate": b, "b2": b + step, "toll": e / scale}
        for k, line in zip(found["completeness"], found["excess_deaths"], strict=True)
        for b, e in zip(found["normal_rate"], line, strict=True)
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
            color=alt.Color("toll:Q", title=f"toll, {name}",
                            scale=alt.Scale(scheme="purpleorange", domain=[-most, most], reverse=True)),
            tooltip=[alt.Tooltip(f"{f}:Q", format=".3g") for f in ("completeness", "normal_rate", "toll")],
        )
    )  # fmt: skip
    lines = [{**p, "toll": "nought (break-even)"} for p in found["break_even"]]
    layers: list[alt.Chart] = [heat]
    layers.append(
        alt.Chart(data(lines)).mark_line(strokeWidth=2.5, color="black").encode(
            x=x, y=y, order=alt.Order("completeness:Q"), tooltip=["toll:N"])
    )  # fmt: skip
    layers += _published_layers(_published(found["published_lines"], scale), x, y)
    chart = alt.layer(*layers).properties(width=WIDTH - 60, height=360)
    return Chart(
        "surface",
        "The toll over what is assumed of registration and of the normal death rate",
        f"Excess deaths {found['window']} on the deaths of {found['register']}, for every pair of a share "
        "of the crisis deaths that was registered and a true normal death rate. Along the heavy line there "
        "is no excess at all; dashed lines join the pairs that give a published toll.",
        finish(chart),
        [{"completeness": c["completeness"], "normal_rate": c["normal_rate"],
          "excess_deaths": c["toll"] * scale} for c in cells],
        f"rate method; {found['register']}; window {found['window']}; both axes are assumptions",
        citation(document, [found["register"]]),
    )  # fmt: skip


def _published_layers(rows: Rows, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return dashed lines with their tolls at the upper end; nothing where nothing is published."""
    if not rows:
        return []
    ends = list({row["toll"]: row for row in rows}.values())
    lines = alt.Chart(data(rows)).mark_line(strokeDash=[4, 3], color="#333", strokeWidth=1)
    names = alt.Chart(data(ends)).mark_text(align="left", dx=3, dy=-3, fontSize=10)
    order = alt.Order("completeness:Q")
    return [
        lines.encode(x=x, y=y, detail="toll:N", order=order, tooltip=["toll:N"]),
        names.encode(x=x, y=y, text="toll:N"),
    ]


def _published(lines: Rows, scale: float) -> Rows:
    """Keep a few lines far enough apart to be read."""
    kept: list[Document] = []
    for line in sorted(lines, key=lambda row: row["excess_deaths"]):
        if all(abs(line["excess_deaths"] - k["excess_deaths"]) > 4e-2 * abs(k["excess_deaths"]) + 0.06
               * lines_span(lines) for k in kept):  # fmt: skip
            kept.append(line)
    return [
        {**point, "toll": f"{line['excess_deaths'] / scale:.3g}"} for line in kept for point in line["points"]
    ]


def lines_span(lines: Rows) -> float:
    """Return the distance between the lowest and the highest published toll."""
    tolls = [float(line["excess_deaths"]) for line in lines]
    return max(tolls) - min(tolls)
