"""The tables a history is shown by: tidy rows with a median over draws and a band of a stated level.

Every figure is a sum or a mean of what the ledger recorded, taken draw by draw before the median is.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.interval import LEVEL
from dearth.system.flows import USES
from dearth.system.history import History
from dearth.system.history_rows import (
    BeliefRow,
    EnergyRow,
    Figure,
    GrainRow,
    HistoryTables,
    LabourRow,
    PeopleRow,
    StoryRow,
    TileRow,
)
from dearth.system.state import CENTRE

Floats = NDArray[np.float64]
FIELDS = "fields"  # where the harvest was reaped: no level of the administration
DIGITS = 7  # the records are kept in single precision


def figures(values: Floats) -> list[Figure]:
    """Return median and central interval over draws of each item of `values` [draw, item]."""
    count = len(values)
    empty = np.asarray(np.isnan(values).all(axis=0))
    held = np.where(empty, 0.0, values)
    at = [0.5] if count == 1 else [0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2]
    found = np.nanquantile(held, at, axis=0)
    return [
        Figure(None, None, None)
        if empty[i]
        else Figure(*(_rounded(x) for x in column), *[None] * (3 - len(at)))
        for i, column in enumerate(found.T)
    ]


def _rounded(x: float) -> float:
    return float(f"{x:.{DIGITS}g}")


def months(history: History) -> list[str]:
    """Return the months of a history, written 1911-07."""
    return [f"{year}-{month:02d}" for year in history.years for month in range(1, 13)]


def grain_account(history: History) -> dict[str, Floats]:
    """Return the grain account of the whole by calendar year [draw, year], t of original grain.

    opening + output + imports = seed + feed + eaten + losses + exports + closing + gap: stocks of rural
    places, towns and the state together. `procurement`, `ration` and `resale` (with relief) pass between
    them. `gap` is what the account lacks, reckoned draw by draw: rounding, if all is well.
    """
    yearly = {
        name: history.yearly(name).sum(-1)
        for name in ("output", "imports", "seed", "feed", "eaten", "lost", "lost_state", "exports",
                     "procured", "searched", "ration", "resale", "relief", "sent", "received", "moved_out",
                     "moved_in")
    }  # fmt: skip
    places = (history.december("store") + history.december("concealed")).sum(-1)
    state = history.december("granary").sum(-1)
    closing = places + state
    first = np.full((history.draws, 1), history.opening_grain)
    opening = np.concatenate([first, closing[:, :-1]], axis=1)
    losses = yearly["lost"] + yearly["lost_state"]
    moved = yearly["received"] - yearly["sent"] + yearly["moved_in"] - yearly["moved_out"]
    uses = yearly["seed"] + yearly["feed"] + yearly["eaten"] + losses + yearly["exports"]
    return {
        "opening": opening,
        "output": yearly["output"],
        "imports": yearly["imports"],
        "seed": yearly["seed"],
        "feed": yearly["feed"],
        "eaten": yearly["eaten"],
        "losses": losses,
        "exports": yearly["exports"],
        "closing": closing,
        "gap": opening + yearly["output"] + yearly["imports"] + moved - uses - closing,
        "stocks_places": places,
        "stocks_state": state,
        "procurement": yearly["procured"] + yearly["searched"],
        "ration": yearly["ration"],
        "resale": yearly["resale"] + yearly["relief"],
    }


def account_rows(history: History) -> tuple[GrainRow, ...]:
    """Return the grain account as rows."""
    return tuple(
        GrainRow(year, item, figure)
        for item, values in grain_account(history).items()
        for year, figure in zip(history.years, figures(values), strict=True)
    )


def belief_rows(history: History) -> tuple[BeliefRow, ...]:
    """Return what each level reported and believed of a year's harvest at its end."""
    truth = history.yearly("output").sum(-1)
    found = [BeliefRow(y, FIELDS, "harvested", f) for y, f in zip(history.years, figures(truth), strict=True)]
    for record, what in (("claims", "reported"), ("beliefs", "believed")):
        held = history.december(record).sum(-1)
        for at, level in enumerate(history.levels.names):
            of_level = zip(history.years, figures(held[..., at]), strict=True)
            found += [BeliefRow(y, level, what, f) for y, f in of_level]
    return tuple(found)


