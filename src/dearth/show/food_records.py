"""The recorded figures of food that a case has: output, procurement, trade, stocks and consumption."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from dearth.case import labels
from dearth.case.evidence import Row
from dearth.case.read import Case
from dearth.case.years import UNDATED, window_years
from dearth.numerics.rank_correlation import rank_correlation
from dearth.show.language import said
from dearth.show.said import Said

# panels of the chart: a title, and the variables that share a unit and a scale
PANELS: dict[str, tuple[str, ...]] = {
    "Output": ("grain_output", "rice_supply"),
    "Procured, and resold to the countryside": (
        "grain_procurement_gross", "grain_procurement_net", "grain_resold_to_countryside",
    ),
    "Exports and imports": ("grain_exports", "grain_imports"),
    "Stocks of the state": ("grain_stock_state_yearend",),
    "Grain eaten per head": ("grain_consumption_per_head_rural", "grain_consumption_per_head_urban"),
    "Sown area": ("grain_sown_area",),
}  # fmt: skip
# what the finding speaks of: output by its lowest year of the window, the others by their highest
MOVED = ("grain_output", "grain_procurement_gross", "grain_exports")
BEFORE = 3  # years before the window with which places are compared; assumed
FEWEST_PLACES = 8  # below which no relation across places is drawn; assumed


@dataclass(frozen=True)
class FoodFigure:
    """One recorded figure of the whole place; `value` in `unit` as the source prints it."""

    panel: str
    series: str
    variable: str
    year: int
    value: float
    unit: str
    quality: str
    source: str


@dataclass(frozen=True)
class PlaceOutput:
    """Output and deaths of one place: the crisis years over the years before.

    Attributes
    ----------
    output_change : log of mean output in the window over mean output before
    rate_change : registered deaths per 1000 a year in the window less those before
    """

    place: str
    output_change: float
    rate_change: float


def food_figures(case: Case) -> tuple[FoodFigure, ...]:
    """Return the recorded figures in the order of `PANELS`; remembered figures are left out."""
    names, found = labels.of(case), []
    rows = _of_whole(case)
    for panel, variables in PANELS.items():
        for variable in variables:
            mine = sorted((r for r in rows if r.variable == variable), key=lambda r: (r.series, r.year))
            unit = Counter(row.unit for row in mine).most_common(1)
            found += [
                FoodFigure(
                    panel, names.series(r.series), variable, r.year, r.value, r.unit, r.quality, r.source_id
                )
                for r in mine
                if r.unit == unit[0][0]
            ]
    return tuple(found)


def _of_whole(case: Case) -> list[Row]:
    return [
        row for row in case.evidence
        if not row.place and not row.by_age and row.when == row.year and row.quality != "recalled"
    ]  # fmt: skip


def food_finding(case: Case) -> str:
    """Return how output, procurement and exports moved, in one sentence; empty without figures of output."""
    figures = food_figures(case)
    if not figures:
        return ""
    parts = [] if case.settings.window == UNDATED else _movements(case, figures)
    if not parts:
        return said("finding.food_none")
    return said(f"finding.food_{len(parts)}", **dict(zip("abc", parts, strict=False))).capitalised


def _movements(case: Case, figures: tuple[FoodFigure, ...]) -> list[Said]:
    """Return how each variable of `MOVED` moved, a part of a sentence each."""
    window, parts = window_years(case.settings.window), []
    for variable in MOVED:
        moved = _moved(figures, variable, window, lowest=variable == "grain_output")
        if moved is not None:
            share, first, year = moved
            parts.append(said("food.fell" if share < 0 else "food.rose", what=said(f"food.{variable}"),
                              share=f"{100 * abs(share):.0f}", first=first, year=year))  # fmt: skip
    return parts


def _moved(
    figures: tuple[FoodFigure, ...], variable: str, window: tuple[int, ...], lowest: bool
) -> tuple[float, int, int] | None:
    """Return the change from the last year before the window to its extreme year, by the longest series."""
    of = [one for one in figures if one.variable == variable]
    if not of:
        return None
    series = Counter(one.series for one in of).most_common(1)[0][0]
    values = {one.year: one.value for one in of if one.series == series}
    before = [year for year in values if year < window[0]]
    inside = [year for year in window if year in values]
    if not before or not inside:
        return None
    first = max(before)
    year = (min if lowest else max)(inside, key=lambda y: values[y])
    return values[year] / values[first] - 1, first, year


def outputs_of_places(case: Case) -> tuple[PlaceOutput, ...]:
    """Return output against registered deaths of each place that has both; empty below `FEWEST_PLACES`."""
    if case.settings.window == UNDATED:
        return ()
    window = window_years(case.settings.window)
    before = tuple(range(window[0] - BEFORE, window[0]))
    values: dict[tuple[str, str, int], float] = {
        (row.place, row.variable, row.year): row.base
        for row in case.evidence
        if row.place and not row.by_age and row.quality != "recalled"
        and row.variable in ("grain_output", "crude_death_rate")
    }  # fmt: skip
    found = []
    for place in sorted({key[0] for key in values}):
        output, deaths = (
            [[values.get((place, what, year), np.nan) for year in years] for years in (before, window)]
            for what in ("grain_output", "crude_death_rate")
        )
        change = float(np.log(np.mean(output[1]) / np.mean(output[0])))
        rise = float(np.mean(deaths[1]) - np.mean(deaths[0]))
        if np.isfinite([change, rise]).all():
            found.append(PlaceOutput(place, change, rise))
    return tuple(found) if len(found) >= FEWEST_PLACES else ()


def relation_of(places: tuple[PlaceOutput, ...]) -> float:
    """Return the rank correlation of the change of output with the rise of the death rate."""
    return rank_correlation([one.output_change for one in places], [one.rate_change for one in places])
