"""Priors of the size and the age pattern of a mortality crisis, learned from other famines.

The tables `famine_death_rates.csv` and `famine_ages.csv` hold yearly mortality of great famines with sources.
A famine counts once however many years it has. The place under study is left out. Both priors are symmetric
about no crisis: what is learned is how far from it a famine year may lie.
"""

import csv
import math
from collections import Counter
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from dearth.case.schema import Prior

Floats = NDArray[np.float64]
SOURCE = "dearth_famine_tables"  # key of the bibliography
RATES, AGES = "famine_death_rates.csv", "famine_ages.csv"
WITHIN = {  # a famine of the smaller place is one of the larger: where one is studied both are left out
    "Ukraine": "Soviet Union", "Kazakhstan": "Soviet Union", "Leningrad": "Soviet Union",
    "Madras": "India", "Bengal": "India",
}  # fmt: skip
MIDDLE, FAR = 0.5, 0.9  # quantiles of the size that the prior of a shock takes from the table
MIDDLE_Z, FAR_Z = 0.6745, 1.6449  # of the absolute value of a standard normal


@cache
def famine_priors(place: str = "") -> dict[str, Prior]:
    """Return the priors of ``shock_year`` and ``shock_age``, `place` left out.

    Parameters
    ----------
    place
        The place under study; rows of a place whose name it holds are left out, and of those within it or
        around it.
    """
    sizes, weights = _sizes(place)
    middle, far = (_quantile(sizes, weights, share) for share in (MIDDLE, FAR))
    tail = max(0.0, math.log(far / middle * MIDDLE_Z / FAR_Z) / ((FAR_Z**2 - MIDDLE_Z**2) / 2))
    scale = middle / (MIDDLE_Z * math.exp(tail * MIDDLE_Z**2 / 2))
    relative, apart = _relative(place)
    spread = math.sqrt(float((apart * relative**2).sum() / apart.sum()))
    other = f", without {place}" if place else ""
    return {
        "shock_year": Prior(
            dist="heavy_tailed", mean=0, sd=round(scale, 3), tail=round(tail, 3), source=SOURCE,
            note=f"symmetric about no crisis; as far from it as {len(sizes)} famine years{other}",
        ),
        "shock_age": Prior(
            dist="normal", mean=0, sd=round(spread, 3), source=SOURCE,
            note=f"as far from the mean of all ages as {len(relative)} groups of famines{other}",
        ),
    }  # fmt: skip


def _rows(name: str, place: str) -> list[dict[str, str]]:
    text = files("dearth.reconstruction").joinpath(name).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return [row for row in rows if not place or not _same(row["place"], place.lower())]


def _same(famine: str, studied: str) -> bool:
    """Return whether a famine's place is named by the place studied, lies within it or around it."""
    around = {WITHIN[name] for name in WITHIN if name.lower() in studied}
    names = {famine, WITHIN.get(famine, famine)}
    return famine in around or any(name.lower() in studied for name in names)


def _sizes(place: str) -> tuple[Floats, Floats]:
    """Return the logs of famine deaths over normal ones [year], and weights that sum to 1 a place."""
    rows = _rows(RATES, place)
    many = Counter(row["place"] for row in rows)
    sizes = np.array([abs(math.log(float(row["deaths_over_normal"]))) for row in rows])
    return sizes, np.array([1 / many[row["place"]] for row in rows])


def _relative(place: str) -> tuple[Floats, Floats]:
    """Return how far groups answered more or less than all ages, and weights that sum to 1 a place."""
    rows = _rows(AGES, place)
    many = Counter(row["place"] for row in rows)
    return (np.array([float(row["relative"]) for row in rows]),
            np.array([1 / many[row["place"]] for row in rows]))  # fmt: skip


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    order = np.argsort(values)
    held = np.cumsum(weights[order]) - 0.5 * weights[order]
    return float(np.interp(share, held / weights.sum(), values[order]))
