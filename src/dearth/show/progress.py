"""What the command line and the Python verbs say while they work and when they are done."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dearth.show.notebook_progress import in_notebook

if TYPE_CHECKING:
    from rich.console import Console

    from dearth.estimate.progress import Progress


def say(text: str) -> None:
    """Print a message for the reader on standard error."""
    print(text, file=sys.stderr)


@contextmanager
def working(title: str, wanted: bool | None = True) -> Iterator["Progress"]:
    """Show the running step, how far it is where that is known, and the time.

    A notebook has a bar below its cell, a terminal one on standard error. Where standard error is a file, it
    gets a line at every new step and every tenth of it.

    Parameters
    ----------
    wanted : False shows nothing; None shows the bar in a notebook or a terminal, nothing where standard
        error is a file
    """
    if wanted is False:
        yield _silent
        return
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_jupyter:
        with in_notebook(title) as tell:
            yield tell
    elif console.is_terminal:
        with _in_terminal(title, console) as tell:
            yield tell
    else:
        yield _silent if wanted is None else _in_lines(title)


def _silent(step: str, share: float | None = None) -> None:
    """Show nothing."""


@contextmanager
def _in_terminal(title: str, console: "Console") -> Iterator["Progress"]:
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def tell(step: str, share: float | None = None) -> None:
            bar.update(task, description=f"{title}: {step}", total=None if share is None else 1.0,
                       completed=share or 0.0)  # fmt: skip

        yield tell


def _in_lines(title: str) -> "Progress":
    told: dict[str, int] = {}
    begun = time.monotonic()

    def tell(step: str, share: float | None = None) -> None:
        tenths = int(10 * (share or 0.0))
        if told.get(step, -1) < tenths:
            told[step] = tenths
            far = "" if share is None else f" {10 * tenths} %"
            say(f"{title}: {step}{far} ({time.monotonic() - begun:.0f} s)")

    return tell


def print_json(document: object) -> None:
    """Print exactly one JSON object on standard output; numbers that are none are a mistake."""
    print(json.dumps(document, ensure_ascii=False, allow_nan=False))


def counted(count: int, word: str) -> str:
    """Return a number of things in words: ``1 mistake``, ``2 mistakes``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
