"""Populations of known size put the estimates from lists on trial."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dearth.case.from_lists import new_from_lists
from dearth.cli import app
from dearth.estimate.lists.dependence_range import Declared
from dearth.estimate.lists.histories import Histories
from dearth.trials.list_trials import _matched, scores, try_lists
from dearth.trials.list_worlds import WORLDS, odds_ratios

SHARES = np.array([0.3, 0.2, 0.25])
THREE = Histories(("a", "b", "c"), np.array([0, 150, 90, 40, 120, 50, 30, 20], dtype=float))
WORLD = {world.name: world for world in WORLDS}


@pytest.mark.parametrize("name", list(WORLD))
def test_a_world_has_lists_of_the_sizes_asked_for(name: str) -> None:
    chances = WORLD[name].chances(SHARES, Declared(), np.random.default_rng(3))
    masks = np.arange(8)
    assert chances.sum() == pytest.approx(1)
    assert (chances >= 0).all()
    for k, share in enumerate(SHARES):
        assert chances[masks >> k & 1 == 1].sum() == pytest.approx(share, abs=1e-6)


def test_worlds_depend_as_their_names_say() -> None:
    def ratios(name: str) -> list[float]:
        return odds_ratios(WORLD[name].chances(SHARES, Declared(), np.random.default_rng(3)))

    assert ratios("independent") == pytest.approx([1, 1, 1])
    assert min(ratios("classes")) > 1.05
    assert min(ratios("propensity")) > 1.05
    first_second, first_third, _ = ratios("copied")
    assert first_second > 4
    assert first_third == pytest.approx(1)
    apart = ratios("apart")
    assert apart[0] < 0.5 < 1 < apart[1]


def test_odds_ratios_of_two_lists_by_hand() -> None:
    assert odds_ratios(np.array([0.4, 0.1, 0.2, 0.3])) == pytest.approx([0.3 * 0.4 / (0.1 * 0.2)])


def test_errors_of_matching_change_the_overlap_and_keep_the_lists() -> None:
    table = Histories(("a", "b"), np.array([0, 4000, 3000, 2000], dtype=float))
    only = {"odds_ratio": (0.5, 4.0)}
    missed = _matched(table, Declared(**only, false_matches=(0, 0), missed_matches=(0.2, 0.2)),
                      np.random.default_rng(1))  # fmt: skip
    assert missed.overlap(0, 1) == pytest.approx(1600, abs=70)
    joined = _matched(table, Declared(**only, false_matches=(0.2, 0.2), missed_matches=(0, 0)),
                      np.random.default_rng(1))  # fmt: skip
    assert joined.overlap(0, 1) == pytest.approx(2500, abs=100)
    for found in (missed, joined):
        assert (found.size(0), found.size(1)) == (6000, 5000)


def test_the_range_holds_the_truth_within_what_is_declared() -> None:
    made = try_lists(THREE, Declared(), 12, np.random.default_rng(5), lambda step, share: None)
    whole = scores(made)[-1]
    assert whole.replicates == 12 * len(WORLDS)
    assert whole.within >= 40
    assert whole.given_within >= 30
    assert whole.held_within >= 0.9 * whole.given_within
    copied = next(one for one in scores(made) if one.world == "copied")
    assert copied.held < copied.replicates  # beyond what is declared the range promises nothing
    alone = whole.models["independence"]
    assert alone[1] < 0.7 * alone[0]  # the interval of one model is too narrow


def test_recover_of_lists_prints_writes_and_repeats(tmp_path: Path) -> None:
    text = "a,b,count\n1,0,170\n0,1,120\n1,1,30\n"
    (tmp_path / "lists.csv").write_text(text, encoding="utf-8")
    case = str(new_from_lists(tmp_path / "two", tmp_path / "lists.csv", "Two", "1999"))
    asked = ["recover", case, "--replicates", "5", "--json", "--out", str(tmp_path / "out")]
    first, again = CliRunner().invoke(app, asked), CliRunner().invoke(app, asked)
    assert first.exit_code == 0, first.output
    document = json.loads(first.stdout)
    assert document == json.loads(again.stdout)
    assert document["schema"] == "dearth/recover-lists/v1"
    assert [world["world"] for world in document["worlds"]] == [*WORLD, "all"]
    page = (tmp_path / "out" / "recover.md").read_text(encoding="utf-8")
    assert "| lists independent | 5 of 5 (100%) |" in page
    with (tmp_path / "out" / "trials.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 5 * len(WORLDS)
    shown = CliRunner().invoke(app, ["recover", case, "--replicates", "2"])
    assert "one list copies another" in shown.output
    wrong = CliRunner().invoke(app, ["recover", case, "--like", "china-1958:no_opinion"])
    assert wrong.exit_code == 2