def energy_rows(history: History) -> tuple[EnergyRow, ...]:
    """Return kcal per head and day of rural places and towns by month."""
    parts = (("rural", ~history.urban), ("urban", history.urban))
    return tuple(
        EnergyRow(month, where, figure)
        for where, chosen in parts
        if chosen.any()
        for month, figure in zip(months(history), figures(history.monthly_energy(chosen)), strict=True)
    )


def people_rows(history: History) -> tuple[PeopleRow, ...]:
    """Return deaths, true and registered, and births of the whole by month."""
    found: list[PeopleRow] = []
    for record, what in (("deaths", "deaths"), ("deaths_registered", "registered"), ("births", "births")):
        values = np.asarray(history.records[record], float).sum(-1)
        found += [PeopleRow(m, what, f) for m, f in zip(months(history), figures(values), strict=True)]
    return tuple(found)


def labour_rows(history: History) -> tuple[LabourRow, ...]:
    """Return workers of all places by use and month."""
    values = np.asarray(history.records["labour"], float).sum(-1)
    return tuple(
        LabourRow(month, use, figure)
        for at, use in enumerate(USES)
        for month, figure in zip(months(history), figures(values[..., at]), strict=True)
    )


def tile_rows(history: History, tiles: Mapping[str, tuple[str, tuple[int, int]]]) -> tuple[TileRow, ...]:
    """Return death rates and energy of the tiles by year.

    Parameters
    ----------
    tiles
        Label and [line, column] by name: of places of the scenario, or else of its granary areas.
    """
    by_places = any(name in tiles for name in history.places)
    names = history.places if by_places else history.granary_areas
    rates = history.by_place(not by_places)["cdr"]
    found: list[TileRow] = []
    for at, name in enumerate(names):
        if name not in tiles:
            continue
        label, (line, column) = tiles[name]
        inside = np.arange(len(names)) == at if by_places else history.granary_area == at
        energy = history.yearly_energy(inside)
        for what, values in (("cdr", rates[..., at]), ("kcal", energy)):
            found += [
                TileRow(name, label or name[:2].upper(), line, column, year, what, figure)
                for year, figure in zip(history.years, figures(values), strict=True)
            ]
    return tuple(found)


def worst_rural_place(history: History) -> int:
    """Return the rural place whose highest yearly death rate, median over draws, is the highest of all."""
    rates = np.nan_to_num(np.median(history.by_place()["cdr"], axis=0)).max(0)
    return int(np.argmax(np.where(history.urban, -1.0, rates)))


def story_rows(history: History, place: int) -> tuple[StoryRow, ...]:
    """Return one place's months: t, kcal per head and day, persons.

    The harvest of a month is what was reaped in the twelve months that end with it; None before a year
    is out.
    """

    def record(name: str) -> Floats:
        return np.asarray(history.records[name][..., place], float)

    reaped = np.cumsum(record("output"), axis=1)
    year = reaped - np.concatenate([np.zeros((len(reaped), 12)), reaped[:, :-12]], axis=1)
    year[:, :11] = np.nan
    claims = np.asarray(history.records["claims"][..., place], float)
    parts: tuple[tuple[str, str, Floats], ...] = (
        ("harvest of a year, t", "harvested", year),
        ("harvest of a year, t", "reported by the place", claims[..., 0]),
        ("harvest of a year, t", "published by the centre", claims[..., CENTRE]),
        ("grain in store, t", "in the store", record("store")),
        ("grain in store, t", "concealed", record("concealed")),
        ("energy, kcal per head and day", "eaten", record("energy")),
        ("people a month, persons", "deaths", record("deaths")),
        ("people a month, persons", "deaths registered", record("deaths_registered")),
        ("people a month, persons", "births", record("births")),
    )
    return tuple(
        StoryRow(month, panel, what, figure)
        for panel, what, values in parts
        for month, figure in zip(months(history), figures(values), strict=True)
    )


def all_tables(
    history: History, tiles: Mapping[str, tuple[str, tuple[int, int]]], story_place: int
) -> HistoryTables:
    """Return every table; `tiles` as of `tile_rows`, `story_place` the number of the place of the story."""
    return HistoryTables(
        account_rows(history),
        belief_rows(history),
        energy_rows(history),
        people_rows(history),
        labour_rows(history),
        tile_rows(history, tiles),
        story_rows(history, story_place),
    )
