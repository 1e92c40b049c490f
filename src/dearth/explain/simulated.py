"""A case's simulation: from draws of its fit where a fit passed its gates, else from priors.

Both are simulated histories under whatever regime and settings are asked for, and have one form.
"""

from dataclasses import replace

import numpy as np

from dearth.case.problems import CaseError, mistake
from dearth.case.read import Case
from dearth.ensemble.executor import Executor
from dearth.estimate.posterior import posterior_with_draws
from dearth.explain.fit import Fit
from dearth.explain.problem import fit_problem
from dearth.explain.stored_fit import has_stored, read_fit
from dearth.system.draws import Progress, quiet
from dearth.system.finite_checks import first_bad_month
from dearth.system.history import History
from dearth.system.plan import Asked, plan_of
from dearth.system.report_document import (
    DRAWS,
    QUICK_DRAWS,
    SimulatedPart,
    has_scenario,
    part,
    simulated_part,
)
from dearth.system.simulation import Simulation, simulate

DEFAULT_DRAWS = DRAWS  # of a simulation from a fit, where none are asked for
WHOLE = "place"  # the resolution of a fit: the scenario as it is written


def usable_fit(case: Case, registration: str | None = None) -> Fit | None:
    """Return the stored fit of a case that passed its gates; None where there is none.

    Parameters
    ----------
    registration : registration scenario; None = the first of the case that is printed

    Raises
    ------
    CaseError
        As `problem.fit_problem`, of a case with a stored fit.
    """
    if not (has_scenario(case) and has_stored(case)):
        return None
    posterior = posterior_with_draws(case)
    if posterior.draws is None:
        return None
    name = registration or posterior.printed[0].name
    found, _ = read_fit(case, fit_problem(case, posterior.draws, name), name)
    return found if found is not None and found.fitted else None


def chosen(case: Case, prior: bool, draws: int | None) -> tuple[Fit | None, int]:
    """Return the fit that a simulation uses, None with `prior` or without a fit, and how many draws it makes.

    Parameters
    ----------
    draws : as asked; None = `DEFAULT_DRAWS` of a fit, one run at the settings as they are without one

    Raises
    ------
    CaseError
        As `usable_fit`.
    """
    found = None if prior else usable_fit(case)
    return found, (1 if found is None else DEFAULT_DRAWS) if draws is None else draws


def simulated(
    case: Case, asked: Asked, found: Fit | None, progress: Progress = quiet, executor: Executor | None = None
) -> Simulation:
    """Return the simulation that is asked for, from draws of `found`, or from priors where it is None.

    Parameters
    ----------
    executor : what computes draws from priors; those of a fit are computed here

    Raises
    ------
    CaseError
        As `simulation.simulate`; and where a fit is asked for what it does not have: more draws, another
        resolution, or yearly measures.
    """
    if found is None:
        return simulate(case, asked, progress, executor)
    plan = plan_of(case, asked)
    _refuse(asked, found.chains.loss.size)
    problem = found.problem
    z = found.thinned(asked.draws)
    parts = []
    for history in problem.runs(problem.space.given(z, plan.settings)):
        parts.append(history)
        progress("draws of the fit", sum(one.draws for one in parts) / len(z))
    records = {name: np.concatenate([one.records[name] for one in parts]) for name in parts[0].records}
    history = replace(parts[0], records=records)
    _refuse_bad(history)
    return Simulation(case.name, asked, history, plan.settings.outside, found.registration)


def simulation_part(
    case: Case, found: Fit | None, seed: int, quick: bool, progress: Progress = quiet
) -> SimulatedPart | None:
    """Return the simulation as `run` and `report` show it; None where the case has no scenario.

    Raises
    ------
    CaseError
        With every mistake of the scenario.
    """
    if found is None:
        return simulated_part(case, seed, quick, progress)
    try:
        made = simulated(case, Asked(draws=QUICK_DRAWS if quick else DRAWS, seed=seed), found, progress)
    except CaseError as error:
        return SimulatedPart(case, refused=tuple(str(problem) for problem in error.problems))
    progress("tables of the simulation")
    return part(case, made)


def _refuse(asked: Asked, stored: int) -> None:
    """Refuse what a fit cannot give.

    Raises
    ------
    CaseError
        Where more draws, another resolution or yearly measures are asked for.
    """
    hint = "add --prior to simulate from priors, which is no estimate"
    if asked.resolution != WHOLE:
        raise mistake(
            "--resolution", f"the fit of this case is of its places, not of '{asked.resolution}'; {hint}"
        )
    if asked.yearly:
        raise mistake("--yearly", f"draws of a fit keep their monthly records; leave it out, or {hint}")
    if asked.draws > stored:
        raise mistake("--draws", f"the fit has {stored:,} draws; ask for at most as many, or {hint}")


def _refuse_bad(history: History) -> None:
    for at in range(history.draws):
        bad = first_bad_month({name: values[at] for name, values in history.records.items()})
        if bad is not None:
            raise mistake(
                "simulate", f"draw {at + 1} of the fit leaves the range of numbers in month {bad + 1}; undo "
                "the settings that differ from the fitted history",
            )  # fmt: skip
