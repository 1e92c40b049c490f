"""May a posterior be printed, and with which warnings? The same answer for a report and for a trial."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.hmc import Draws
from dearth.numerics.interval import interval
from dearth.numerics.number_words import persons
from dearth.reconstruction.conflicts import (
    conflict_refusals,
    conflict_warnings,
    edge_warnings,
    standardised_shifts,
)
from dearth.reconstruction.convergence_gates import diagnostics, refusals
from dearth.reconstruction.generated_quantities import GATED
from dearth.reconstruction.own_units import own_units
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.posterior_tables import Diagnostics
from dearth.reconstruction.problem_data import Data
from dearth.reconstruction.unknown_labels import labels

Floats = NDArray[np.float64]
JUDGED = (*GATED, "theta")  # what the gates judge of a draw
UNTOLD = 0.1  # share of the variance of excess deaths that migration may explain unsaid; assumed
BOUNDED = {
    "completeness_normal": "completeness before the crisis",
    "completeness_crisis": "completeness in the crisis",
    "birth_completeness": "completeness of births",
}


@dataclass(frozen=True)
class Judgement:
    """What the gates and the rule of prior-data conflict say of one posterior.

    Attributes
    ----------
    refused : why it may not be printed; empty where it may
    warnings : what a reader of the interval must know
    migration_share : share of the variance of excess deaths that net migration explains
    furthest : how far chance was exceeded by the unknown furthest from its prior
    """

    diagnostics: Diagnostics
    refused: list[str]
    warnings: list[str]
    furthest: float
    migration_share: float


def judge(model: Model, mine: Data, draws: Draws, at: int = 0) -> Judgement:
    """Return what is to be said of the posterior of one problem.

    Parameters
    ----------
    mine
        The data of the problem.
    draws, at
        Draws of several problems, and which is meant.
    """
    found = diagnostics(draws, at, JUDGED)
    theta = np.asarray(draws.seen["theta"][at], float)
    flat = theta.reshape(-1, theta.shape[-1])
    named, means, sds = labels(model), flat.mean(0), flat.std(0)
    return Judgement(
        found, [*refusals(found), *conflict_refusals(named, means)],
        [*conflict_warnings(named, means, sds), *edge_warnings(_bounded(model, mine, flat))],
        float(np.abs(standardised_shifts(means, sds)).max()), _migration_share(named, flat, draws, at),
    )  # fmt: skip


def _bounded(model: Model, mine: Data, theta: Floats) -> dict[str, tuple[float, float, float, float]]:
    """Return the middle of each unknown share with bounds, its bounds, and the sd of its prior."""
    found: dict[str, tuple[float, float, float, float]] = {}
    forms = {name: np.asarray(mine[name], float) for name in BOUNDED if name in model.layout.free}
    bounded = {name: form for name, form in forms.items() if form[4] == 0 and form[2] > form[0]}
    if float(mine["same_completeness"]) > 0:
        bounded.pop("completeness_crisis", None)
    if not bounded:
        return found
    own, named = own_units(model, mine, theta), labels(model)
    for name, (low, mode, high, *_) in bounded.items():
        spread = (high - low) / 12**0.5 if mode < 0 else _triangular_sd(low, mode, high)
        found[BOUNDED[name]] = (float(np.median(own[:, named.index(name)])), low, high, spread)
    return found


def _triangular_sd(low: float, mode: float, high: float) -> float:
    square = low**2 + mode**2 + high**2 - low * mode - low * high - mode * high
    return float((square / 18) ** 0.5)


def _migration_share(named: list[str], theta: Floats, draws: Draws, at: int) -> float:
    """Return the share of the variance of excess deaths that a linear fit on net migration explains."""
    columns = theta[:, [i for i, name in enumerate(named) if name.startswith("migration")]]
    toll = np.asarray(draws.seen["excess"][at], float).reshape(-1)
    if columns.shape[1] == 0:
        return 0.0
    columns, toll = columns - columns.mean(0), toll - toll.mean()
    fitted = columns @ np.linalg.lstsq(columns, toll, rcond=None)[0]
    return float((fitted**2).sum() / (toll**2).sum())


def departures(share: float, migration: Floats) -> list[str]:
    """Return what to say first where the records cannot distinguish deaths from departures.

    Parameters
    ----------
    share
        Of the variance of excess deaths, what net migration explains.
    migration
        Draws of the net migrants of the window, persons.
    """
    if share < UNTOLD:
        return []
    low, high = interval(migration).ends
    return ["these records cannot distinguish all deaths from departures: net migration explains "
            f"{share:.0%} of the uncertainty of the excess deaths. The 90 % interval of net migration in the "
            f"crisis runs from {_moved(low)} to {_moved(high)}. Counts of those who left or arrived, in the "
            "places they went to, would separate them"]  # fmt: skip


def _moved(many: float) -> str:
    return f"{persons(abs(many))} {'arrivals' if many > 0 else 'departures'}"
