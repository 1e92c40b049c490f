"""Estimators: those of the package, and one that another package adds."""

import json
import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import dearth
from dearth.bibliography.works import works
from dearth.case.problems import CaseError
from dearth.estimate import estimators as room
from dearth.estimate.estimators import ESTIMATORS, Estimator, estimators

PLUGIN = Path(__file__).parent / "data" / "plugin_estimator"


def installed(folder: Path) -> dict[str, str]:
    """Install the package as an installer does, offline, and return the environment that has it."""
    (folder / "dearth_worst_year-1.0.dist-info").mkdir(parents=True)
    info = folder / "dearth_worst_year-1.0.dist-info"
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: dearth-worst-year\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[dearth.estimators]\nworst-year = dearth_worst_year:WORST_YEAR\n", encoding="utf-8"
    )
    source = PLUGIN / "dearth_worst_year" / "__init__.py"
    (folder / "dearth_worst_year").mkdir()
    (folder / "dearth_worst_year" / "__init__.py").write_text(source.read_text(encoding="utf-8"))
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dearth", *arguments], capture_output=True, text=True, env=env, check=False
    )


def test_every_estimator_of_the_package_keeps_the_protocol() -> None:
    assert [one.name for one in ESTIMATORS] == ["rate", "balance", "count"]
    for one in ESTIMATORS:
        assert isinstance(one, Estimator)
        assert one.sources
        assert set(one.sources) <= {*works(), "assumed"}


def test_an_estimator_of_another_package_runs_and_is_named_everywhere(tmp_path: Path) -> None:
    env = installed(tmp_path / "site")
    done = run(env, "estimate", "valley", "--method", "worst-year", "--baseline", "mean:1906-1910",
               "--completeness", "1", "--window", "1911-1912", "--quick", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    (row,) = document["estimates"]
    assert row["method"] == "worst-year"
    assert "worst-year method" in row["assumption_label"]
    assert "Worst year" in [one["name"] for one in document["methods"]]
    plain = dearth.load("valley").estimate(
        method="rate", baseline="mean:1906-1910", completeness="1", window="1911-1912", quick=True
    ).document["estimates"]  # fmt: skip
    by_year = plain[0]["by_year"]
    assert row["excess_deaths"]["median"] == pytest.approx(max(y["median"] for y in by_year.values()))
    # without being asked for, it is one more method of the multiverse
    methods = {
        r["method"]
        for r in json.loads(run(env, "estimate", "valley", "--json", "--quick").stdout)["estimates"]
    }
    assert methods == {"rate", "balance", "worst-year"}


def test_an_unknown_method_names_those_of_other_packages_too(tmp_path: Path) -> None:
    done = run(installed(tmp_path / "site"), "estimate", "valley", "--method", "worst-yaer")
    assert done.returncode != 0
    assert "did you mean 'worst-year'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("nowhere_at_all:ONE", "cannot be loaded: ModuleNotFoundError"),
        ("dearth.estimate.estimators:RATE", "its name 'rate' is taken"),
        ("dearth.estimate.estimators:_Balance", "names a class"),
        ("dearth.estimate.estimators:GROUP", "it has no name"),
    ],
)
def test_a_broken_package_is_named(monkeypatch: pytest.MonkeyPatch, value: str, wanted: str) -> None:
    def points(group: str) -> Any:
        return [EntryPoint("mine", value, group)]

    monkeypatch.setattr(room, "entry_points", points)
    estimators.cache_clear()
    try:
        with pytest.raises(CaseError, match=wanted):
            estimators()
    finally:
        estimators.cache_clear()
