"""The record of trials beside an interval: read from the table, and told in sentences."""

from dataclasses import replace

import pytest

from dearth.estimate.posterior_sentences import trials_sentences
from dearth.reconstruction import trial_record
from dearth.reconstruction.identity import MODEL_VERSION
from dearth.reconstruction.posterior import ScenarioPosterior
from dearth.reconstruction.posterior_tables import Diagnostics
from dearth.trials.estimator import estimator
from dearth.trials.tiers import TIERS

ROW = {"what": "poor", "windows": 40, "refused": 3, "held": 37, "held_or_warned": 39}
MOVED = {"what": "poor", "windows": 20, "held": 15, "held_or_warned": 19}


@pytest.mark.parametrize("tier", [1, 2, 3, 4, 5])
def test_the_tier_of_a_layout_is_that_of_the_trials_with_such_records(tier: int) -> None:
    assert trial_record.tier_of_layout(estimator(TIERS[tier], 2).model.layout) == tier


def test_the_record_is_read_by_tier_and_told_with_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"tiers": {"4": ROW}, "displacement": {"4": MOVED}}
    monkeypatch.setattr(trial_record, "_table", lambda: table)
    found = trial_record.trial_record(estimator(TIERS[4], 2).model.layout)
    assert found is not None
    assert (found.tier, found.windows, found.held, found.displaced_held) == (4, 40, 37, 15)
    assert trial_record.trial_record(estimator(TIERS[2], 2).model.layout) is None
    one = ScenarioPosterior("a", "", Diagnostics(1.0, 500.0, 500.0, 0, 1000), [])
    assert "nobody has tested" in trials_sentences(one)[0]
    told = " ".join(trials_sentences(replace(one, trial_record=found)))
    for words in ("37 of 40", "in 39 they", "In 3 more", "15 of 20", "in 19 they", "do not cover"):
        assert words in told
    still = " ".join(
        trials_sentences(replace(one, trial_record=replace(found, displaced_windows=0, refused=0)))
    )
    assert "left in the crisis and" not in still
    assert "refused" not in still


def test_the_record_that_ships_is_of_the_present_model_and_counts_add_up() -> None:
    table = trial_record._table()
    assert table["made"]["model_version"] == MODEL_VERSION
    assert table["tiers"] == table["all"]
    for kind, rows in table.items():
        if kind == "made":
            continue
        for tier, row in rows.items():
            assert row["held"] <= row["held_or_warned"] <= row["windows"], (kind, tier)
            assert row["held_or_warned"] <= row["held"] + row["warned"], (kind, tier)
            assert row["windows"] >= 5, (kind, tier)
            assert row["places"], (kind, tier)
