"""The scores of trials of lists, in the terminal and as a page."""

import csv
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.case.atomic_files import MARK, new_folder
from dearth.numerics.checkpoint import versions
from dearth.trials.list_trials import MODELS, ListTrials, WorldScore

COLUMNS = ("world", "within declared", "ranges given", "contain the truth", "of these within declared",
           "miss without a warning", "high / low")  # fmt: skip


def print_list_trials(made: tuple[ListTrials, ...]) -> None:
    """Print how often ranges and intervals hold the truth, world by world."""
    console = Console()
    for one in made:
        for title, head, rows in _tables(one):
            table = Table(title=escape(title), title_justify="left")
            for at, name in enumerate(head):
                table.add_column(name, overflow="fold", justify="left" if at == 0 else "right")
            for row in rows:
                table.add_row(*row)
            console.print(table)
        console.print(_note(one), highlight=False)


def write_list_trials(made: tuple[ListTrials, ...], out: Path, command: str, inputs: dict[str, str]) -> Path:
    """Write a folder with the page, the table of replicates, what ``--json`` prints and a manifest.

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
        (work / "recover.md").write_text(page(made, command), encoding="utf-8")
        with (work / "trials.csv").open("w", encoding="utf-8", newline="") as file:
            out_rows = csv.writer(file, lineterminator="\n")
            out_rows.writerow(["lists", "world", "truth", "seen", "within", "low", "high", "warned", "holds"])
            out_rows.writerows(
                [one.lists, t.world, t.truth, t.seen, t.within, t.low, t.high, t.warned, t.holds]
                for one in made for t in one.trials
            )  # fmt: skip
    return out


def page(made: tuple[ListTrials, ...], command: str) -> str:
    """Return the page in Markdown."""
    found = [f"# Trials of lists: {made[0].case}", "", f"Made by `{command}`.", ""]
    for one in made:
        for title, head, rows in _tables(one):
            found += [f"{title}.", "", f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
            found += [f"| {' | '.join(row)} |" for row in rows] + [""]
        found += [_note(one), ""]
    return "\n".join(found)


def _tables(one: ListTrials) -> list[tuple[str, tuple[str, ...], list[list[str]]]]:
    named = [(name, label) for name, label, _ in MODELS if name in one.scores[-1].models]
    first = (f"{one.title}: does the range contain the true number? Seed {one.seed}", COLUMNS,
             [_range_row(score) for score in one.scores])  # fmt: skip
    if not named:
        return [first]
    head = ("world", *(label for _, label in named))
    rows = [[score.label, *(_share(*score.models[name]) for name, _ in named)] for score in one.scores]
    return [first, (f"{one.title}: 90 % intervals of models that contain the true number", head, rows)]


def _range_row(score: WorldScore) -> list[str]:
    return [
        score.label, _share(score.replicates, score.within), _share(score.replicates, score.given),
        _share(score.given, score.held), _share(score.given_within, score.held_within),
        _share(score.given, score.missed_unwarned), "" if score.width is None else f"{score.width:.1f}",
    ]  # fmt: skip


def _share(of: int, count: int) -> str:
    return "none" if of == 0 else f"{count} of {of} ({count / of:.0%})"


def _note(one: ListTrials) -> str:
    ratios, false, missed = one.declared.odds_ratio, one.declared.false_matches, one.declared.missed_matches
    return (
        f"Declared: odds ratios of {ratios[0]:g} to {ratios[1]:g}, {false[0]:.0%} to {false[1]:.0%} of the "
        f"matches false, {missed[0]:.0%} to {missed[1]:.0%} missed. Lists have the sizes of the case; the "
        "true number is drawn. If a simulated population lies outside the declared ranges, the range need "
        "not contain the true number."
    )


def list_trials_document(made: tuple[ListTrials, ...]) -> dict[str, Any]:
    """Return what ``recover --json`` prints: the object of the one set of lists, or an object with all."""
    if len(made) == 1:
        return made[0].document
    return {"schema": made[0].document["schema"], "sets": [one.document for one in made]}
