"""The record of trials beside an interval: how often such intervals contained it where the truth is known.

The table `trial_record.json` is written by ``tools/trial_record.py`` from trials on registers of places that
are complete.
"""

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from dearth.case.read import Case
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.layout import Layout
from dearth.reconstruction.posterior import Posterior
from dearth.reconstruction.posterior_tables import TrialRecord

TABLE = "trial_record.json"
NOT_COVERED = (
    "crises above 10 % of the people in a year, registers that change their rules, "
    "and more people leaving than in the trials"
)


@cache
def _table() -> dict[str, Any]:
    file = files("dearth.reconstruction").joinpath(TABLE)
    if not file.is_file():
        return {}
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def tier_of_layout(layout: Layout) -> int:
    """Return the tier of data quality, 1 (best) to 5, to which the records of a layout come nearest.

    1: deaths complete; 2: some deaths unregistered; 3: more of them in the crisis; 4: births too; 5: with a
    census after the last year.
    """
    if not layout.incomplete:
        return 1
    if "birth_completeness" in layout.free:
        return 5 if layout.horizon else 4
    return 3 if "completeness_crisis" in layout.free else 2


def trial_record(layout: Layout) -> TrialRecord | None:
    """Return how often intervals of the layout's tier contained the truth; None without trials on record."""
    tier = tier_of_layout(layout)
    row = _table().get("tiers", {}).get(str(tier))
    if row is None:
        return None
    moved = _table().get("displacement", {}).get(str(tier), {})
    return TrialRecord(
        tier, row["what"], row["windows"], row["held"], row["held_or_warned"], NOT_COVERED,
        moved.get("windows", 0), moved.get("held", 0), moved.get("held_or_warned", 0),
        row["refused"],
    )  # fmt: skip


def with_trial_record(case: Case, posterior: Posterior) -> Posterior:
    """Return the posterior with the record of trials as it stands now, beside every printed scenario.

    Raises
    ------
    CaseError
        When the case lacks what a reconstruction needs.
    """
    found = trial_record(read_inputs(case).layout)
    scenarios = [one if one.refused else replace(one, trial_record=found) for one in posterior.scenarios]
    return replace(posterior, scenarios=scenarios)
