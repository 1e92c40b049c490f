"""A killed run goes on to the same draws, and only that run; compiled programs are kept or not as asked."""

import errno
import logging
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from dearth.numerics import compilation_cache
from dearth.numerics.cache_folder import user_cache
from dearth.numerics.checkpoint import Store
from dearth.numerics.hmc import Draws, Sampler, Settings

SETTINGS = Settings(chains=4, warmup=60, draws=70, chunk=10, steps=(3, 9), seed=5)
DATA = np.array([[0.0, 1.0], [2.0, -3.0]])


@cache
def sampler(settings: Settings) -> Sampler:
    def density(theta: jnp.ndarray, centre: jnp.ndarray) -> jnp.ndarray:
        return -0.5 * (((theta - centre) * jnp.array([1.0, 5.0])) ** 2).sum()

    return Sampler(density, lambda theta, _: {"theta": theta, "first": theta[0]}, settings)


def sample(
    folder: Path | None, settings: Settings = SETTINGS, data: np.ndarray = DATA, stop_at: int = -1
) -> tuple[Draws, list[int], Store | None]:
    store = None if folder is None else Store(folder, "a Gaussian", every=0)
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if done == stop_at:
            os.kill(os.getpid(), 9)

    theta = jnp.zeros((2, settings.chains, 2)) + data[:, None]
    made = sampler(settings).sample(theta, jnp.asarray(data), progress=progress, store=store)
    return made, seen, store


def kill_at(done: int, folder: Path) -> None:
    code = f"import sys, pathlib, test_checkpoint as t; t.sample(pathlib.Path(sys.argv[1]), stop_at={done})"
    paths = os.pathsep.join([*(p for p in sys.path if p), str(Path(__file__).parent)])
    ran = subprocess.run(
        [sys.executable, "-c", code, folder], env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    assert ran.returncode == -9


def same(one: Draws, other: Draws) -> None:
    for name in ("theta", "first"):
        assert one.seen[name].dtype == other.seen[name].dtype
        np.testing.assert_array_equal(one.seen[name], other.seen[name])
    np.testing.assert_array_equal(one.divergences, other.divergences)
    np.testing.assert_array_equal(one.acceptance, other.acceptance)
    np.testing.assert_array_equal(one.state.theta, other.state.theta)
    np.testing.assert_array_equal(one.state.log_step, other.state.log_step)


@pytest.fixture(scope="module")
def whole() -> Draws:
    return sample(None)[0]


@pytest.mark.parametrize("at", [60, 100])  # at the end of the warm-up, among the draws
def test_a_killed_run_goes_on_to_the_same_draws(at: int, tmp_path: Path, whole: Draws) -> None:
    kill_at(at, tmp_path)
    again, seen, store = sample(tmp_path)
    assert seen[:2] == [at, at + 10]
    assert store is not None
    assert store.reason == ""
    same(again, whole)


def test_a_finished_run_is_read_back(tmp_path: Path, whole: Draws) -> None:
    same(sample(tmp_path)[0], whole)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again, seen, store = sample(tmp_path)
    same(again, whole)
    assert seen == [130]
    assert written == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert store is not None
    store.clear()
    assert not tmp_path.exists()


def test_another_run_is_not_resumed(tmp_path: Path) -> None:
    sample(tmp_path)
    _, seen, store = sample(tmp_path, replace(SETTINGS, target=0.9))
    assert seen[0] == 10
    assert store is not None
    assert store.reason == "part-000000.npz was made with other settings"
    moved, seen, store = sample(tmp_path, replace(SETTINGS, target=0.9), DATA + 1)
    assert seen[0] == 10
    assert store is not None
    assert store.reason == "part-000000.npz was made with other data, start"
    same(moved, sample(None, replace(SETTINGS, target=0.9), DATA + 1)[0])
    store.about = "another Gaussian"
    assert store.open({}) == []
    assert "inputs" in store.reason


@pytest.mark.parametrize("keep", [0, 100, -1])  # bytes left of the file
def test_a_truncated_part_is_not_used(keep: int, tmp_path: Path, whole: Draws) -> None:
    sample(tmp_path)
    part = tmp_path / "part-000008.npz"
    part.write_bytes(part.read_bytes()[:keep])
    (tmp_path / ".part-000009.npz.tmp").write_bytes(b"half")
    again, seen, store = sample(tmp_path)
    assert seen[:2] == [80, 90]
    assert store is not None
    assert "part-000008.npz cannot be read" in store.reason
    assert not list(tmp_path.glob(".*"))
    same(again, whole)


def test_a_gap_is_not_jumped(tmp_path: Path, whole: Draws) -> None:
    sample(tmp_path)
    (tmp_path / "part-000002.npz").unlink()
    again, seen, store = sample(tmp_path)
    assert seen[0] == 20
    assert store is not None
    assert "does not follow" in store.reason
    same(again, whole)


def test_a_full_disk_costs_only_the_store_and_leaves_no_half_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def half(file: Any, **_: object) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    store = Store(tmp_path, "a Gaussian", every=0)
    store.open({})
    monkeypatch.setattr(np, "savez", half)
    for done in (1, 2):
        store.write(done - 1, done, {"a": np.zeros(3)})
    assert list(tmp_path.iterdir()) == []
    (record,) = caplog.records
    assert f"{tmp_path}/part-000000.npz: cannot be written (No space left on device)" in record.getMessage()
    assert "DEARTH_CACHE" in record.getMessage()


def test_a_folder_that_cannot_be_made_costs_only_the_store(
    tmp_path: Path, whole: Draws, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    same(sample(tmp_path / "file" / "store")[0], whole)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_as_many_draws_as_asked_for_whatever_the_chunk() -> None:
    made, seen, _ = sample(None, replace(SETTINGS, warmup=15, draws=15))
    assert made.seen["theta"].shape == (2, 4, 15, 2)
    assert seen == [10, 20, 30, 35]


def start(cache: str) -> list[str]:
    """Return what a new process, told to keep its programs in `cache`, says of its folder and of its hits."""
    code = """
import jax, jax.numpy as jnp
from dearth.numerics.compilation_cache import keep_compiled
hits = []
jax.monitoring.register_event_listener(lambda name, **_: hits.append(name) if "cache_hits" in name else 0)
print(keep_compiled())
jax.jit(lambda x: jnp.sin(x) * 17)(1.0)
print(len(hits))
"""
    environment = {
        **os.environ,
        "DEARTH_CACHE": cache,
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    environment.pop("JAX_COMPILATION_CACHE_DIR", None)
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    )
    return ran.stdout.split()


def test_programs_are_kept_where_asked_and_found_again(tmp_path: Path) -> None:
    folder, hits = start(str(tmp_path))
    assert Path(folder).is_relative_to(tmp_path)
    assert hits == "0"
    assert int(start(str(tmp_path))[1]) > 0


def test_nothing_is_kept_when_off(tmp_path: Path) -> None:
    assert start("off") == ["None", "0"]


def test_an_unwritable_cache_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(compilation_cache.jax, "config", object())
    assert compilation_cache.keep_compiled() is None
    assert "compiled programs are not kept" in caplog.text


def test_caches_lie_where_the_platform_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert user_cache() == Path("/somewhere/dearth")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert user_cache() == Path.home() / ".cache" / "dearth"
