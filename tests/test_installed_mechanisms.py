"""Mechanisms of packages outside: one joins the order of a month, and faulty ones are named."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from test_cli import SCHEMAS

PACKAGE = Path(__file__).parent / "data" / "plugin_mechanism"
CODE = (PACKAGE / "src" / "dearth_gleaning.py").read_text(encoding="utf-8")


def install(
    folder: Path, files: Mapping[str, str], project: Mapping[str, str], entries: Mapping[str, str]
) -> None:
    """Put modules and the metadata that an installer writes from a project into `folder`."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(head, encoding="utf-8")
    rows = "".join(f"{name} = {value}\n" for name, value in entries.items())
    (info / "entry_points.txt").write_text(f"[dearth.mechanisms]\n{rows}", encoding="utf-8")


def install_gleaning(folder: Path, code: str = CODE) -> None:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    install(folder, {"dearth_gleaning.py": code}, project, project["entry-points"]["dearth.mechanisms"])


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": path}, cwd=folder)  # fmt: skip


def test_the_example_package_passes_its_own_checks(tmp_path: Path) -> None:
    """Its checks: it acts, its strength 0 is its absence, grain and people are conserved."""
    install_gleaning(tmp_path / "site")
    done = run(tmp_path / "site", "pytest", "-v", "-p", "no:cacheprovider", str(PACKAGE / "checks"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_a_result_names_the_package(tmp_path: Path) -> None:
    install_gleaning(tmp_path / "site")
    listed = run(tmp_path / "site", "dearth.cli", "mechanisms", "--json")
    assert listed.returncode == 0, listed.stderr
    found = {m["id"]: m for m in json.loads(listed.stdout)}
    assert found["gleaning"]["package"] == "dearth-gleaning 1.0"
    assert found["harvest"]["package"] == ""
    done = run(
        tmp_path / "site", "dearth.cli", "simulate", "valley", "--set", "gleaning.share=0.04", "--json"
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads((SCHEMAS / "simulate-v1.json").read_text()))
    assert document["installed"] == [{"id": "gleaning", "package": "dearth-gleaning", "version": "1.0"}]
    assert document["settings"] == ["gleaning.share=0.04"]


def altered(old: str, new: str) -> str:
    assert CODE.count(old) >= 1
    return CODE.replace(old, new)


FAULTS = {
    "name clash": (altered('id="gleaning"', 'id="harvest"'), ["dearth has a mechanism of this name too"]),
    "unknown field": (altered('"output", "store"', '"output", "stores"'),
                      ["`reads` names 'stores'", "did you mean 'store'?", "`writes` names 'stores'"]),
    "undeclared field": (altered('writes=("output", "store")', 'writes=("output",)'),
                         ["its step writes 'store', which `writes` does not declare"]),
    "follows nothing": (altered('after="harvest"', 'after="harvests"'),
                        ["`after` names 'harvests'", "did you mean 'harvest'?"]),
    "does not import": ("import a_module_that_is_not_there\n",
                        ["cannot be imported", "a_module_that_is_not_there"]),
    "not a mechanism": ("MECHANISM = 3\n", ["is of type int; an entry point names a Mechanism"]),
    "step fails": (altered('p["share"]', 'p["part"]'), ["its step fails (KeyError: 'part')"]),
    "another shape": (altered("store=state.store + gleaned", "store=state.store[:1]"),
                      ["its step was given 'store' as float32[13] and returns float32[1]"]),
    "breaks the account": (altered("output=flows.output + gleaned", "output=flows.output + 0.0 * gleaned"),
                           ["the accounts do not close", "gleaning"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_package_is_named_with_the_remedy(fault: str, tmp_path: Path) -> None:
    code, wanted = FAULTS[fault]
    install_gleaning(tmp_path / "site", code)
    done = run(tmp_path / "site", "dearth.cli", "simulate", "valley")
    assert done.returncode == 1, done.stdout + done.stderr
    for text in wanted:
        assert text in done.stderr
    assert "Traceback" not in done.stderr
    told = done.stderr.splitlines()
    assert len(told) == len(set(told)), "a mistake is told once"
    if fault != "breaks the account":
        assert "package dearth-gleaning: mechanism 'gleaning'" in done.stderr
        assert "pip uninstall dearth-gleaning" in done.stderr


def test_check_and_estimate_without_a_package_import_no_numerical_library() -> None:
    code = "import sys; from dearth.system.installed import declarations; declarations(); "
    code += "assert 'jax' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_packages_of_one_name_are_refused(tmp_path: Path) -> None:
    install_gleaning(tmp_path / "site")
    install(tmp_path / "site", {"other_gleaning.py": CODE}, {"name": "other-gleaning", "version": "2"},
            {"gleaning": "other_gleaning:MECHANISM"})  # fmt: skip
    done = run(tmp_path / "site", "dearth.cli", "mechanisms")
    assert done.returncode == 1
    assert "package other-gleaning" in done.stderr
    assert "dearth-gleaning has a mechanism of this name too" in done.stderr
