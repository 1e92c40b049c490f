"""The fit that a call shows: stored with the case, kept from an earlier call, or made now."""

from dataclasses import dataclass
from shutil import rmtree

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.ensemble.executor import Executor, InProcess
from dearth.ensemble.executors import open_executor
from dearth.estimate.posterior import posterior_with_draws
from dearth.estimate.progress import Progress, quiet
from dearth.explain.fit import Fit, FitSettings, Means, fit
from dearth.explain.heldout import heldout_blocks
from dearth.explain.predictive import Prediction, predictions
from dearth.explain.problem import fit_problem
from dearth.explain.stored_fit import keep_fit, parts_folder, read_fit
from dearth.reconstruction.joint_draws import JointDraws

QUICK = FitSettings(searches=1, warm_up=20, draws=20, turns=(1, 1))


@dataclass(frozen=True)
class Fitted:
    """A fit with the draws of true deaths that it was made of."""

    fit: Fit
    draws: JointDraws

    def predictions(self, case: Case, seed: int = 1) -> tuple[list[Prediction], list[Prediction]]:
        """Return fitted and held-out records beside what the fit predicts; nothing of a refused fit."""
        if self.fit.refused:
            return [], []
        problem = self.fit.problem
        unused = heldout_blocks(case, problem.scenario, problem.runs.base.places.granary_areas)
        return predictions(self.fit, problem.targets, seed), predictions(self.fit, unused, seed)


def fitted(
    case: Case, scenario: str | None = None, *, refit: bool = False, short: bool = False, seed: int = 1,
    progress: Progress = quiet, executor: Executor | None = None,
) -> Fitted:  # fmt: skip
    """Return the stored fit of a case, or with `refit` a new one, which is then stored.

    Parameters
    ----------
    scenario : registration scenario; None = the first of the case that is printed
    short : one search and few draws; such a fit is refused as a rule and is not stored
    executor : what computes the searches and the chains, as `executors.open_executor` gives it; by default
        one process a core. The numbers do not depend on it

    Raises
    ------
    CaseError
        When the case has no posterior or no scenario to simulate, when no fit is stored and none is asked
        for, or when no search stays within the range of numbers.
    """
    posterior = posterior_with_draws(case)
    name = scenario or posterior.printed[0].name
    problem = fit_problem(case, posterior.draws, name)
    assert posterior.draws is not None  # fit_problem refuses a case without draws
    if not refit:
        found, why = read_fit(case, problem, name)
        if found is None:
            raise mistake("fit", why)
        return Fitted(found, posterior.draws)
    settings, parts = QUICK if short else FitSettings(), parts_folder(case, name)
    own = InProcess() if executor is not None else open_executor(None, most=settings.groups)
    try:
        with own:
            made = fit(problem, name, settings, seed, progress, Means(executor or own, parts))
    except FloatingPointError as error:
        raise mistake("fit", f"no search stays within the range of numbers: {error}") from error
    if not short:
        keep_fit(case, made)
    if parts is not None:
        rmtree(parts, ignore_errors=True)
    return Fitted(made, posterior.draws)
