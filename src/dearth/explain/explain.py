"""``dearth explain``: shares of causes, counterfactuals and the value of information of a fit."""

from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np

from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.ensemble.executor import Executor
from dearth.ensemble.executors import open_executor
from dearth.estimate.progress import Progress
from dearth.explain.causes import chosen_causes
from dearth.explain.counterfactuals import (
    Counterfactual,
    Information,
    chosen_regimes,
    counterfactuals,
    information,
)
from dearth.explain.fit import Fit
from dearth.explain.heldout import heldout_blocks
from dearth.explain.predictive import Prediction, predictions
from dearth.explain.shares import OUTCOMES, Shares, shares
from dearth.numerics.interval import LEVEL, Interval, interval
from dearth.reconstruction.joint_draws import JointDraws

DRAWS = 48  # of the fit, over which shares and counterfactuals are computed: whole batches of runs
NOT_BLAME = "A share is not blame."
VIOLENCE = "Violence and punishment are not modelled."


@dataclass(frozen=True)
class Wanted:
    """What is asked of ``explain``.

    Attributes
    ----------
    causes : names; none = every cause of the scenario
    outcome : excess_deaths, births_lost or grain_output
    counterfactuals : names of regimes; none = all
    draws : of the fit
    """

    causes: tuple[str, ...] = ()
    outcome: str = "excess_deaths"
    counterfactuals: tuple[str, ...] = ()
    draws: int = DRAWS
    seed: int = 1


@dataclass(frozen=True)
class Explanation:
    """Why it happened, as far as a fitted simulation can say.

    Attributes
    ----------
    residual : estimated excess deaths less those of the fitted simulation; None for another outcome
    targets, heldout : records that were fitted, and that no fit used, beside what the fit predicts
    notes : what stands beside every share
    """

    case: str
    fit: Fit
    shares: Shares
    residual: Interval | None
    counterfactuals: tuple[Counterfactual, ...]
    information: tuple[Information, ...]
    targets: tuple[Prediction, ...] = ()
    heldout: tuple[Prediction, ...] = ()
    notes: tuple[str, ...] = (NOT_BLAME, VIOLENCE)

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes, and a warning where records that no fit used lie outside its intervals too often."""
        held = [low <= record <= high for one in self.heldout
                for low, record, high in zip(one.low, one.records, one.high, strict=True)]  # fmt: skip
        if not held or sum(held) >= LEVEL * len(held):
            return self.notes
        return (
            *self.notes,
            f"{sum(held)} of {len(held)} records that no fit used lie inside the 90 % intervals of this fit: "
            "the intervals of shares and counterfactuals are too narrow as statements about the past.",
        )


def explain(
    case: Case, found: Fit, draws: JointDraws, wanted: Wanted, progress: Progress,
    executor: Executor | None = None,
) -> Explanation:  # fmt: skip
    """Explain a case by its fitted simulation.

    Parameters
    ----------
    draws : of the posterior of true deaths, for the residual
    executor : what computes the combinations of causes, as `executors.open_executor` gives it; by default one
        process a core. The numbers do not depend on it

    Raises
    ------
    CaseError
        When the fit was refused, or an outcome, a cause or a regime is unknown.
    """
    if found.refused:
        raise CaseError([Problem("explain", f"the fit was refused: {why}") for why in found.refused])
    if wanted.outcome not in OUTCOMES:
        why = f"there is no outcome '{wanted.outcome}'; there are: {', '.join(OUTCOMES)}"
        raise CaseError(Problem("--outcome", why))
    problem, z = found.problem, found.thinned(wanted.draws)
    unused = heldout_blocks(case, problem.scenario, problem.runs.base.places.granary_areas)
    causes = chosen_causes(problem.scenario, wanted.causes)
    chosen_regimes(problem.scenario, wanted.counterfactuals)  # refuses an unknown name before minutes of work
    with nullcontext(executor) if executor is not None else open_executor() as used:
        made = shares(problem, causes, z, wanted.outcome, wanted.seed, progress, used)
    return Explanation(
        case.name, found, made,
        _residual(found, draws, made) if wanted.outcome == "excess_deaths" else None,
        tuple(counterfactuals(problem, z, wanted.counterfactuals, progress)),
        tuple(information(problem, z, progress)),
        tuple(predictions(found, problem.targets, wanted.seed)),
        tuple(predictions(found, unused, wanted.seed)),
    )  # fmt: skip


def _residual(found: Fit, draws: JointDraws, made: Shares) -> Interval:
    """Return estimated excess deaths less the median of the simulated ones, by draw of the estimate."""
    row = draws.coordinates["scenario"].index(found.registration)
    estimated = np.asarray(draws["excess_deaths"][row], float).reshape(-1)
    return interval(estimated - made.everything.median)
