"""Packages that add to dearth, built and installed by pip as a user installs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"
PACKAGES = ("plugin_estimator", "plugin_mechanism")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a process that has both packages: pip builds the wheels and unpacks them."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--no-build-isolation",
         "--disable-pip-version-check", "--target", str(folder), *(str(DATA / name) for name in PACKAGES)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def run(site: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "dearth", *words], capture_output=True, text=True, env=site, check=False
    )


def test_an_installed_estimator_answers_and_an_installed_mechanism_is_listed(site: dict[str, str]) -> None:
    done = run(site, "estimate", "valley", "--method", "worst-year", "--baseline", "mean:1906-1910",
               "--completeness", "1", "--quick", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {row["method"] for row in json.loads(done.stdout)["estimates"]} == {"worst-year"}
    listed = json.loads(run(site, "mechanisms", "--json").stdout)
    (gleaning,) = [one for one in listed if one["package"]]
    assert (gleaning["id"], gleaning["package"]) == ("gleaning", "dearth-gleaning 1.0")
