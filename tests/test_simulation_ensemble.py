"""A simulation's draws are the same bit for bit whoever computes them, and a killed run goes on to them."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dearth
from dearth.case.problems import CaseError
from dearth.ensemble.executor import Executor, InProcess
from dearth.ensemble.executors import open_executor
from dearth.ensemble.processes import LocalProcesses
from dearth.ensemble.runner import joined, run_shards
from dearth.ensemble.shards import Shard
from dearth.system import draws
from dearth.system.draw_task import DrawTask
from dearth.system.plan import Asked, plan_of
from dearth.system.prior_draws import own_tables, prior_draws
from dearth.system.simulation import simulate

CASE = dearth.load("valley").case
DRAWS = 20  # two batches and a padded one


def task(yearly: bool) -> DrawTask:
    plan = plan_of(CASE, Asked(draws=DRAWS))
    return DrawTask(plan.scenario, plan.settings, yearly=yearly)


def same(one: Any, other: Any) -> None:
    assert one.keys() == other.keys()
    for name, values in one.items():
        assert values.tobytes() == other[name].tobytes(), name


@pytest.fixture(scope="module")
def alone() -> Any:
    plan = plan_of(CASE, Asked(draws=DRAWS))
    return draws.run_draws(plan.scenario, plan.settings, 1, DRAWS)


@pytest.mark.parametrize("size", [8, 16])
def test_records_do_not_depend_on_shards(alone: Any, size: int) -> None:
    shards = tuple(Shard(1, at, min(at + size, DRAWS)) for at in range(0, DRAWS, size))
    same(alone.records, joined(run_shards(task(False), shards), DRAWS))


@pytest.mark.slow  # each worker compiles; a small program is compared in test_ensemble.py
def test_worker_processes_give_the_same_records(alone: Any) -> None:
    plan = plan_of(CASE, Asked(draws=DRAWS))
    with LocalProcesses(2) as executor:
        found = draws.run_draws(plan.scenario, plan.settings, 1, DRAWS, executor=executor)
    same(alone.records, found.records)


@pytest.mark.slow
def test_workers_of_a_cluster_give_the_same_records(alone: Any) -> None:
    pytest.importorskip("distributed")
    plan = plan_of(CASE, Asked(draws=DRAWS))
    with open_executor("local:2") as executor:
        found = draws.run_draws(plan.scenario, plan.settings, 1, DRAWS, executor=executor)
    same(alone.records, found.records)


def test_yearly_measures_are_those_of_the_records(alone: Any) -> None:
    yearly = simulate(CASE, Asked(draws=DRAWS, yearly=True))
    same(alone.by_year(), yearly.history.by_year())
    for areas in (True, False):
        same(alone.by_place(areas), yearly.history.by_place(areas))
    assert yearly.history.balance() == alone.balance()
    monthly = simulate(CASE, Asked(draws=DRAWS)).document
    assert yearly.document == {name: value for name, value in monthly.items() if name != "story"}
    with pytest.raises(CaseError, match="monthly records are not kept"):
        yearly.to_xarray()


class Counted(Executor):
    """Counts the shards that it computes, and breaks off after some."""

    def __init__(self, most: int) -> None:
        self.most, self.begun = most, 0

    workers = 1

    def outcomes(self, task: Any, shards: Any) -> Any:
        for found in InProcess().outcomes(task, shards):
            if self.begun == self.most:
                raise KeyboardInterrupt
            self.begun += 1
            yield found


def test_a_killed_run_goes_on_to_the_same_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path))
    asked = Asked(draws=DRAWS, yearly=True)
    whole = simulate(CASE, asked).document
    with pytest.raises(KeyboardInterrupt):
        simulate(CASE, asked, executor=Counted(2))
    assert len(list(tmp_path.rglob("part-*.npz"))) == 2
    rest = Counted(9)
    assert simulate(CASE, asked, executor=rest).document == whole
    assert rest.begun == 1
    assert not list((tmp_path / "simulations").iterdir())  # nothing is left when all are done


def test_a_task_is_known_by_what_decides_its_numbers() -> None:
    one = task(True)
    again = pickle.loads(pickle.dumps(one))
    assert again.about == one.about
    assert task(False).about != one.about
    other = plan_of(CASE, Asked(changes=("relief.rho=0.5",), draws=2))
    assert DrawTask(other.scenario, other.settings, yearly=True).about != one.about


def test_later_draws_need_no_earlier_ones() -> None:
    settings = plan_of(CASE, Asked(draws=2)).settings
    whole, part = prior_draws(settings, 3, 9), prior_draws(settings, 3, 9, 5)
    for mechanism, table in whole.items():
        for name, values in table.items():
            np.testing.assert_array_equal(values[5:], part[mechanism][name])
    china = plan_of(dearth.load("china-1958").case, Asked(draws=2)).settings
    tables, rest = own_tables(china, 3, 9, 168), own_tables(china, 3, 9, 168, 5)
    assert tables
    for mechanism, table in tables.items():
        for name, values in table.items():
            np.testing.assert_array_equal(values[5:], rest[mechanism][name])


def test_records_beyond_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "_memory", lambda: 1e6)
    with pytest.raises(CaseError, match=r"--draws: the monthly records of 9 draws take .*--yearly"):
        simulate(CASE, Asked(draws=9))


@pytest.mark.parametrize("asked", [Asked(yearly=True), Asked(draws=2, yearly=True, story="Pine")])
def test_yearly_measures_of_one_run_or_a_story_are_refused(asked: Asked) -> None:
    with pytest.raises(CaseError, match="give --draws 2 or more, and no --story"):
        simulate(CASE, asked)
