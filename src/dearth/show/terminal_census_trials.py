"""Trials of methods for two censuses, in the terminal and as a page."""

from pathlib import Path
from typing import Any

from rich.console import Console

from dearth.population.death_distribution import METHODS
from dearth.show.trial_pages import TrialTable, one_or_all, write_pages
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
        _table(one).print(console)
    console.print(NOTE, highlight=False)


def write_census_trials(
    made: tuple[PairTrials, ...], out: Path, command: str, inputs: dict[str, str]
) -> Path:
    """Write the folder of `trial_pages.write_pages`."""
    parts = [f"# Trials of methods for two censuses\n\nMade by `{command}`.\n"]
    parts += [f"## {_title(one)}\n\n{markdown(one.settings)}" for one in made]
    page = "\n".join([*parts, NOTE]) + "\n"
    return write_pages(out, command, inputs, [one.document for one in made], page)


def census_trials_document(made: tuple[PairTrials, ...]) -> dict[str, Any]:
    """Return what ``recover --json`` prints: the object of the one pair, or an object with all."""
    return one_or_all([one.document for one in made], "pairs")


def _table(one: PairTrials) -> TrialTable:
    head = ("what is wrong", "spread holds", "and 20 %", "width", *(method.title for method in METHODS))
    rows = [
        [row.setting.what, f"{row.spread_holds:.0%}", f"{row.wide_holds:.0%}", f"{row.spread_width:.0%}",
         *(f"{row.error[m.name]:+.0%} ({row.within[m.name]:.0%})" for m in METHODS)]
        for row in one.settings
    ]  # fmt: skip
    return TrialTable(_title(one), head, rows)


def _title(one: PairTrials) -> str:
    return (
        f"{one.title}: {one.settings[0].populations} populations a row, censuses {one.like.apart} years "
        f"apart, open age group {one.like.open_age}, seed {one.seed}"
    )
