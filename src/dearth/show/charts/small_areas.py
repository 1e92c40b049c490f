"""Chart of small areas: the mean death rate of each district in the window, with its interval."""

import altair as alt

from dearth._version import __version__
from dearth.estimate.estimates import Estimates
from dearth.estimate.small_areas.small_area_result import NOT_IPC, SmallAreaEstimates, SmallAreasResult
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish

MOST = 60  # districts drawn; the table has all
STEP = 13  # pixels of a row
FAMINE_RATE = 2.0  # deaths per 10,000 a day (ipc2016)


def small_areas_chart(made: Estimates) -> Chart | None:
    """Draw the death rate of each district of the first block, the highest first."""
    blocks = [b for one in made.record_results if isinstance(one, SmallAreasResult) for b in one.blocks]
    if not blocks:
        return None
    rows: Rows = [row for block in blocks for row in _rows(block)]
    drawn = sorted(rows, key=lambda row: -row["rate_per_10000_day"])[:MOST]
    order = [row["district"] for row in drawn]
    base = alt.Chart().encode(
        y=alt.Y("district:N", sort=order, title=None),
        tooltip=["district:N", "rate_per_10000_day:Q", "low:Q", "high:Q", "p_above_2:Q", "deaths:Q"],
    )
    x = alt.X("rate_per_10000_day:Q", title="deaths per 10,000 people a day (95 % interval)")
    ends = base.mark_rule(strokeWidth=2, color=COLOURS[0]).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=40, color=COLOURS[0], opacity=1).encode(x=x)
    limit = alt.Chart(data([{"limit": FAMINE_RATE}])).mark_rule(strokeDash=[4, 3]).encode(x="limit:Q")
    layer = alt.layer(alt.layer(ends, dots, data=data(drawn)), limit)
    sources = {block.source for block in made.case.settings.small_areas.values()}
    more = f" The {MOST} highest of {len(rows)} districts are drawn." if len(rows) > MOST else ""
    return Chart(
        "small_areas",
        "Death rates of the districts",
        f"Mean of the window, by the model of surveys, predictors and districts.{more} The dashed line is 2 "
        f"deaths per 10,000 a day. {NOT_IPC}",
        finish(layer.properties(width=WIDTH - 160, height=alt.Step(STEP))), rows,
        "log rates are normal around the predictors; surveys stand for their districts",
        cited(made.case, sources, f"computed by dearth {__version__}"),
    )  # fmt: skip


def _rows(block: SmallAreaEstimates) -> Rows:
    return [
        {
            "block": block.title, "district": block.inputs.cells.places[one.place], "people": one.people,
            "rate_per_10000_day": one.rate.median, "low": one.rate.low, "high": one.rate.high,
            "level": one.rate.level, "p_above_2": one.p_above_2, "deaths": one.deaths.median,
            "deaths_low": one.deaths.low, "deaths_high": one.deaths.high,
        }
        for one in block.districts
    ]  # fmt: skip
