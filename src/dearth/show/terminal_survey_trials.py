"""The scores of trials of surveys, in the terminal and as a page."""

from pathlib import Path
from typing import Any

from rich.console import Console

from dearth.show.trial_pages import Replicates, TrialTable, one_or_all, write_pages
from dearth.trials.survey_trials import MethodScore, SurveyTrials

COLUMNS = ("population", "design effect", "design: hold", "rate", "width", "model: hold", "rate",
           "width", "with the loss: hold", "rate", "width")  # fmt: skip
REPLICATES = ("survey", "world", "truth", "rate", "low", "high", "model_rate", "model_low", "model_high",
              "corrected_rate", "corrected_low", "corrected_high", "design_effect")  # fmt: skip


def print_survey_trials(made: tuple[SurveyTrials, ...]) -> None:
    """Print how often 95 % intervals hold the true rate, population by population."""
    console = Console()
    for one in made:
        _table(one).print(console)
        console.print(_note(one), highlight=False)


def write_survey_trials(
    made: tuple[SurveyTrials, ...], out: Path, command: str, inputs: dict[str, str]
) -> Path:
    """Write the folder of `trial_pages.write_pages`."""
    rows = (
        [
            one.survey,
            t.world,
            t.truth,
            *_ends(t.design),
            *_ends(t.model),
            *_ends(t.corrected),
            t.design_effect,
        ]
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


def _ends(found: Any) -> tuple[float | None, ...]:
    return (None, None, None) if found is None else (found.median, found.low, found.high)


def page(made: tuple[SurveyTrials, ...], command: str) -> str:
    """Return the page in Markdown."""
    found = [f"# Trials of surveys: {made[0].case}", "", f"Made by `{command}`.", ""]
    for one in made:
        found += [f"{_title(one)}.", "", _table(one).markdown(), "", _note(one), ""]
    return "\n".join(found)


def _table(one: SurveyTrials) -> TrialTable:
    return TrialTable(_title(one), COLUMNS, _rows(one))


def _title(one: SurveyTrials) -> str:
    count = one.scores[0].replicates
    return (
        f"{one.title}: do 95 % intervals hold the true rate? {count} surveys of each population, seed "
        f"{one.seed}"
    )


def _rows(one: SurveyTrials) -> list[list[str]]:
    return [
        [score.label, "" if score.design_effect is None else f"{score.design_effect:.1f}",
         *_method(score.design), *_method(score.model), *_method(score.corrected)]
        for score in one.scores
    ]  # fmt: skip


def _method(score: MethodScore) -> tuple[str, str, str]:
    if score.given == 0 or score.ratio is None or score.width is None:
        return "none", "", ""
    return f"{score.held / score.given:.0%}", f"{score.ratio:.2f}", f"{score.width:.2f}"


def _note(one: SurveyTrials) -> str:
    model = f" No model: {one.no_model}." if one.no_model else ""
    return (
        f"Populations have the clusters, households, weights and recall ({one.recall:.0f} days) of the "
        f"survey and a mean risk of {one.risk:.2f} per 10,000 a day. hold: share of the intervals that hold "
        "the true rate; rate and width: over the true rate. The last three populations lose deaths that no "
        "method can see in the table of persons. with the loss: the model with a wide prior of this loss, as "
        f"a case may declare it.{model}"
    )


def survey_trials_document(made: tuple[SurveyTrials, ...]) -> dict[str, Any]:
    """Return what ``recover --json`` prints: the object of the one survey, or an object with all."""
    return one_or_all([one.document for one in made], "sets")
