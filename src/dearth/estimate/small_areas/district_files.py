"""Deaths by district and month as files, with the columns that HDX, FEWS NET and the IPC API use."""

import csv
import io
from collections.abc import Mapping

from dearth.estimate.small_areas.small_area_result import (
    NOT_IPC,
    DistrictMonth,
    GroupDeaths,
    SmallAreaEstimates,
)

# our name of a column: the name in the file
HDX: Mapping[str, str] = {
    "place": "admin2_name", "start": "reference_period_start", "end": "reference_period_end",
    "people": "population",
}  # fmt: skip
FEWS_NET: Mapping[str, str] = {
    "place": "geographic_unit_name", "start": "projection_start", "end": "projection_end",
    "people": "population",
}  # fmt: skip
IPC_API: Mapping[str, str] = {
    "place": "area_name", "start": "analysis_period_start", "end": "analysis_period_end",
    "people": "estimated_population",
}  # fmt: skip
OWN = (
    "deaths", "deaths_low", "deaths_high", "crude_death_rate_per_10000_day", "crude_death_rate_low",
    "crude_death_rate_high", "p_above_2", "interval_level", "population_source", "note",
)  # fmt: skip


def districts_csv(block: SmallAreaEstimates, names: Mapping[str, str]) -> str:
    """Return one row a district and month, with the columns of a layout and those of `OWN`."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow([*names.values(), *OWN])
    for one in block.months:
        out.writerow(_row(block, one))
    return text.getvalue()


def groups_csv(block: SmallAreaEstimates) -> str:
    """Return one row a group and district over the window, that of all districts first."""
    months, window = block.inputs.cells.months, block.inputs.window
    days = (months[window[0]].start.isoformat(), months[window[-1]].end.isoformat())
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["place", "group", "start", "end", "population", *OWN])
    for one in block.groups:
        place = "" if one.place is None else block.inputs.cells.places[one.place]
        out.writerow([place, one.group, *days, round(one.people), *_figures(block, one)])
    return text.getvalue()


def _row(block: SmallAreaEstimates, one: DistrictMonth) -> list[object]:
    month = block.inputs.cells.months[one.month or 0]
    place = block.inputs.cells.places[one.place]
    return [
        place, month.start.isoformat(), month.end.isoformat(), round(one.people), *_figures(block, one),
    ]  # fmt: skip


def _figures(block: SmallAreaEstimates, one: DistrictMonth | GroupDeaths) -> list[object]:
    """Return the cells of `OWN`."""
    deaths, rate = one.deaths, one.rate
    return [
        *(f"{value:.1f}" for value in (deaths.median, *deaths.ends)),
        *(f"{value:.3f}" for value in (rate.median, *rate.ends)),
        f"{one.p_above_2:.3f}", deaths.level, block.totals[0].population, NOT_IPC,
    ]  # fmt: skip
