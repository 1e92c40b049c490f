"""Trials of small areas: worlds of known deaths, what holds them, and what the verb prints."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dearth.case.from_areas import AreaFiles, new_from_areas
from dearth.case.read import load
from dearth.cli import app
from dearth.estimate.small_areas.inputs import SmallAreaInputs, read_inputs
from dearth.trials.area_trials import recover_areas
from dearth.trials.area_worlds import WORLDS, AreaWorld, surveyed_rates, true_rates

NORMAL = "    normal:\n      before: {title: Before, months: 2016-01-01/2016-12-31}\n"


def write(path: Path, header: str, rows: "list[list[Any]]") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case of 10 districts, two of them with displaced people, and 18 surveys over two years."""
    folder = tmp_path_factory.mktemp("areas")
    places = [f"d{at}" for at in range(10)]
    surveys = [[places[at % 8], f"201{6 + at % 2}-0{1 + at % 7}-01", f"201{6 + at % 2}-0{3 + at % 7}-28", 0.8,
                0.5, 1.28, "displaced" if at in (0, 8) else ""] for at in range(18)]  # fmt: skip
    people = [[one, "2016-01-01", 50_000, ""] for one in places]
    people += [[one, "2016-01-01", 20_000, "displaced"] for one in places[:2]]
    files = AreaFiles(
        write(folder / "s.csv", "place,start,end,rate,low,high,group", surveys),
        write(folder / "p.csv", "place,start,population,group", people),
    )
    made = new_from_areas(folder / "areas", files, window="2017-01-01/2017-12-31")
    path = made / "case.yaml"
    path.write_text(path.read_text(encoding="utf-8") + NORMAL, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def inputs(case: Path) -> SmallAreaInputs:
    read = load(case)
    return read_inputs(read, read.settings.small_areas["districts"])


def test_surveys_find_the_true_rates_of_those_they_ask(inputs: SmallAreaInputs) -> None:
    exact = AreaWorld("exact", "no error", wrong=0.0)
    found = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        truth = true_rates(exact, inputs, 0.8, rng)
        seen = surveyed_rates(exact, inputs, truth, rng)
        asked = truth.others * np.exp(truth.offsets[:, [0]])
        of = np.where(seen.groups[:, :1] == 1, asked[seen.place], truth.whole[seen.place])
        found.append(seen.log_rate - np.log((of * seen.shares).sum(1)))
    assert np.mean(found) == pytest.approx(0, abs=0.01)
    assert np.std(found) == pytest.approx(0.15, rel=0.05)  # the further error of surveys alone


def test_worlds_differ_as_they_say(inputs: SmallAreaInputs) -> None:
    by = {world.name: world for world in WORLDS}
    rates = {
        name: np.mean([true_rates(world, inputs, 1.0, np.random.default_rng(at)).others.mean(0)
                       for at in range(60)], axis=0)
        for name, world in by.items()
    }  # fmt: skip
    last = slice(-3, None)
    assert rates["crisis"][last].mean() / rates["usual"][last].mean() == pytest.approx(np.e, rel=0.1)
    assert rates["outbreaks"].mean() > 1.05 * rates["usual"].mean()
    rng = np.random.default_rng(3)
    truth = true_rates(by["sought"], inputs, 1.0, rng)
    seen = surveyed_rates(by["sought"], inputs, truth, rng)
    assert set(seen.place) <= {int(np.argmax(truth.whole @ one)) for one in inputs.surveys.shares}


def test_intervals_hold_the_truth_where_districts_are_as_assumed(case: Path) -> None:
    (found,) = recover_areas(load(case), 6, seed=2)
    by = {one.world: one for one in found.scores}
    assert by["usual"].deaths.held + by["wrong"].deaths.held >= 10
    assert by["usual"].surveyed is not None
    assert by["usual"].surveyed > 0.8
    assert by["usual"].excess.given == 6
    assert by["usual"].warned == 0.0
    assert by["sought"].held_or_warned >= 5 / 6
    sought, usual = by["sought"].deaths.ratio, by["outbreaks"].deaths.ratio
    assert sought is not None
    assert usual is not None
    assert sought > 1.2 * usual


def test_the_verb_prints_one_object_and_writes_the_page(case: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["recover", str(case), "--replicates", "1", "--json", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["schema"] == "dearth/recover-areas/v1"
    assert document["districts"] == 10
    assert [one["world"] for one in document["worlds"]] == [world.name for world in WORLDS]
    page = (tmp_path / "out" / "recover.md").read_text(encoding="utf-8")
    assert "outbreaks; the worst districts are surveyed" in page
    with (tmp_path / "out" / "trials.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(WORLDS)
    assert float(rows[0]["deaths"]) > 0
    wrong = CliRunner().invoke(app, ["recover", str(case), "--like", "x:y"])
    assert wrong.exit_code == 2
