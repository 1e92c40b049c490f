"""Findings of charts of places: rates, growth, and predictions against figures that no fit used."""

from collections.abc import Callable

from dearth.show.charts.base import Rows
from dearth.show.language import said
from dearth.show.said import Name, Said


def _map(rows: Rows) -> Said:
    most = max(rows, key=lambda row: row["cdr"])
    return said("title.map", place=Name(most["place"]), year=most["year"], rate=f"{most['cdr']:.1f}")


def _growth(rows: Rows) -> Said:
    least, most = (end(rows, key=lambda row: row["growth_percent"]) for end in (min, max))
    return said("title.growth", place=Name(least["place"]), low=f"{least['growth_percent']:.0f}",
                other=Name(most["place"]), high=f"{most['growth_percent']:.0f}")  # fmt: skip


def _rates(rows: Rows) -> Said:
    most = max(rows, key=lambda row: row["median"])
    return said("title.places", place=Name(most["place"]), rate=f"{most['median']:.0f}",
                scenario=Name(most["scenario"]))  # fmt: skip


def _predicted(rows: Rows) -> Said:
    inside = sum(row["low"] <= row["registered"] <= row["high"] for row in rows)
    return said("title.predicted", inside=inside, many=len(rows))


PLACES: dict[str, Callable[[Rows], Said | None]] = {
    "map": _map, "growth": _growth, "reconstruction_places": _rates, "reconstruction_map": _rates,
    "reconstruction_growth": _predicted, "reconstruction_rates": _predicted,
}  # fmt: skip
