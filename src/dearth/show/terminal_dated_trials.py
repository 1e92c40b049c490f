"""Trials of the intervals of dated deaths, in the terminal and as a page."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.case.atomic_files import MARK, new_folder
from dearth.numerics.checkpoint import versions
from dearth.show.terminal_dated_deaths import SHORT
from dearth.trials.dated_trials import DatedTrials

NOTE = (
    "In these windows nobody died of the crisis, so a 95 % interval of the excess deaths should contain "
    "zero in 95 of 100. 'Independent' is the interval for independent weeks or months. Earlier years share "
    "years of the fit; an epidemic or a heat wave in one of them counts against the interval."
)
COLUMNS = ("register", "baseline", "tried", "interval holds zero", "independent", "half width")


def print_dated_trials(made: tuple[DatedTrials, ...]) -> None:
    """Print how often the intervals hold zero, a table a series."""
    console = Console()
    for one in made:
        table = Table(title=escape(_title(one)), title_justify="left")
        for name in COLUMNS[:2]:
            table.add_column(name, overflow="fold")
        for name in COLUMNS[2:]:
            table.add_column(name, justify="right", overflow="fold")
        for row in _rows(one):
            table.add_row(*row)
        console.print(table)
        if not one.rows:
            console.print("No earlier year has three years of figures before it, and no baseline fits.")
    console.print(NOTE, highlight=False)


def write_dated_trials(
    made: tuple[DatedTrials, ...], out: Path, command: str, inputs: dict[str, str]
) -> Path:
    """Write a folder with the page, what ``--json`` prints and a manifest.

    Raises
    ------
    CaseError
        The folder is there already and was not written by dearth.
    """
    with new_folder(out, replace=True) as work:
        manifest = {"command": command, "versions": versions(), "inputs_sha256": inputs}
        (work / MARK).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        text = json.dumps([one.document for one in made], indent=1)
        (work / "recover.json").write_text(text + "\n", encoding="utf-8")
        parts = [f"# Trials of dated deaths\n\nMade by `{command}`.\n"]
        for one in made:
            lines = [COLUMNS, ("---",) * len(COLUMNS), *_rows(one)]
            table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
            parts.append(f"## {_title(one)}\n\n{table}\n")
        (work / "recover.md").write_text("\n".join([*parts, NOTE]) + "\n", encoding="utf-8")
    return out


def dated_trials_document(made: tuple[DatedTrials, ...]) -> dict[str, Any]:
    """Return what ``recover --json`` prints: the object of the one series, or an object with all."""
    if len(made) == 1:
        return made[0].document
    return {"schema": made[0].document["schema"], "series": [one.document for one in made]}


def _rows(one: DatedTrials) -> list[tuple[str, ...]]:
    return [
        (row.window, SHORT[row.method], str(row.tried), f"{row.held:.0%}", f"{row.held_independent:.0%}",
         f"{row.width:.1%}")
        for row in one.rows
    ]  # fmt: skip


def _title(one: DatedTrials) -> str:
    days = f"{one.window.start:%d %B} to {one.window.end:%d %B}"
    return f"{one.title}: the days {days} without a crisis, seed {one.seed}"
