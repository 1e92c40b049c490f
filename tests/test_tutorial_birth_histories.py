"""The tutorial of birth histories works as it is written: script, commands and sentences are those of it."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dearth.case.read import load
from dearth.cli import app
from dearth.estimate.estimates import estimate

PAGE = (Path(__file__).parents[1] / "docs" / "birth-histories.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))


def test_the_page_prints_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(BLOCKS["python"], {})
    for line in BLOCKS["bash"].strip().splitlines()[:2]:
        done = CliRunner().invoke(app, line.split()[1:])
        assert done.exit_code == 0, f"{done.output} {done.exception}"
    assert "\n".join(estimate(load("example")).answer) == BLOCKS["text"].strip()
