"""Runs in two parts are the runs in one, and begin where the first of them differs."""

import numpy as np
import pytest

from dearth.case.read import load
from dearth.ensemble.shards import Shard
from dearth.estimate.posterior import posterior_with_draws
from dearth.explain.causes import chosen_causes, setting_of
from dearth.explain.combinations_task import CombinationsTask, outcome_of
from dearth.explain.problem import FitProblem, fit_problem
from dearth.system.given_runs import Given
from dearth.system.partial_runs import first_difference

YEARS, PLACES = 3, 2


@pytest.fixture(scope="module")
def problem() -> FitProblem:
    case = load("valley")
    return fit_problem(case, posterior_with_draws(case).draws, "full")


def given(**changed: np.ndarray) -> Given:
    arrays = {
        "fixed": np.ones(4),
        "table": np.ones((4, 12 * YEARS, PLACES)),
        "common": np.zeros((4, YEARS, 1)),
        "disaster": np.zeros((4, YEARS, PLACES)),
    } | changed
    noise = {"common": arrays["common"], "disaster": arrays["disaster"]}
    return Given({"a": {"x": arrays["fixed"]}}, {"a": {"y": arrays["table"]}}, noise)


def test_the_first_difference_is_the_year_of_the_earliest_change() -> None:
    assert first_difference(given(), given(), YEARS) is None
    table = np.ones((4, 12 * YEARS, PLACES))
    table[2, 25:, 1] = 0.5
    assert first_difference(given(), given(table=table), YEARS) == 2
    common = np.zeros((4, YEARS, 1))
    common[0, 1] = 0.3
    assert first_difference(given(), given(table=table, common=common), YEARS) == 1
    assert first_difference(given(), given(fixed=np.zeros(4)), YEARS) == 0


def test_every_cause_changes_something_and_weather_none_before_the_window(problem: FitProblem) -> None:
    causes = chosen_causes(problem.scenario)
    z = np.zeros((1, problem.space.size))
    was = problem.space.given(z)
    start = problem.normal.window[0] - problem.scenario.span[0]
    for name, cause in causes.items():
        setting = setting_of(problem.scenario, problem.runs.base, {name: cause}, problem.normal)
        now = problem.space.given(z, setting.settings, setting.weather, setting.since)
        found = first_difference(was, now, problem.runs.years)
        assert found is not None, name
        if cause.weather:
            assert found == start


@pytest.mark.slow  # compiles three programs
@pytest.mark.parametrize("outcome", ["excess_deaths", "births_lost", "grain_output"])
def test_combinations_in_two_parts_are_those_in_one(problem: FitProblem, outcome: str) -> None:
    causes = chosen_causes(problem.scenario)
    z = 0.3 * np.random.default_rng(4).standard_normal((5, problem.space.size))
    task = CombinationsTask(problem, causes, z, outcome)
    many = 2 ** len(causes)
    for row in (0, 5, many - 1):
        found = task(Shard(0, row, row + 1))["outcome"][0]
        marks = (row >> np.arange(len(causes))) % 2 == 1
        histories = problem.runs(task._given(marks))
        whole = np.concatenate(
            [np.asarray(outcome_of(one, outcome=outcome, window=problem.normal.window)) for one in histories]
        )
        assert found == pytest.approx(whole, rel=2e-4, abs=float(2e-4 * np.abs(whole).max()))
