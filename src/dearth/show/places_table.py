"""The table of places that a historian can print: rate and number, a row a place and a column a scenario."""

from dataclasses import dataclass

from dearth.estimate.estimates import Estimates
from dearth.reconstruction.place_posterior import PlacePosterior


@dataclass(frozen=True)
class PlaceLine:
    """A place with its posterior under each scenario that has places; None where it has none."""

    place: str
    cells: tuple[PlacePosterior | None, ...]


def places_table(made: Estimates) -> list[PlaceLine]:
    """Return one line a place, the highest rate of the first scenario first; empty without places."""
    scenarios = [] if made.posterior is None else [one for one in made.posterior.printed if one.places_sum]
    known = [{row.place: row for row in one.places} for one in scenarios]
    names = list(dict.fromkeys(name for of in known for name in of))
    lines = [PlaceLine(name, tuple(of.get(name) for of in known)) for name in names]
    return sorted(lines, key=_rate, reverse=True)


def _rate(line: PlaceLine) -> float:
    first = next((cell for cell in line.cells if cell is not None and cell.excess_per_1000 is not None), None)
    return float("-inf") if first is None or first.excess_per_1000 is None else first.excess_per_1000.median
