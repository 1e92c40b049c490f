"""A fit of records that the simulation itself made: the truth is the mode, and the search finds it."""

import numpy as np
import pytest

from dearth.case.read import load
from dearth.estimate.posterior import posterior_with_draws
from dearth.explain.gauss_newton import climb, loss_of
from dearth.explain.problem import fit_problem, simulated_twin


@pytest.mark.slow  # compiles a batch of runs
def test_a_search_reaches_records_that_the_simulation_made() -> None:
    case = load("valley")
    problem = fit_problem(case, posterior_with_draws(case).draws, "full")
    truth = 0.3 * np.random.default_rng(4).standard_normal(problem.space.size)
    twin = simulated_twin(problem, truth, np.zeros(problem.values.size))
    assert np.abs(twin.residuals(truth[None])).max() < 1e-3
    mode = climb(twin.residuals, np.zeros(problem.space.size))
    # the prior pulls towards its middle, so the mode is at least as likely as the truth
    assert mode.loss <= float(loss_of(twin.residuals(truth[None]), truth[None])[0])
    assert np.abs(twin.residuals(mode.z[None])).max() < 2
