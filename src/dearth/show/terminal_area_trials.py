"""The scores of trials of small areas, in the terminal and as a page."""

from pathlib import Path
from typing import Any

from rich.console import Console

from dearth.show.trial_pages import Replicates, TrialTable, one_or_all, write_pages
from dearth.trials.area_trials import AreaTrials, TotalScore

COLUMNS = ("districts", "deaths: hold", "estimate", "width", "excess: hold", "width", "districts: hold",
           "without survey", "left out", "warned")  # fmt: skip
REPLICATES = ("areas", "world", "deaths", "deaths_found", "deaths_low", "deaths_high", "excess",
              "excess_found", "excess_low", "excess_high", "surveyed_held", "unsurveyed_held",
              "left_out_held", "warned")  # fmt: skip


def print_area_trials(made: tuple[AreaTrials, ...]) -> None:
    """Print how often 95 % intervals hold the true deaths, world by world."""
    console = Console()
    for one in made:
        _table(one).print(console)
        console.print(_note(one), highlight=False)


def write_area_trials(made: tuple[AreaTrials, ...], out: Path, command: str, inputs: dict[str, str]) -> Path:
    """Write the folder of `trial_pages.write_pages`."""
    rows = (
        [one.areas, t.world, t.deaths, *_ends(t.deaths_found), t.excess, *_ends(t.excess_found), t.surveyed,
         t.unsurveyed, t.left_out, t.warned]
        for one in made for t in one.trials
    )  # fmt: skip
    documents = [one.document for one in made]
    return write_pages(out, command, inputs, documents, page(made, command), Replicates(REPLICATES, rows))


def _ends(found: Any) -> tuple[float | None, ...]:
    return (None, None, None) if found is None else (found.median, found.low, found.high)


def page(made: tuple[AreaTrials, ...], command: str) -> str:
    """Return the page in Markdown."""
    found = [f"# Trials of small areas: {made[0].case}", "", f"Made by `{command}`.", ""]
    for one in made:
        found += [f"{_title(one)}.", "", _table(one).markdown(), "", _note(one), ""]
    return "\n".join(found)


def area_trials_document(made: tuple[AreaTrials, ...]) -> dict[str, Any]:
    """Return what ``recover --json`` prints: the object of the one block, or an object with all."""
    return one_or_all([one.document for one in made], "sets")


def _table(one: AreaTrials) -> TrialTable:
    rows = [
        [score.label, *_total(score.deaths), *_total(score.excess)[::2], _share(score.surveyed),
         _share(score.unsurveyed), _share(score.left_out), _share(score.warned)]
        for score in one.scores
    ]  # fmt: skip
    return TrialTable(_title(one), COLUMNS, rows)


def _title(one: AreaTrials) -> str:
    kinds = f"{one.scores[0].replicates} populations of each kind, seed {one.seed}"
    return f"{one.title}: do 95 % intervals hold the true deaths? {kinds}"


def _total(score: TotalScore) -> tuple[str, str, str]:
    if score.given == 0 or score.ratio is None or score.width is None:
        return "none", "", ""
    return f"{score.held / score.given:.0%}", f"{score.ratio:.2f}", f"{score.width:.2f}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _note(one: AreaTrials) -> str:
    return (
        f"Populations have the {one.districts} districts, the people and predictors of the case and a usual "
        f"rate of {one.level:.2f} per 10,000 a day. {one.surveys} surveys have its recalls and errors. hold: "
        "share of the intervals that hold the true deaths of the window; estimate and width: over the true "
        "deaths. districts: share of the districts with a survey, and without one, whose interval holds. "
        "left out: share of the surveys that are predicted where all surveys of their district are left out. "
        "warned: share of the results that say how many people live in districts without a survey."
    )
