"""The tutorial of small areas works as it is written: script, case and sentences are those of the page."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dearth.case.read import load
from dearth.cli import app
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate

PAGE = (Path(__file__).parents[1] / "docs" / "small-areas.md").read_text(encoding="utf-8")
FOUND = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
BLOCKS = dict(reversed(FOUND))  # the first of each language


def test_the_page_prints_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(BLOCKS["python"], {})
    Path("districts/case.yaml").write_text(BLOCKS["yaml"], encoding="utf-8")
    case = load("districts")
    assert [one for one in check(case) if one.severity == "error"] == []
    assert "\n".join(estimate(case).answer) == BLOCKS["text"].strip()
    *_, command = BLOCKS["bash"].strip().splitlines()
    done = CliRunner().invoke(app, [*command.split()[1:], "--quick"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "districts-out" / "districts_hdx.csv").is_file()
    assert (tmp_path / "districts-out" / "districts_fewsnet.csv").is_file()
    again = next(text for _, text in FOUND if "dearth new" in text).splitlines()[1]
    monkeypatch.chdir(tmp_path / "districts" / "areas")
    done = CliRunner().invoke(app, again.split()[1:])
    assert done.exit_code == 0, done.output
    assert [one for one in check(load("south")) if one.severity == "error"] == []
