"""Surveys of populations whose rate is known: what holds the truth, and what no interval sees."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.case.read import load
from dearth.case.surveys.new_case import new_from_survey
from dearth.cli import app
from dearth.estimate.surveys.persons import Persons, persons_of
from dearth.trials.survey_trials import recover_surveys
from dearth.trials.survey_worlds import WORLDS, SurveyWorld, surveyed, true_rate


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case of 30 clusters of 30 households of four, two deaths per 10,000 a day over 90 days."""
    folder = tmp_path_factory.mktemp("survey")
    rng = np.random.default_rng(4)
    lines = ["household,cluster,sex,age,died,person_days"]
    for cluster in range(30):
        for person in range(120):
            day = rng.exponential(5000)
            lines.append(f"{person // 4},{cluster},1,30,{int(day < 90)},{min(90, int(day))}")
    (folder / "p.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return new_from_survey(folder / "north", folder / "p.csv", None, None)


@pytest.fixture(scope="module")
def persons(case: Path) -> Persons:
    read = load(case)
    return persons_of(read, read.settings.surveys["persons"])


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_the_true_rate_is_that_of_a_population_without_losses(world: SurveyWorld, persons: Persons) -> None:
    whole = SurveyWorld(world.name, world.label, world.clusters, world.households)
    rng = np.random.default_rng(1)
    drawn = [surveyed(whole, persons, 20.0, rng).sample for _ in range(500)]
    found = 1e4 * sum(s.deaths.sum() for s in drawn) / sum(s.person_days.sum() for s in drawn)
    assert found == pytest.approx(true_rate(world, 20.0, persons.recall), rel=0.04)


def test_losses_take_deaths_away_and_keep_the_design(persons: Persons) -> None:
    truth = {world.name: true_rate(world, 2.0, persons.recall) for world in WORLDS}
    found = {}
    for world in WORLDS:
        drawn = [surveyed(world, persons, 2.0, np.random.default_rng(at)).sample for at in range(20)]
        rate = 1e4 * sum(s.deaths.sum() for s in drawn) / sum(s.person_days.sum() for s in drawn)
        found[world.name] = rate / truth[world.name]
        if not world.loss:
            assert len(drawn[0].deaths) == len(persons.deaths)
            assert drawn[0].cluster.tolist() == persons.cluster.tolist()
    assert found["moved"] < 0.6
    assert found["dissolved"] < 0.85
    assert 0.8 < found["forgotten"] < 0.95
    assert all(0.9 < found[name] < 1.1 for name in ("even", "clustered", "outbreaks"))


def test_intervals_hold_the_truth_where_nothing_is_lost(case: Path) -> None:
    (made,) = recover_surveys(load(case), 40)
    scores = {one.world: one for one in made.scores}
    for name in ("even", "clustered"):
        assert scores[name].design.held >= 35
        assert scores[name].model.held >= 35
    assert scores["moved"].design.held <= 15
    for name in ("moved", "dissolved", "forgotten"):
        assert scores[name].corrected.held >= max(35, scores[name].model.held)
    assert scores["even"].corrected.given == 0
    effects = [scores[name].design_effect for name in ("even", "clustered", "outbreaks")]
    assert effects == sorted(effects)
    again = recover_surveys(load(case), 40)
    assert again == (made,)


def test_recover_prints_writes_and_follows_its_layout(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["recover", str(case), "--replicates", "4", "--out", str(out)]
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["schema"] == "dearth/recover-surveys/v1"
    assert [one["world"] for one in found["worlds"]] == [world.name for world in WORLDS]
    assert found["worlds"][0]["design"]["given"] == 4
    with (out / "trials.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 4 * len(WORLDS)
    shown = CliRunner().invoke(app, words)
    assert "do 95 % intervals hold the true rate?" in shown.output.replace("\n", " ")
    assert "| the same risk |" in (out / "recover.md").read_text(encoding="utf-8")
