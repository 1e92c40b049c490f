"""The benchmark of ensembles on a small case: workers are killed, nothing is lost, nothing is done twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/stat").is_file(), reason="the benchmark reads /proc")
def test_killed_workers_lose_nothing(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    words = ["--json", "--case", "valley", "--draws", "100", "--size", "8"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "ensemble.py"), *words],
        capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"draws", "workers", "seconds", "efficiency", "killed", "lost", "bytes_per_draw"} <= found.keys()
    assert (found["draws"], found["workers"], found["killed"]) == (100, 4, 2)
    assert (found["lost"], found["twice"]) == (0, 0)
    assert 0 < found["again"] <= 16  # what the killed workers were at
    assert found["same"]
    left = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.is_file()]
    assert not [words for words in left if str(tmp_path).encode() in words]
