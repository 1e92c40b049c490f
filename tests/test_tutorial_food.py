"""The tutorial on a food system: its commands run, its changes apply, and its table is what they print."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dearth.cli import app

PAGE = (Path(__file__).parents[1] / "docs" / "food-tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(bash|diff)\n(.*?)```", PAGE, re.S)
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ")
]


@dataclass(frozen=True)
class Run:
    command: str
    deaths: dict[str, str]


def deaths_by_year(printed: str) -> dict[str, str]:
    """Read the column of deaths of the table that `simulate` prints."""
    lines = [line.strip("┃│").split("┃" if "┃" in line else "│") for line in printed.splitlines()]
    (at,) = (line.index("deaths") for line in lines if "deaths" in line)
    return {line[0]: line[at].strip() for line in lines if re.fullmatch(r"\d{4}", line[0])}


def change(path: Path, diff: str) -> None:
    """Replace each line of the diff; it stands in the file exactly once."""
    lines = path.read_text(encoding="utf-8").split("\n")
    old, new = ([line[1:] for line in diff.splitlines() if line[0] == sign] for sign in "-+")
    for before, after in zip(old, new, strict=True):
        assert lines.count(before) == 1, before
        lines[lines.index(before)] = after
    path.write_text("\n".join(lines), encoding="utf-8")


def test_the_changes_of_the_page_give_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runs = []
    for kind, text in BLOCKS:
        if kind == "diff":
            change(tmp_path / "my-valley" / "scenario.yaml", text)
            continue
        for command in text.splitlines():
            done = CliRunner().invoke(app, shlex.split(command)[1:], prog_name="dearth")
            assert done.exit_code == 0, done.output
            if " simulate " in command:
                runs.append(Run(command, deaths_by_year(done.stdout)))
    years, rows = ROWS[0][1:], ROWS[1:]
    assert len(rows) == len(runs) == 5
    for row, run in zip(rows, runs, strict=True):
        assert [run.deaths[year] for year in years] == row[1:], run.command


def test_a_number_in_the_sentences_is_one_of_the_table() -> None:
    cells = {cell for row in ROWS[1:] for cell in row[1:]}
    text = PAGE[PAGE.index("## 5.") :]
    said = set(re.findall(r"\b\d+\.\d\b", re.sub(r"^\|.*$", "", text, flags=re.M)))
    assert said
    assert said <= cells
