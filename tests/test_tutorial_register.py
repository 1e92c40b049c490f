"""A register of your own: its files make a sound case, its commands run, and print what is quoted."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dearth.cli import app

PAGE = (Path(__file__).parents[1] / "docs" / "register-tutorial.md").read_text(encoding="utf-8")
FILES = re.findall(r"`(finland-1918/[\w./]+)`:\n\n```\w+\n(.*?)```", PAGE, re.S)
COMMANDS = [line for block in re.findall(r"```bash\n(.*?)```", PAGE, re.S) for line in block.splitlines()]
QUOTED = re.findall(r"^> (.*)$", PAGE, re.M)


def said(command: str) -> str:
    done = CliRunner().invoke(app, shlex.split(command)[1:], prog_name="dearth")
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_the_files_and_commands_of_the_page_give_what_it_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(FILES) == 3
    assert len(QUOTED) == 3
    said(COMMANDS[0])
    for name, text in FILES:
        assert (tmp_path / name).is_file(), f"the template has no {name}"
        (tmp_path / name).write_text(text, encoding="utf-8")
    printed = {command: said(command) for command in COMMANDS[1:]}
    answer = printed["dearth estimate finland-1918 --quick"]
    for sentence in QUOTED:
        assert sentence in answer
    assert "sound" in printed["dearth check finland-1918"]
    assert (tmp_path / "finland-1918-report" / "report.html").is_file()


def test_the_figures_of_the_page_are_those_of_the_database(hmd_totals: dict[int, float]) -> None:
    rows = [line.split(",") for line in dict(FILES)["finland-1918/evidence/totals.csv"].splitlines()]
    deaths = {int(row[0]): float(row[3]) for row in rows if row[2] == "deaths"}
    assert len(deaths) == 13
    assert deaths == {year: round(hmd_totals[year]) for year in deaths}


@pytest.fixture
def hmd_totals() -> dict[int, float]:
    """Deaths of Finland by year, from the extract by single age."""
    found: dict[int, float] = {}
    lines = (Path(__file__).parent / "data" / "hmd" / "finland.csv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        year, _, women, men, *_ = line.split(",")
        found[int(year)] = found.get(int(year), 0.0) + float(women or 0) + float(men or 0)
    return found
