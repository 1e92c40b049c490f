"""What the command line says while it works and when it is done."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """Print a message for the reader on standard error."""
    print(text, file=sys.stderr)


@contextmanager
def working(title: str) -> Iterator[Callable[[str], None]]:
    """Show a spinner with the running step and the time on standard error."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title)
        yield lambda step: bar.update(task, description=f"{title}: {step}")


def print_json(document: object) -> None:
    """Print exactly one JSON object on standard output; numbers that are none are a mistake."""
    print(json.dumps(document, ensure_ascii=False, allow_nan=False))
