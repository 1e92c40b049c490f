"""The share of each cause in an outcome: exact Shapley values for every draw of a fit.

Every combination of causes is run with the same unknowns and the same weather as its twins, so a difference
between two combinations is the effect of the causes alone.

References
----------
shapley1953
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.ensemble.executor import Executor
from dearth.ensemble.runner import joined, run_shards
from dearth.ensemble.shards import split
from dearth.estimate.progress import Progress
from dearth.explain.combinations_task import TOGETHER, CombinationsTask
from dearth.explain.problem import FitProblem
from dearth.explain.shapley import first_and_last, interactions, shapley
from dearth.numerics.interval import Interval, interval
from dearth.numerics.random_streams import stream
from dearth.system.scenario import Cause

Floats = NDArray[np.float64]
NARROWED = 0.2  # a share whose interval the records narrowed by less is an assumption
UNITS = {"excess_deaths": "persons", "births_lost": "births", "grain_output": "t"}
OUTCOMES = tuple(UNITS)


@dataclass(frozen=True)
class CauseShare:
    """What one cause did, by draw of the fit.

    Attributes
    ----------
    cause, label : identifier and name
    share : of the effect of all causes together; null where they have no effect in a draw
    prior_share : the same before the records
    amount : Shapley value, in the unit of the outcome
    first, last : what it adds alone to the normal setting, and what its removal alone takes away
    assumption : whether the records narrowed the share by less than a fifth
    """

    cause: str
    label: str
    share: Interval
    prior_share: Interval
    amount: Interval
    first: Interval
    last: Interval
    assumption: bool


@dataclass(frozen=True)
class Shares:
    """The shares of all causes in one outcome.

    Attributes
    ----------
    total : outcome of all causes as they were less that of none
    everything, nothing : the outcome with all causes as they were, and with all at their normal setting
    interactions : median interaction index of each pair, in the unit of the outcome [cause, cause]
    by_place : Shapley values of each cause and granary area, medians [cause, area], with the areas' names
    """

    outcome: str
    unit: str
    window: tuple[int, ...]
    total: Interval
    everything: Interval
    nothing: Interval
    causes: tuple[CauseShare, ...]
    interactions: Floats
    areas: tuple[str, ...]
    by_place: Floats
    draws: int
    combinations: int


def values_of(
    problem: FitProblem, causes: Mapping[str, Cause], z: Floats, outcome: str, progress: Progress,
    executor: Executor | None = None,
) -> Floats:  # fmt: skip
    """Return the outcome of every combination of causes [combination, draw, area]; units as in `UNITS`.

    Parameters
    ----------
    z : draws of the unknowns [draw, unknown]
    executor : what computes the combinations; by default this process
    """
    many = 2 ** len(causes)
    made = run_shards(
        CombinationsTask(problem, causes, z, outcome), split(0, many, TOGETHER), executor=executor,
        progress=lambda done, total: progress("combinations of causes", done / total),
    )  # fmt: skip
    found: Floats = joined(made, many)["outcome"]
    return found if outcome == "excess_deaths" else found[0] - found


def shares(
    problem: FitProblem, causes: Mapping[str, Cause], z: Floats, outcome: str, seed: int,
    progress: Progress, executor: Executor | None = None,
) -> Shares:  # fmt: skip
    """Return the shares of causes over draws `z` [draw, unknown] of a fit.

    The prior shares are of as many draws of the unknowns before the records.

    Raises
    ------
    FloatingPointError
        When a run of a draw of the fit has records that are not finite.
    """
    by_area = values_of(problem, causes, z, outcome, progress, executor)
    if not np.isfinite(by_area).all():
        raise FloatingPointError("a combination of causes has records that are not finite")
    prior_z = stream(seed, "prior shares").standard_normal(z.shape)
    prior = values_of(problem, causes, prior_z, outcome, progress, executor).sum(-1)
    prior = prior[:, np.isfinite(prior).all(0)]
    values = by_area.sum(-1)
    return _summed(problem, causes, outcome, values, by_area, prior)


def _summed(
    problem: FitProblem, causes: Mapping[str, Cause], outcome: str, values: Floats, by_area: Floats,
    prior: Floats,
) -> Shares:  # fmt: skip
    amounts, prior_amounts = shapley(values), shapley(prior)
    alone, removed = first_and_last(values)
    total = values[-1] - values[0]
    parts = shares_of(amounts, total)
    prior_parts = shares_of(prior_amounts, prior[-1] - prior[0])
    rows = []
    for at, (name, cause) in enumerate(causes.items()):
        share, before = finite_interval(parts[at]), finite_interval(prior_parts[at])
        rows.append(CauseShare(
            name, cause.label, share, before, interval(amounts[at]), interval(alone[at]),
            interval(removed[at]), not narrowed(parts[at], prior_parts[at]),
        ))  # fmt: skip
    return Shares(
        outcome, UNITS[outcome], problem.normal.window, interval(total), interval(values[-1]),
        interval(values[0]), tuple(rows), np.median(interactions(values), axis=-1),
        problem.runs.base.places.granary_areas, np.median(shapley(by_area), axis=1),
        values.shape[1], len(values),
    )  # fmt: skip


def shares_of(amounts: Floats, total: Floats) -> Floats:
    """Return amounts [cause, draw] over their total [draw]; NaN in draws whose total is near zero."""
    enough = np.abs(total) > 1e-9 * np.abs(amounts).sum(0) + 1e-12
    return np.where(enough, amounts / np.where(enough, total, 1.0), np.nan)


def narrowed(after: Floats, before: Floats) -> bool:
    """Return whether the records narrowed the central 90 % of a share by a fifth or more."""
    width, prior = (float(np.subtract(*np.nanquantile(x, [0.95, 0.05]))) for x in (after, before))
    return width <= (1 - NARROWED) * prior


def finite_interval(draws: Floats) -> Interval:
    """Return the interval of the draws that have a share; NaN where none has."""
    known = draws[np.isfinite(draws)]
    return interval(known) if known.size else Interval(float("nan"))
