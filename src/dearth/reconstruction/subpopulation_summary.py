"""The places as a document: excess deaths of each, their sum, what it leaves out, what was predicted."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from dearth.numerics.interval import interval
from dearth.population.vital_registration import VitalRegister
from dearth.reconstruction.convergence_gates import refusals
from dearth.reconstruction.fit import Fit
from dearth.reconstruction.joint_draws import thinned
from dearth.reconstruction.place_posterior import Growth, HeldOutRate, PlacePosterior, PlacesSum
from dearth.reconstruction.population_model import SHARED
from dearth.reconstruction.subpopulations import Parts, shared_factor

Floats = NDArray[np.float64]


def place_posteriors(whole: Fit, parts: Parts, at: int) -> tuple[list[PlacePosterior], PlacesSum]:
    """Return the places of one scenario, and their sum with the rest that closes it to the whole."""
    rows, tolls = [], paired(whole, parts, at, "by_year")
    for place, register in enumerate(parts.registers):
        excess, found = _persons(parts, place, at, "by_year"), parts.diagnosed[at][place]
        refused = refusals(found)
        basis = "deaths and births" if parts.births_held[place] else "totals only: deaths"
        if refused:
            rows.append(PlacePosterior(register.place, basis, found, refused))
            continue
        people, total = _people(parts, register), excess.sum(-1).reshape(-1)
        rows.append(PlacePosterior(
            register.place, basis, found, refused, interval(total), interval(1000 * total / people.mean()),
            {str(year): interval(excess[..., i].reshape(-1)) for i, year in enumerate(_crisis_years(parts))},
            _growth(parts, place, at), _held_out_rates(whole, parts, place, at),
        ))  # fmt: skip
    return rows, _sum(whole, parts, at, rows, tolls)


def paired(whole: Fit, parts: Parts, at: int, name: str) -> dict[int, Floats]:
    """Return persons of the window [draw] of every printed place, by position, beside the whole's draws.

    Parameters
    ----------
    name : `by_year` of excess deaths, or `births`
    """
    return {
        place: _persons(parts, place, at, name).sum(-1).reshape(-1)[chosen]
        for place, chosen in pairing(whole, parts, at).items()
    }


def pairing(whole: Fit, parts: Parts, at: int) -> dict[int, NDArray[np.int64]]:
    """Return of every printed place, by its position, the draw that goes with each thinned draw of the whole.

    Draws are paired where completeness in and out of the crisis agrees best (an assignment of least squared
    distance): what all places share is then counted once, not averaged away.
    """
    if at in parts.pairs:
        return parts.pairs[at]
    chosen = thinned_draws(whole, at).reshape(-1)
    found = {}
    for place in parts.printed:
        theta = np.asarray(parts.draws[at].seen["theta"][place], float)
        found[place] = _paired(chosen, theta.reshape(-1, theta.shape[-1]), whole, at)
    parts.pairs[at] = found
    return found


def thinned_draws(whole: Fit, at: int) -> NDArray[np.int64]:
    """Return the whole draws of a scenario [chain, kept] that places are paired with, and that are kept."""
    chains, draws = np.asarray(whole.draws.seen["excess"][at]).shape
    return thinned(chains, draws)


def _crisis_years(parts: Parts) -> list[int]:
    return [parts.model.layout.years[i] for i in np.flatnonzero(parts.model.layout.crisis)]


def _people(parts: Parts, register: VitalRegister) -> Floats:
    """Return the registered people of a place in the crisis years [crisis year]."""
    return np.array([register.person_years[register.index[year]] for year in _crisis_years(parts)])


def _persons(parts: Parts, place: int, at: int, name: str) -> Floats:
    """Return excess deaths (`by_year`) or `births` of a place [chain, draw, crisis year].

    Fitted rates times registered people.
    """
    seen = {k: np.asarray(parts.draws[at].seen[k][place], float) for k in (name, "people")}
    inside = np.flatnonzero(parts.model.layout.crisis)
    rates = seen[name][..., inside] / seen["people"][..., inside]
    return np.asarray(rates * _people(parts, parts.registers[place]))


def _paired(chosen: NDArray[np.int64], theta: Floats, whole: Fit, at: int) -> NDArray[np.int64]:
    """Return the draw of a place [draw, unknown] that goes with each chosen draw of the whole."""
    mean, factor = shared_factor(whole, at)
    own = np.asarray(whole.draws.seen["theta"][at], float).reshape(-1, whole.model.own.size)[chosen]
    split = whole.model.own.split(own)
    both = np.stack([split["completeness_normal"], split["completeness_crisis"]], axis=-1)
    wanted = np.linalg.solve(factor, (both - mean).T).T
    held = theta[:, -SHARED:]
    apart = ((wanted[:, None] - held[None]) ** 2).sum(-1)
    return np.asarray(linear_sum_assignment(apart)[1])


def _growth(parts: Parts, place: int, at: int) -> Growth:
    """Return growth of the place's people as predicted and as the held-out stocks show it, per cent."""
    years, register = parts.model.layout.years, parts.registers[place]
    stocks = np.asarray(parts.draws[at].seen["stocks"][place], float).reshape(-1, len(years) + 1)
    held = {y: c for y, c in zip(register.years, register.closing, strict=True) if np.isfinite(c)}
    first = next((y for y in years if y in held), None)
    last = next((y for y in reversed(years) if y in held), None)
    if first is None or last is None or first == last:
        return Growth()
    ratio = stocks[:, years.index(last) + 1] / stocks[:, years.index(first) + 1]
    return Growth(first, last, interval(100 * (ratio - 1)), float(100 * (held[last] / held[first] - 1)))


