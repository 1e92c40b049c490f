"""Trials of the intervals of dated deaths, in the terminal and as a page."""

from pathlib import Path
from typing import Any

from rich.console import Console

from dearth.show.terminal_dated_deaths import SHORT
from dearth.show.trial_pages import TrialTable, one_or_all, write_pages
from dearth.trials.dated_trials import DatedTrials

NOTE = (
    "In these windows nobody died of the crisis, so a 95 % interval of the excess deaths should contain "
    "zero in 95 of 100. 'Independent' is the interval for independent weeks or months. Earlier years share "
    "years of the fit; an epidemic or a heat wave in one of them counts against the interval. "
    "In simulated registers the file ends with the window. Registered late: deaths reach the file after 14 "
    "days in the mean, so that its last weeks are incomplete; a warning should then stand beside the "
    "interval."
)
COLUMNS = ("register", "baseline", "tried", "interval holds zero", "independent", "half width", "warned",
           "zero or warned")  # fmt: skip


def print_dated_trials(made: tuple[DatedTrials, ...]) -> None:
    """Print how often the intervals hold zero, a table a series."""
    console = Console()
    for one in made:
        _table(one).print(console)
        if not one.rows:
            console.print("No earlier year has three years of figures before it, and no baseline fits.")
    console.print(NOTE, highlight=False)


def write_dated_trials(
    made: tuple[DatedTrials, ...], out: Path, command: str, inputs: dict[str, str]
) -> Path:
    """Write the folder of `trial_pages.write_pages`."""
    parts = [f"# Trials of dated deaths\n\nMade by `{command}`.\n"]
    parts += [f"## {_title(one)}\n\n{_table(one).markdown()}\n" for one in made]
    page = "\n".join([*parts, NOTE]) + "\n"
    return write_pages(out, command, inputs, [one.document for one in made], page)


def dated_trials_document(made: tuple[DatedTrials, ...]) -> dict[str, Any]:
    """Return what ``recover --json`` prints: the object of the one series, or an object with all."""
    return one_or_all([one.document for one in made], "series")


def _table(one: DatedTrials) -> TrialTable:
    return TrialTable(_title(one), COLUMNS, _rows(one), words=2)


def _rows(one: DatedTrials) -> list[tuple[str, ...]]:
    return [
        (row.window, SHORT[row.method], str(row.tried), f"{row.held:.0%}", f"{row.held_independent:.0%}",
         f"{row.width:.1%}", f"{row.warned:.0%}", f"{row.held_or_warned:.0%}")
        for row in one.rows
    ]  # fmt: skip


def _title(one: DatedTrials) -> str:
    days = f"{one.window.start:%d %B} to {one.window.end:%d %B}"
    return f"{one.title}: the days {days} without a crisis, seed {one.seed}"
