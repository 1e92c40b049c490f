"""Dask: the same numbers from its workers, killed ones too; unreachable addresses; nobody left behind."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dearth.case.problems import CaseError
from dearth.ensemble.executors import open_executor
from dearth.ensemble.runner import joined, run_shards
from dearth.ensemble.shards import split
from ensemble_tasks import Logged, calls

pytest.importorskip("distributed")
from dearth.ensemble.cluster import DaskCluster

SHARDS = split(7, 10, 3)


@pytest.fixture(scope="module")
def cluster() -> Iterator[DaskCluster]:
    with open_executor("local:2") as executor:
        assert isinstance(executor, DaskCluster)
        yield executor
        executor.client.wait_for_workers(2, timeout=60)
        workers = executor.client.run(os.getpid).values()
    for worker in workers:
        with pytest.raises(ProcessLookupError):  # no process is left behind
            os.kill(worker, 0)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    return folder


def test_a_cluster_gives_the_same_numbers(cluster: DaskCluster, log: Path, tmp_path: Path) -> None:
    alone = joined(run_shards(Logged(tmp_path), SHARDS), 10)
    found = joined(run_shards(Logged(log), SHARDS, executor=cluster), 10)
    assert found["x"].tobytes() == alone["x"].tobytes()
    assert calls(log) == {0: 1, 3: 1, 6: 1, 9: 1}


def test_a_killed_worker_costs_its_shard_only(cluster: DaskCluster, log: Path, tmp_path: Path) -> None:
    alone = joined(run_shards(Logged(tmp_path), SHARDS), 10)
    found = joined(run_shards(Logged(log, dies_at=3), SHARDS, executor=cluster), 10)
    assert found["x"].tobytes() == alone["x"].tobytes()
    assert calls(log) == {0: 1, 3: 2, 6: 1, 9: 1}


def test_the_first_failure_is_named(cluster: DaskCluster, log: Path) -> None:
    with pytest.raises(CaseError) as caught:
        joined(run_shards(Logged(log, fails_at=(3, 6)), SHARDS, executor=cluster), 10)
    assert str(caught.value) == "scenario.yaml:3: draw 3 is no number"


def test_a_scheduler_serves_by_its_address(cluster: DaskCluster, log: Path) -> None:
    with open_executor(cluster.client.scheduler.address) as executor:
        found = joined(run_shards(Logged(log), SHARDS, executor=executor), 10)
    assert np.isfinite(found["x"]).all()
    cluster.client.wait_for_workers(2, timeout=60)  # a cluster that was there before stays


def test_an_address_without_a_scheduler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dearth.ensemble.cluster.ANSWER", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CaseError, match=rf"no Dask scheduler answers at {address}.*dask scheduler"):
            open_executor(address)


def test_workers_with_other_versions_are_refused(
    cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dearth.ensemble import cluster_worker

    ours = {**cluster_worker.versions(), "jax": "0.1"}
    address = cluster.client.scheduler.address
    monkeypatch.setattr("dearth.ensemble.cluster.cluster_worker.versions", lambda: ours)
    monkeypatch.setattr("distributed.Client.run", lambda *_: {"tcp://far": {**ours, "jax": "9.9"}})
    with pytest.raises(CaseError, match=r"tcp://far has other versions: jax 9.9 \(here 0.1\)"):
        open_executor(address)


def test_dask_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dearth.ensemble.cluster", None)
    with pytest.raises(CaseError, match=r"dearth\[cluster\]"):
        open_executor("local:2")
