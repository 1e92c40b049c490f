"""The one JSON object of ``recover``, written from its typed parts: the only place that makes it."""

from dataclasses import asdict
from typing import Any

from dearth.trials.recovery import Trials
from dearth.trials.replicates import Found

SCHEMA = "dearth/recover/v1"
OLD_NAMES = {"recovered_coverage": "regained_coverage"}  # of keys of the births, of version 1 of the schema


def to_document(made: Trials) -> dict[str, Any]:
    """Return the document of ``recover --json``: shares from 0 to 1, persons, None of no trials."""
    asked = made.asked
    found = {
        "schema": SCHEMA,
        "case": made.case,
        "tier": made.tier,
        "rung": made.tier,  # the old name of tier, kept for one version
        "what": made.what,
        "calibration": asked.calibrate,
        "like": asked.like,
        "replicates": asked.replicates,
        "seed": asked.seed,
        "windows": asked.windows,
        "degradations": [asdict(one) for one in made.degradations],
        "refused_table": made.unscored,
        **_scores(made),
        "trials": [_trial(one) for one in made.found],
    }
    if made.beyond is not None:
        found["beyond"] = {name: asdict(one) for name, one in made.beyond.items()}
    if made.left_out is not None:
        found["left_out"] = made.left_out
    if made.recipes is not None:
        found["recipes"] = {name: asdict(one) for name, one in made.recipes.items()}
        found["recipes_not_carried_out"] = made.recipes_not_carried_out
    return found


def _scores(made: Trials) -> dict[str, Any]:
    found = asdict(made.scores)
    found["births"] = {OLD_NAMES.get(name, name): value for name, value in found["births"].items()}
    return found


def _trial(one: Found) -> dict[str, Any]:
    return {
        "window": one.window,
        "letters": one.letters,
        "corner": one.corner,
        "drawn": one.drawn,
        "truth": one.truth,
        "interval90": {name: ends["90"] for name, ends in one.intervals.items()},
        "median": one.medians,
        "warnings": one.warnings,
        "refused": one.refused,
    }
