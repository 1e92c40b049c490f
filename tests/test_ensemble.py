"""Ensembles: the same numbers from every executor, resumed when killed, nothing twice, nobody left behind."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dearth.case.problems import CaseError
from dearth.ensemble.executor import Executor, InProcess
from dearth.ensemble.executors import open_executor
from dearth.ensemble.parts import Parts, clear_parts
from dearth.ensemble.processes import LocalProcesses
from dearth.ensemble.runner import joined, run_shards
from dearth.ensemble.shards import Shard, split
from ensemble_tasks import Logged, calls, scanned

SHARDS = split(7, 10, 3)


def collected(task: Any, executor: Executor | None = None, **more: Any) -> dict[str, Any]:
    return joined(run_shards(task, SHARDS, executor=executor, **more), 10)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    return folder


def test_shards_depend_on_draws_alone() -> None:
    assert [(s.first, s.last) for s in SHARDS] == [(0, 3), (3, 6), (6, 9), (9, 10)]
    assert sum(s.draws for s in SHARDS) == 10
    with pytest.raises(ValueError, match="at least 1"):
        split(1, 0, 8)


@pytest.mark.parametrize("executor", [InProcess(3), LocalProcesses(2)], ids=["threads", "processes"])
def test_numbers_are_the_same_from_every_executor(executor: Executor, log: Path) -> None:
    alone = collected(Logged(log))
    assert len(np.unique(alone["x"])) == 30
    with executor:
        for _ in range(2):  # workers serve any number of calls
            found = collected(Logged(log), executor)
            assert found["x"].tobytes() == alone["x"].tobytes()
            assert found["draw"].tolist() == list(range(10))


def test_a_compiled_program_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARTH_CACHE", "off")  # the worker compiles for itself
    shards = split(7, 12, 4)
    alone = joined(run_shards(scanned, shards), 12)["sums"]
    assert alone.dtype == np.float32
    assert alone.shape == (12, 50)
    with LocalProcesses(1) as executor:
        assert joined(run_shards(scanned, shards, executor=executor), 12)["sums"].tobytes() == alone.tobytes()


def test_a_killed_worker_costs_its_shard_only(log: Path, tmp_path: Path) -> None:
    alone = collected(Logged(tmp_path))
    with LocalProcesses(2) as executor:
        found = collected(Logged(log, dies_at=3), executor)
    assert found["x"].tobytes() == alone["x"].tobytes()
    assert calls(log) == {0: 1, 3: 2, 6: 1, 9: 1}


def test_a_shard_that_kills_every_worker_is_given_up(log: Path) -> None:
    with (
        LocalProcesses(2) as executor,
        pytest.raises(CaseError, match=r"draws 3 to 5.*--cluster processes:1"),
    ):
        collected(Logged(log, dies_at=3, always=True), executor)


@pytest.mark.parametrize("executor", [InProcess(), InProcess(4), LocalProcesses(2)],
                         ids=["one", "threads", "processes"])  # fmt: skip
def test_of_two_failures_the_first_draw_is_named(executor: Executor, log: Path) -> None:
    with executor, pytest.raises(CaseError) as caught:
        collected(Logged(log, fails_at=(3, 6)), executor)
    assert str(caught.value) == "scenario.yaml:3: draw 3 is no number"
    assert calls(log).get(9, 0) <= 1


def test_a_run_cut_off_goes_on_where_it_was(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    whole = collected(Logged(log))
    again = tmp_path / "again"
    again.mkdir()
    with pytest.raises(CaseError):
        collected(Logged(again, fails_at=(6,)), folder=folder, about="a case")
    assert calls(again) == {0: 1, 3: 1, 6: 1}
    seen: list[int] = []
    found = collected(
        Logged(again), folder=folder, about="a case", progress=lambda done, total: seen.append(done)
    )
    assert calls(again) == {0: 1, 3: 1, 6: 2, 9: 1}  # nothing that was done is done twice
    assert found["x"].tobytes() == whole["x"].tobytes()
    assert seen == [6, 9, 10]
    clear_parts(folder)
    assert not folder.exists()


def test_parts_of_anything_else_are_not_used(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    collected(Logged(log), folder=folder, about="a case")
    paths = sorted(folder.glob("part-*.npz"))
    assert len(paths) == 4
    damaged = bytearray(paths[1].read_bytes())
    damaged[len(damaged) // 2] ^= 1  # one bit of the numbers
    paths[1].write_bytes(damaged)
    paths[2].write_bytes(paths[2].read_bytes()[:100])
    (folder / ".part-half.tmp").touch()
    collected(Logged(log), folder=folder, about="a case")
    assert calls(log) == {0: 1, 3: 2, 6: 2, 9: 1}
    assert not (folder / ".part-half.tmp").exists()
    collected(Logged(log), folder=folder, about="another case")
    assert calls(log) == {0: 2, 3: 3, 6: 3, 9: 2}
    with pytest.raises(ValueError, match="about"):
        collected(Logged(log), folder=folder)


def test_a_full_disk_costs_the_parts_and_not_the_run(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dearth.ensemble.parts.np.savez", full)
    found = collected(Logged(log), folder=tmp_path / "parts", about="a case")
    assert len(found["x"]) == 10
    assert [r.message.count("No space left on device") for r in caplog.records] == [1]
    assert not list((tmp_path / "parts").glob("*part*"))


def test_two_runs_do_not_share_a_folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("fcntl")
    shard, arrays = Shard(1, 0, 2), {"x": np.ones(2)}
    with Parts(tmp_path, {"inputs": "a"}) as first, Parts(tmp_path, {"inputs": "a"}) as second:
        assert first.write(shard, arrays)
        assert not second.write(shard, arrays)
        assert second.have([shard]) == set()
    assert "another process uses this folder" in caplog.text
    with Parts(tmp_path, {"inputs": "a"}) as third:
        assert third.have([shard]) == {0}


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(") ", 1)[1][0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_workers_end_with_a_caller_that_is_killed(log: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from dearth.ensemble.processes import LocalProcesses\n"
        "from dearth.ensemble.runner import run_shards\n"
        "from dearth.ensemble.shards import split\n"
        "from ensemble_tasks import Logged\n"
        "task = Logged(Path(sys.argv[1]))\n"
        "next(run_shards(task, split(1, 4, 1), executor=LocalProcesses(2)))\n"
        "print('working', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(log)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        cwd=Path(__file__).parent,
    ) as caller:  # fmt: skip
        assert caller.stdout is not None
        assert caller.stdout.readline() == b"working\n"
        workers = {int(path.name.split("-")[2]) for path in log.iterdir()}
        assert workers
        caller.kill()
    for _ in range(100):
        if not any(alive(worker) for worker in workers):
            break
        time.sleep(0.1)
    assert not any(alive(worker) for worker in workers)


@pytest.mark.parametrize(
    ("address", "message"),
    [("processes:0", "'0' is no number of workers"), ("somewhere", "tcp://HOST:PORT"),
     ("processes:", "no number")],
)  # fmt: skip
def test_addresses_that_are_none_are_refused(address: str, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        open_executor(address)


def test_one_shard_needs_no_other_process() -> None:
    assert isinstance(open_executor(None, most=1), InProcess)
    assert open_executor("processes:3").workers == 3
