"""The places as a document: each one's toll, their sum with what it leaves out, and what was predicted."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from dearth.numerics.hmc import Draws
from dearth.numerics.interval import interval
from dearth.reconstruction.convergence_gates import refusals, worst
from dearth.reconstruction.fit import Fit
from dearth.reconstruction.population_model import SHARED
from dearth.reconstruction.subpopulations import Parts, gated, shared_factor

Floats = NDArray[np.float64]
PAIRED = 500  # draws of the whole that draws of the places are paired with


def parts_document(whole: Fit, parts: Parts, at: int) -> dict[str, Any]:
    """Return the places of one scenario, their sum, and the rest that closes it to the whole.

    Draws are paired with the whole's where completeness in and out of the crisis agrees best (an assignment
    of least squared distance): what all places share is then counted once, not averaged away.
    """
    inside = np.flatnonzero(parts.model.given.crisis)
    years = [parts.model.given.years[i] for i in inside]
    rows, summed = [], []
    chosen = _whole_draws(whole, at)
    common = _printed_in_all(parts)
    for place, register in enumerate(parts.registers):
        seen = {k: np.asarray(v[place], float) for k, v in parts.draws[at].seen.items()}
        rates = seen["by_year"] / seen["people"]
        people = np.array([register.person_years[register.index[y]] for y in years])
        excess = (rates[..., inside] * people).sum(-1)
        diverged = parts.draws[at].diverged[place]
        found = worst([excess, *gated(parts.draws[at], place, inside)], int(diverged.sum()))
        refused = refusals(found, diverged.size)
        row: dict[str, Any] = {
            "place": register.place,
            "basis": "deaths and births" if parts.births_held[place] else "totals only: deaths",
            "diagnostics": found, "refused": refused,
            "excess_deaths": None, "excess_per_1000": None, "by_year": None, "growth": None,
        }  # fmt: skip
        if not refused:
            flat = excess.reshape(-1)
            row["excess_deaths"] = interval(flat)
            row["excess_per_1000"] = interval(1000 * flat / people.mean())
            row["by_year"] = {
                str(y): interval((rates[..., i] * p).reshape(-1))
                for y, i, p in zip(years, inside, people, strict=True)
            }
            row["growth"] = _growth(parts, seen, place)
            if place in common:
                summed.append(_paired(chosen, seen["theta"].reshape(flat.size, -1), flat, whole, at))
        rows.append(row)
    return {"places": rows, "places_sum": _sum(whole, parts, at, chosen, common, rows, summed)}


def _printed_in_all(parts: Parts) -> set[int]:
    """Return the places that pass the gates in every scenario: sums of scenarios are of the same places."""
    inside = np.flatnonzero(parts.model.given.crisis)

    def fine(draws: Draws, place: int) -> bool:
        diverged = draws.diverged[place]
        found = worst(gated(draws, place, inside), int(diverged.sum()))
        return not refusals(found, diverged.size)

    return {i for i in range(len(parts.places)) if all(fine(draws, i) for draws in parts.draws)}


def _whole_draws(whole: Fit, at: int) -> NDArray[np.int64]:
    many = whole.draws.seen["excess"][at].size
    return np.linspace(0, many - 1, min(PAIRED, many)).astype(np.int64)


def _paired(chosen: NDArray[np.int64], theta: Floats, toll: Floats, whole: Fit, at: int) -> Floats:
    """Return a place's toll for each chosen draw of the whole."""
    mean, factor = shared_factor(whole, at)
    own = np.asarray(whole.draws.seen["theta"][at], float).reshape(-1, whole.model.own.size)[chosen]
    split = whole.model.own.split(own)
    both = np.stack([split["completeness_normal"], split["completeness_crisis"]], axis=-1)
    wanted = np.linalg.solve(factor, (both - mean).T).T
    held = theta[:, -SHARED:]
    apart = ((wanted[:, None] - held[None]) ** 2).sum(-1)
    return np.asarray(toll[linear_sum_assignment(apart)[1]])


def _growth(parts: Parts, seen: dict[str, Floats], place: int) -> dict[str, Any]:
    """Return growth of the place's people as predicted and as the held-out stocks show it, per cent."""
    years, register = parts.model.given.years, parts.registers[place]
    stocks = seen["stocks"].reshape(-1, len(years) + 1)
    held = {y: c for y, c in zip(register.years, register.closing, strict=True) if np.isfinite(c)}
    first = next((y for y in years if y in held), None)
    last = next((y for y in reversed(years) if y in held), None)
    if first is None or last is None or first == last:
        return {"from": None, "to": None, "predicted_percent": None, "registered_percent": None}
    ratio = stocks[:, years.index(last) + 1] / stocks[:, years.index(first) + 1]
    return {"from": first, "to": last, "predicted_percent": interval(100 * (ratio - 1)),
            "registered_percent": float(100 * (held[last] / held[first] - 1))}  # fmt: skip


def _sum(
    whole: Fit, parts: Parts, at: int, chosen: NDArray[np.int64], common: set[int],
    rows: list[dict[str, Any]], summed: list[Floats],
) -> dict[str, Any]:  # fmt: skip
    """Return the sum of the places printed, never without what it leaves out."""
    left_out = dict(parts.left_out)
    left_out |= {row["place"]: "refused: " + "; ".join(row["refused"]) for row in rows if row["refused"]}
    left_out |= {
        name: "refused in another scenario"
        for i, name in enumerate(parts.places)
        if i not in common and name not in left_out
    }
    if not summed:
        return {"places": 0, "excess_deaths": None, "rest": None, "left_out": left_out, "note": SUM_NOTE}
    total = np.sum(summed, axis=0)
    nation = np.asarray(whole.draws.seen["excess"][at], float).reshape(-1)[chosen]
    return {"places": len(summed), "excess_deaths": interval(total), "rest": interval(nation - total),
            "left_out": left_out, "note": SUM_NOTE}  # fmt: skip


def of_rest(placed: dict[str, Any]) -> list[str]:
    """Return a warning where the places printed sum to more than the whole."""
    rest = (placed.get("places_sum") or {}).get("rest")
    if rest is None or rest["median"] >= 0:
        return []
    sure = (
        "its whole interval is below 0" if rest["high"] is not None and rest["high"] < 0 else "in the middle"
    )
    return [f"the places sum to more excess deaths than the whole ({sure}): their registers hold more deaths "
            "than the whole's, so the two sides do not agree and neither corrects the other"]  # fmt: skip


SUM_NOTE = (
    "the places held are not the whole: rest is the whole's toll less their sum, draw by draw, and holds "
    "the places not held, the refused ones and every error of the two sides; a place's toll is its fitted "
    "rates times its registered stocks, which enter no fit"
)
