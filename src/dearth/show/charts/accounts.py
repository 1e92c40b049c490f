"""The residuals of the accounts, by year and register."""

import altair as alt

from dearth.case import labels
from dearth.estimate.document import plain
from dearth.estimate.estimates import Estimates
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, citation, data, finish, labelled, unit
from dearth.show.language import said


def accounts_chart(made: Estimates) -> Chart | None:
    """Bars of stock change less natural increase, for each register of the whole."""
    names = labels.of(made.case)
    rows: Rows = plain(made.accounts)
    read = labelled(rows, names)
    whole = [row for row in read if not row["place"]]
    if not whole:
        return None
    scale, name = unit([row["residual"] for row in whole])
    values = [
        {"year": row["year"], "register": row["register"], "residual": row["residual"] / scale}
        for row in whole
    ]
    registers = list(dict.fromkeys(row["register"] for row in whole))
    bars = (
        alt.Chart(data(values))
        .mark_bar()
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("residual:Q", title=f"residual, {name}"),
            color=alt.Color(
                "register:N", legend=None,
                scale=alt.Scale(domain=registers, range=list(COLOURS[: len(registers)])),
            ),
            tooltip=["register:N", "year:O", alt.Tooltip("residual:Q", format=",.3f")],
        )
        .properties(width=WIDTH, height=150)
        .facet(row=alt.Row("register:N", title=None, sort=registers,
                           header=alt.Header(labelAngle=0, labelAlign="left", labelOrient="top")))
    )  # fmt: skip
    return Chart(
        "accounts",
        "The accounts: do the stocks follow from the births and deaths?",
        said("caption.accounts"),
        finish(bars),
        rows,
        "residual = stock change - (births - deaths) - net migration, as registered",
        citation(made),
        table=read,
    )
