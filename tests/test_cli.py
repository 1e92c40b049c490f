"""The contracts of the command line: one JSON object, statuses, speed, whole results or none."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from dearth.cli import app

SCHEMAS = Path(__file__).parents[1] / "src" / "dearth" / "schemas"


def dearth(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dearth.cli", *words], capture_output=True, text=True, check=False,
        **options,  # type: ignore[call-overload]
    )  # fmt: skip


def test_estimate_prints_one_json_object_that_keeps_the_schema(tiny: Path) -> None:
    done = dearth("estimate", str(tiny), "--json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    schema = json.loads((SCHEMAS / "estimate-v1.json").read_text())
    jsonschema.validate(document, schema)
    assert document["schema"] == "dearth/estimate/v1"
    labels = [row["assumption_label"] for row in document["estimates"]]
    assert len(labels) == len(set(labels)) > 20
    assert all(row["in_range"] == (row["mixed_basis"] == "") for row in document["estimates"])
    assert any(row["in_range"] for row in document["estimates"])


def test_same_seed_same_numbers(tiny: Path) -> None:
    first, again, other = (
        json.loads(dearth("estimate", str(tiny), "--json", "--seed", s).stdout) for s in "112"
    )
    assert first == again
    assert first["estimates"] != other["estimates"]


def test_restricted_to_one(tiny: Path) -> None:
    done = dearth(
        "estimate", str(tiny), "--method", "rate", "--series", "books", "--baseline",
        "level:1902", "--completeness", "0.85", "--window", "1903-1904", "--json",
    )  # fmt: skip
    (only,) = json.loads(done.stdout)["estimates"]
    assert (only["baseline"], only["completeness"], only["window"]) == (
        "level:1902", 0.85, "1903-1904",
    )  # fmt: skip
    expected = (900 - 120 / 10300 * 20250) / 0.85
    assert only["excess_deaths"]["median"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("words", "status"),
    [(["estimate"], 2), (["estimat"], 2), (["estimate", "nowhere"], 1), (["--help"], 0),
     (["cases", "--json"], 0), (["new", "x", "--from-hmd", "."], 2), (["schema", "case"], 0)],
)  # fmt: skip
def test_statuses(tmp_path: Path, words: list[str], status: int) -> None:
    done = dearth(*words, cwd=tmp_path)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["cases"], ["sources", "--all"]])
def test_a_reader_that_has_gone_is_no_error(words: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)  # as `| head -1` does
    done = subprocess.run(
        [sys.executable, "-m", "dearth.cli", *words], stdout=write, stderr=subprocess.PIPE, text=True,
        check=False,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("verb", sorted(get_command(app).commands))
def test_every_verb_has_help_with_an_example(verb: str) -> None:
    done = CliRunner().invoke(app, [verb, "--help"], env={"COLUMNS": "200"}, prog_name="dearth")
    assert done.exit_code == 0
    assert "Example" in done.stdout
    assert re.search(rf"^ *dearth {verb}", done.stdout, re.M)
    for option in get_command(app).commands[verb].params:
        if not getattr(option, "hidden", False):
            assert (option.help or "").endswith("."), option.name


@pytest.mark.parametrize(
    ("words", "found"),
    [("dearth estimate ch", "china-1958"), ("dearth simulate va", "valley"),
     ("dearth sources fin", "finland-1866"), ("dearth recover va", "valley"), ("dearth sim", "simulate"),
     ("dearth estimate valley --method ra", "rate"), ("dearth simulate valley --off rel", "relief"),
     ("dearth simulate valley --regime no_e", "no_exports"), ("dearth schema est", "estimate")],
)  # fmt: skip
def test_tab_completes(words: str, found: str) -> None:
    asked = {"_DEARTH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = CliRunner().invoke(app, [], env=asked, prog_name="dearth")
    assert found in done.stdout.split()


def test_help_and_import_do_not_load_the_heavy_libraries() -> None:
    code = (
        "import sys, dearth, dearth.cli\n"
        "heavy = {'jax', 'altair', 'vl_convert', 'numpy', 'pandas', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_run_writes_one_whole_folder_and_may_replace_its_own(tiny: Path) -> None:
    out = tiny.parent / "out"
    for _ in range(2):
        done = dearth("run", str(tiny), "--quick", "--out", str(out))
        assert done.returncode == 0, done.stderr
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert {"report.html", "estimates.json", "estimates.csv", "manifest.json", "case/case.yaml",
            "case/evidence/books.csv", "case/sources.csv"} <= names  # fmt: skip
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["seed"] == 1
    assert set(manifest["versions"]) == {"dearth", "python", "numpy", "scipy", "jax", "jaxlib"}
    assert [p.name for p in tiny.parent.iterdir() if p.name.startswith(".")] == []


def test_check_reports_in_words_and_json(tiny: Path) -> None:
    done = dearth("check", str(tiny))
    assert done.returncode == 0
    assert "the accounts do not close" in done.stdout
    document = json.loads(dearth("check", str(tiny), "--json").stdout)
    assert document["ok"]
    found = [p["severity"] for p in document["problems"] if p["audience"] == "reader"]
    assert found == ["warning"]
    (tiny / "evidence" / "books.csv").unlink()
    broken = dearth("check", str(tiny), "--json")
    assert broken.returncode == 1
    assert not json.loads(broken.stdout)["ok"]
