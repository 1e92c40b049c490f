"""The residuals of the accounts, by year and register."""

import altair as alt

from dearth.show.charts.base import COLOURS, WIDTH, Chart, Document, citation, data, finish, unit


def accounts_chart(document: Document) -> Chart | None:
    """Bars of stock change less natural increase, for each register of the whole."""
    rows = [row for row in document.get("accounts", []) if not row["place"]]
    if not rows:
        return None
    scale, name = unit([row["residual"] for row in rows])
    values = [
        {"year": row["year"], "register": row["register"], "residual": row["residual"] / scale}
        for row in rows
    ]
    registers = list(dict.fromkeys(row["register"] for row in rows))
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
        "Stock change less natural increase, by year. Where the books were right and nobody moved, "
        "every bar would be nought. What a bar means (migration, unregistered deaths or births, false "
        "names, interpolated stocks) is what the estimates disagree about. The "
        "table and the CSV hold the accounts of the places too, where their births are known.",
        finish(bars),
        document["accounts"],
        "residual = stock change - (births - deaths), as registered",
        citation(document),
    )
