"""The log posterior of a fit and its slope agree with the residuals that the search uses."""

import numpy as np
import pytest

from dearth.case.read import load
from dearth.estimate.posterior import posterior_with_draws
from dearth.explain.density import density_of
from dearth.explain.gauss_newton import loss_of
from dearth.explain.problem import fit_problem


@pytest.mark.slow  # compiles the slope of a whole run
def test_value_and_slope_are_those_of_the_residuals() -> None:
    case = load("valley")
    problem = fit_problem(case, posterior_with_draws(case).draws, "full")
    rng = np.random.default_rng(7)
    z = 0.3 * rng.standard_normal((2, problem.space.size))
    value, slope = density_of(problem)(z)
    assert -value == pytest.approx(loss_of(problem.residuals(z), z), rel=1e-4)
    along = rng.standard_normal(z.shape)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    h = 0.02  # large against the rounding of single precision
    there, back = (loss_of(problem.residuals(z + s * h * along), z + s * h * along) for s in (1, -1))
    assert (slope * along).sum(1) == pytest.approx((back - there) / (2 * h), rel=0.02, abs=0.02)
