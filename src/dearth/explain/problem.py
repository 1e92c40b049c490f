"""A fit of one case under one registration scenario: unknowns in, standard residuals out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.explain.causes import settings_of_causes
from dearth.explain.targets import Block, Normal, blocks, normal_of, observed
from dearth.explain.unknowns import Space, Unknown, area_of, areas, candidates
from dearth.numerics.checkpoint import digest
from dearth.reconstruction.joint_draws import JointDraws
from dearth.system import installed
from dearth.system.given_runs import RUNS, GivenRuns
from dearth.system.plan import Asked, plan_of
from dearth.system.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FitProblem:
    """Everything that a fit needs.

    Attributes
    ----------
    scenario : the case's places and timeline
    space : unknowns that are kept
    targets : what is fitted
    normal : normal years, window and people of the first day
    """

    scenario: Scenario
    runs: GivenRuns
    space: Space
    targets: tuple[Block, ...]
    normal: Normal

    @property
    def about(self) -> str:
        """A name for whatever decides the numbers besides seed, draws and versions."""
        held = [
            self.scenario.model_dump_json(),
            [one.name for one in self.space.unknowns],
            [[one.name, one.what, list(one.labels)] for one in self.targets],
            [list(self.normal.years), list(self.normal.window), dict(self.normal.heads)],
            installed.used(),
        ]
        arrays = digest([[one.values, one.covariance] for one in self.targets])
        return sha256(f"{json.dumps(held, sort_keys=True)} {arrays}".encode()).hexdigest()

    @property
    def values(self) -> Floats:
        """What is fitted [figure]."""
        return np.concatenate([one.values for one in self.targets])

    def observed(self, z: Floats) -> Floats:
        """Return what the runs at `z` [run, unknown] say of every target [run, figure]."""
        parts = []
        for first in range(0, len(z), RUNS):  # the settings of all runs at once would fill the memory
            given = self.space.given(z[first : first + RUNS])
            parts += [observed(one, self.targets, self.normal) for one in self.runs(given)]
        return np.concatenate(parts)

    def residuals(self, z: Floats) -> Floats:
        """Return standard residuals [run, figure]: independent and of variance 1 where the run is true."""
        return self.standard(self.observed(z) - self.values)

    def standard(self, apart: Floats) -> Floats:
        """Return differences [run, figure] as standard residuals."""
        found, first = [], 0
        for one in self.targets:
            part = apart[:, first : first + one.size]
            factor = np.linalg.cholesky(one.covariance)
            found.append(solve_triangular(factor, part.T, lower=True, check_finite=False).T)
            first += one.size
        return np.concatenate(found, axis=1)

    def keeping(self, unknowns: Sequence[Unknown]) -> "FitProblem":
        """Return the problem with these unknowns; the others stay at the middle of their prior."""
        return FitProblem(
            self.scenario, self.runs, Space(self.scenario, self.runs, unknowns), self.targets, self.normal
        )


def fit_problem(case: Case, draws: JointDraws | None, registration: str) -> FitProblem:
    """Return the problem of a case.

    Parameters
    ----------
    draws : whole draws of the case's posterior
    registration : name of the registration scenario whose deaths and births are fitted

    Raises
    ------
    CaseError
        When the case has no scenario to simulate, no posterior, or no such registration scenario.
    """
    plan = plan_of(case, Asked())
    scenario = plan.scenario
    if draws is None:
        raise mistake(
            "fit", "the case has no posterior of true deaths and births; make one with "
            f"'dearth estimate {case.name} --reconstruct'",
        )  # fmt: skip
    known = draws.coordinates["scenario"]
    if registration not in known:
        raise mistake("--scenario", f"no scenario is called '{registration}'; there are: {', '.join(known)}")
    heads = dict.fromkeys(areas(scenario), 0.0)
    for at, place in enumerate(scenario.places):
        heads[area_of(scenario, at)] += place.people
    normal = normal_of(case, heads)
    first, last = scenario.span
    runs = GivenRuns(scenario, plan.settings, also=settings_of_causes(scenario))
    targets = tuple(blocks(case, draws, registration, normal, range(first, last + 1)))
    space = Space(scenario, runs, candidates(scenario, plan.settings))
    return FitProblem(scenario, runs, space, targets, normal)


def simulated_twin(problem: FitProblem, z: Floats, noise: Floats) -> FitProblem:
    """Return the problem with targets that a run at known unknowns made, for a test of the fit itself.

    Parameters
    ----------
    z : true unknowns [unknown]
    noise : standard normal errors of the figures [figure]
    """
    truth, first, made = problem.observed(z[None])[0], 0, []
    for one in problem.targets:
        factor = np.linalg.cholesky(one.covariance)
        here = slice(first, first + one.size)
        made.append(Block(one.name, one.what, one.labels, truth[here] + factor @ noise[here], one.covariance))
        first += one.size
    return FitProblem(problem.scenario, problem.runs, problem.space, tuple(made), problem.normal)