def _held_out_rates(whole: Fit, parts: Parts, place: int, at: int) -> list[HeldOutRate]:
    """Return registered death rates of years that no fit used, beside what draws with noise predict."""
    years, register = parts.model.layout.years, parts.registers[place]
    seen = {k: np.asarray(parts.draws[at].seen[k][place], float) for k in ("registered", "deaths_noise")}
    rng = np.random.default_rng([whole.settings.seed + 21, at, place])
    found = []
    for i, year in enumerate(years):
        held = register.death_rate[register.index[year]] if year in register.index else np.nan
        if year in register.held_out and np.isfinite(held):
            apart = seen["deaths_noise"] * rng.standard_normal(seen["deaths_noise"].shape)
            predicted = 1000 * seen["registered"][..., i] * np.exp(apart)
            found.append(HeldOutRate(year, interval(predicted.reshape(-1)), float(held)))
    return found


def _sum(
    whole: Fit, parts: Parts, at: int, rows: list[PlacePosterior], tolls: dict[int, Floats]
) -> PlacesSum:
    """Return the sum of the places printed, never without what it leaves out."""
    left_out = dict(parts.left_out)
    left_out |= {row.place: "refused: " + "; ".join(row.refused) for row in rows if row.refused}
    left_out |= {
        name: "refused in another scenario"
        for i, name in enumerate(parts.places)
        if i not in tolls and name not in left_out
    }
    if not tolls:
        return PlacesSum(0, None, None, left_out, SUM_NOTE)
    total = np.sum(list(tolls.values()), axis=0)
    chosen = thinned_draws(whole, at).reshape(-1)
    nation = np.asarray(whole.draws.seen["excess"][at], float).reshape(-1)[chosen]
    return PlacesSum(len(tolls), interval(total), interval(nation - total), left_out, SUM_NOTE)


def of_rest(placed: PlacesSum | None) -> list[str]:
    """Return a warning where the places printed sum to more than the whole."""
    rest = None if placed is None else placed.rest
    if rest is None or rest.median >= 0:
        return []
    sure = "its whole interval is below 0" if rest.ends[1] < 0 else "in the middle of its interval"
    return [f"the places sum to more excess deaths than the whole ({sure}): their registers hold more deaths "
            "than the whole's, so the two sides do not agree and neither corrects the other"]  # fmt: skip


SUM_NOTE = (
    "the places are not the whole: rest is the whole's excess deaths less their sum, draw by draw; it covers "
    "the places without records, the refused ones and every error of the two sides; a place's excess is its "
    "fitted rates times its registered stocks, which enter no fit"
)
