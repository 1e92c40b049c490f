"""Trials of methods for two censuses, in the terminal and as a page."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.case.atomic_files import MARK, new_folder
from dearth.numerics.checkpoint import versions
from dearth.population.death_distribution import METHODS
from dearth.trials.census_trials import markdown
from dearth.trials.recover_two_censuses import PairTrials

NOTE = (
    "Populations are simulated; registration is 30-100 % complete. 'Spread' is the lowest to the highest "
    "result of the methods; 'and 20 %' widens it by their published error. Behind each method: its median "
    "error, and the share of populations in which its error was below 20 %."
)


def print_census_trials(made: tuple[PairTrials, ...]) -> None:
    """Print how often the spread of the methods holds the truth, one table a pair of censuses."""
    console = Console()
    for one in made:
        table = Table(title=escape(_title(one)), title_justify="left")
        table.add_column("what is wrong", overflow="fold")
        for name in ("spread holds", "and 20 %", "width", *(method.title for method in METHODS)):
            table.add_column(name, overflow="fold", justify="right")
        for row in one.settings:
            methods = [f"{row.error[m.name]:+.0%} ({row.within[m.name]:.0%})" for m in METHODS]
            table.add_row(
                row.setting.what, f"{row.spread_holds:.0%}", f"{row.wide_holds:.0%}",
                f"{row.spread_width:.0%}", *methods,
            )  # fmt: skip
        console.print(table)
    console.print(NOTE, highlight=False)


def write_census_trials(
    made: tuple[PairTrials, ...], out: Path, command: str, inputs: dict[str, str]
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
        parts = [f"# Trials of methods for two censuses\n\nMade by `{command}`.\n"]
        parts += [f"## {_title(one)}\n\n{markdown(one.settings)}" for one in made]
        (work / "recover.md").write_text("\n".join([*parts, NOTE]) + "\n", encoding="utf-8")
    return out


def census_trials_document(made: tuple[PairTrials, ...]) -> dict[str, Any]:
    """Return what ``recover --json`` prints: the object of the one pair, or an object with all."""
    if len(made) == 1:
        return made[0].document
    return {"schema": made[0].document["schema"], "pairs": [one.document for one in made]}


def _title(one: PairTrials) -> str:
    return (
        f"{one.title}: {one.settings[0].populations} populations a row, censuses {one.like.apart} years "
        f"apart, open age group {one.like.open_age}, seed {one.seed}"
    )
