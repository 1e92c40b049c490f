"""Small areas as a reader sees them in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.estimate.estimates import Estimates
from dearth.estimate.small_areas.district_deaths import OTHERS
from dearth.estimate.small_areas.small_area_result import SmallAreaEstimates, SmallAreasResult
from dearth.numerics.number_words import persons, span

MOST_ROWS = 30  # districts in the terminal; the highest rates first


def small_areas_of(made: Estimates) -> tuple[SmallAreaEstimates, ...]:
    """Return the small areas of a result; none where the case has none."""
    return tuple(
        block for one in made.record_results if isinstance(one, SmallAreasResult) for block in one.blocks
    )


def print_small_areas(console: Console, made: Estimates) -> None:
    """Print the districts, their groups and those to survey next, or nothing without small areas."""
    for block in small_areas_of(made):
        console.print(_districts(block))
        if block.groups:
            console.print(_groups(block))
        if block.next_surveys:
            console.print(_next(block))


def _districts(block: SmallAreaEstimates) -> Table:
    months = block.inputs.cells.months
    first, last = months[block.inputs.window[0]].start, months[block.inputs.window[-1]].end
    table = Table(title=f"{escape(block.title)}: districts, {first} to {last}")
    table.add_column("district", overflow="fold")
    for name in ("people", "deaths", "95 % interval", "per 10,000 a day", "P(2 or more)"):
        table.add_column(name, justify="right")
    ordered = sorted(block.districts, key=lambda one: -one.rate.median)
    for one in ordered[:MOST_ROWS]:
        table.add_row(
            escape(block.inputs.cells.places[one.place]), persons(one.people), persons(one.deaths.median),
            span(*one.deaths.ends, " - "), f"{one.rate.median:.2f}", f"{one.p_above_2:.0%}",
        )  # fmt: skip
    if len(ordered) > MOST_ROWS:
        table.caption = (
            f"{len(ordered) - MOST_ROWS} more districts are in --json and in districts_hdx.csv of a run"
        )
    return table


def _groups(block: SmallAreaEstimates) -> Table:
    table = Table(title=f"{escape(block.title)}: groups within the districts")
    table.add_column("group", overflow="fold")
    table.add_column("district", overflow="fold")
    for name in ("people", "deaths", "95 % interval", "per 10,000 a day", "P(2 or more)"):
        table.add_column(name, justify="right")
    rows = [one for one in block.groups if one.place is None or one.group != OTHERS]
    for one in rows[:MOST_ROWS]:
        place = "all" if one.place is None else block.inputs.cells.places[one.place]
        table.add_row(
            escape(one.group), escape(place), persons(one.people), persons(one.deaths.median),
            span(*one.deaths.ends, " - "), f"{one.rate.median:.2f}", f"{one.p_above_2:.0%}",
        )  # fmt: skip
    if len(rows) > MOST_ROWS:
        table.caption = f"{len(rows) - MOST_ROWS} more rows are in --json and districts_groups.csv"
    return table


def _next(block: SmallAreaEstimates) -> Table:
    table = Table(title=f"{escape(block.title)}: districts to survey next, in this order")
    table.add_column("district", overflow="fold")
    for name in ("sd of the deaths before", "expected after"):
        table.add_column(name, justify="right")
    for one in block.next_surveys:
        table.add_row(escape(one.place), persons(one.sd_before), persons(one.sd_after))
    return table
