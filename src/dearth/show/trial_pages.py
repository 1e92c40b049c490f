"""Tables of trials of record estimators, in the terminal, as a page and in a folder of results."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.case.atomic_files import MARK, new_folder
from dearth.numerics.checkpoint import versions


@dataclass(frozen=True)
class TrialTable:
    """One table of a trial.

    Attributes
    ----------
    head : names of the columns
    words : columns of words, which stand first and at the left
    """

    title: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    words: int = 1

    def print(self, console: Console) -> None:
        """Print the table in the terminal."""
        table = Table(title=escape(self.title), title_justify="left")
        for at, name in enumerate(self.head):
            table.add_column(name, overflow="fold", justify="left" if at < self.words else "right")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)

    def markdown(self) -> str:
        """Return the table in Markdown, without its title."""
        ends = "|---" * self.words + "|---:" * (len(self.head) - self.words) + "|"
        return "\n".join([_line(self.head), ends, *(_line(row) for row in self.rows)])


@dataclass(frozen=True)
class Replicates:
    """The table of replicates, written as ``trials.csv``."""

    head: tuple[str, ...]
    rows: Iterable[Sequence[Any]]


def _line(row: Sequence[str]) -> str:
    return f"| {' | '.join(row)} |"


def write_pages(
    out: Path, command: str, inputs: Mapping[str, str], documents: Sequence[Mapping[str, Any]], page: str,
    replicates: Replicates | None = None,
) -> Path:  # fmt: skip
    """Write a folder with the page, the table of replicates, what ``--json`` prints and a manifest.

    Raises
    ------
    CaseError
        The folder is there already and was not written by dearth.
    """
    with new_folder(out, replace=True) as work:
        manifest = {"command": command, "versions": versions(), "inputs_sha256": dict(inputs)}
        (work / MARK).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        (work / "recover.json").write_text(json.dumps(documents, indent=1) + "\n", encoding="utf-8")
        (work / "recover.md").write_text(page, encoding="utf-8")
        if replicates is not None:
            with (work / "trials.csv").open("w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file, lineterminator="\n")
                rows.writerow(replicates.head)
                rows.writerows(replicates.rows)
    return out


def one_or_all(documents: Sequence[dict[str, Any]], key: str) -> dict[str, Any]:
    """Return what ``recover --json`` prints: the one object, or an object with all of them under `key`."""
    if len(documents) == 1:
        return documents[0]
    return {"schema": documents[0]["schema"], key: list(documents)}
