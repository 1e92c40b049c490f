"""The scores of trials of lists, in the terminal and as a page."""

from pathlib import Path
from typing import Any

from rich.console import Console

from dearth.show.trial_pages import Replicates, TrialTable, one_or_all, write_pages
from dearth.trials.list_trials import MODELS, ListTrials, WorldScore

COLUMNS = ("world", "within declared", "ranges given", "contain the truth", "of these within declared",
           "miss without a warning", "high / low")  # fmt: skip
REPLICATES = ("lists", "world", "truth", "seen", "within", "low", "high", "warned", "holds")


def print_list_trials(made: tuple[ListTrials, ...]) -> None:
    """Print how often ranges and intervals hold the truth, world by world."""
    console = Console()
    for one in made:
        for table in _tables(one):
            table.print(console)
        console.print(_note(one), highlight=False)


def write_list_trials(made: tuple[ListTrials, ...], out: Path, command: str, inputs: dict[str, str]) -> Path:
    """Write the folder of `trial_pages.write_pages`."""
    rows = (
        [one.lists, t.world, t.truth, t.seen, t.within, t.low, t.high, t.warned, t.holds]
        for one in made
        for t in one.trials
    )
    return write_pages(
        out,
        command,
        inputs,
        [one.document for one in made],
        page(made, command),
        Replicates(REPLICATES, rows),
    )


def page(made: tuple[ListTrials, ...], command: str) -> str:
    """Return the page in Markdown."""
    found = [f"# Trials of lists: {made[0].case}", "", f"Made by `{command}`.", ""]
    for one in made:
        for table in _tables(one):
            found += [f"{table.title}.", "", table.markdown(), ""]
        found += [_note(one), ""]
    return "\n".join(found)


def _tables(one: ListTrials) -> list[TrialTable]:
    named = [(name, label) for name, label, _ in MODELS if name in one.scores[-1].models]
    title = f"{one.title}: does the range contain the true number? Seed {one.seed}"
    first = TrialTable(title, COLUMNS, [_range_row(score) for score in one.scores])
    if not named:
        return [first]
    head = ("world", *(label for _, label in named))
    rows = [[score.label, *(_share(*score.models[name]) for name, _ in named)] for score in one.scores]
    title = f"{one.title}: 90 % intervals of models that contain the true number"
    return [first, TrialTable(title, head, rows)]


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
    return one_or_all([one.document for one in made], "sets")
