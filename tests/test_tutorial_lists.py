"""The page of incomplete lists is right: its files give what it prints, and its trials repeat."""

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dearth.case.from_lists import new_from_lists
from dearth.case.read import load
from dearth.cli import app
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import Estimates, estimate
from dearth.estimate.lists.dependence_range import Declared
from dearth.show.terminal_list_trials import page as trials_page
from dearth.trials.list_trials import recover_lists
from dearth.trials.list_worlds import WORLDS
from lists_tables import published

PAGE = (Path(__file__).parents[1] / "docs" / "lists.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"`(\w+/\w+\.csv)`:\n\n```text\n(.*?)```", PAGE, re.DOTALL))
TRUTH, SEED = 2000, 1999


def made(folder: Path, file: str, place: str, window: str = "2021") -> Estimates:
    path = folder / Path(file).name
    path.write_text(FILES[file], encoding="utf-8")
    return estimate(load(new_from_lists(folder / Path(file).parts[0], path, place, window)))


def test_the_lists_of_the_page_are_drawn_as_it_says() -> None:
    rng = np.random.default_rng(SEED)
    world = next(one for one in WORLDS if one.name == "classes")
    chances = world.chances(np.array([0.22, 0.18, 0.15, 0.10]), Declared(), rng)
    drawn = rng.multinomial(TRUTH, chances)
    rows = [f"{','.join(str(mask >> k & 1) for k in range(4))},{drawn[mask]}" for mask in range(1, 16)]
    assert FILES["town/lists.csv"].split() == ["police,clinic,burials,families,count", *rows]


def test_the_answer_of_the_page_is_what_the_commands_print(tmp_path: Path) -> None:
    file = tmp_path / "lists.csv"
    file.write_text(FILES["town/lists.csv"], encoding="utf-8")
    town = str(tmp_path / "town")
    new = ["new", town, "--from-lists", str(file), "--location", "Town", "--window", "2021"]
    assert " ".join(["dearth", "new", "town", *new[2:3], "lists.csv", *new[4:]]) in PAGE
    assert CliRunner().invoke(app, new).exit_code == 0
    assert CliRunner().invoke(app, ["check", town]).exit_code == 0
    found = estimate(load(town), quick=True)
    for sentence in found.answer[:3]:
        assert sentence in PAGE
    (row,) = found.document["lists"]
    assert row["range"]["low"] < TRUTH < row["range"]["high"]
    missing = [m for m in row["models"] if not m["total"]["low"] <= TRUTH <= m["total"]["high"]]
    assert len(missing) == 7  # all but the model with every pair dependent
    assert sum(m["total"]["median"] < 1650 for m in row["models"]) == 7


def test_the_block_of_the_page_is_a_sound_case(tmp_path: Path) -> None:
    file = tmp_path / "lists.csv"
    file.write_text(FILES["town/lists.csv"], encoding="utf-8")
    folder = new_from_lists(tmp_path / "town", file, "Town", "2021")
    block = re.search(r"```yaml\n(lists:\n.*?)```", PAGE, re.DOTALL)
    assert block is not None
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("lists:\n")] + block[1], encoding="utf-8")
    case = load(folder)
    assert check(case) == []
    found = estimate(case, quick=True)
    (row,) = found.document["lists"]
    assert row["range"]["low"] < TRUTH < row["range"]["high"]
    assert row["range"]["high"] < 5000
    assert any("review of 200 matched pairs" in text for text in found.assumptions)


def test_the_hares_of_the_page(tmp_path: Path) -> None:
    found = made(tmp_path, "hares/hares.csv", "Study area")
    (row,) = found.document["lists"]
    assert row["seen"] == 68
    assert (round(row["range"]["low"]), round(row["range"]["high"])) == (59, 244)
    by_name = {model["name"]: model for model in row["models"]}
    assert round(by_name["independence"]["total"]["median"]) == 75
    assert round(by_name["all_pairs"]["total"]["median"]) == 105


def test_the_hares_are_those_of_the_published_table() -> None:
    table = published("snowshoe_hare")
    rows = [row.split(",") for row in FILES["hares/hares.csv"].split()[1:]]
    assert sum(int(row[-1]) for row in rows) == table.seen
    assert len(rows) == (table.counts > 0).sum()


@pytest.mark.slow
def test_the_trials_of_the_page_repeat(tmp_path: Path) -> None:
    file = tmp_path / "lists.csv"
    file.write_text(FILES["town/lists.csv"], encoding="utf-8")
    case = load(new_from_lists(tmp_path / "town", file, "Town", "2021"))
    text = trials_page(recover_lists(case, 100), "")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) >= 16
    for line in rows:
        assert line in PAGE
