"""The tutorial on Finland: every command runs, and every quoted sentence is what it prints."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dearth.cli import app

PAGE = (Path(__file__).parents[1] / "docs" / "finland-tutorial.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```bash\n(.*?)```", PAGE, re.S) for line in block.splitlines()]
QUOTED = re.findall(r"^> (.*)$", PAGE, re.M)


def said(command: str) -> str:
    verb, *arguments = shlex.split(command)
    assert verb == "dearth"
    done = CliRunner().invoke(app, arguments, prog_name="dearth")
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = said(command)
    if " estimate finland-1866 --quick" in command and "--baseline" not in command:
        assert len(QUOTED) == 2
        for sentence in QUOTED:
            assert sentence in printed
    if " run " in command:
        assert (tmp_path / "finland" / "report.html").is_file()


def test_the_exercise_has_the_answer_that_it_asks_for() -> None:
    low, high = (
        said(f"dearth estimate finland-1866 --quick --baseline constant:{rate}") for rate in (30, 60)
    )
    assert "excess deaths are -" not in low
    assert "excess deaths are -" in high
