"""Lists of victims from a file to the answer: what is read, what is refused, what a reader sees."""

import hashlib
import hmac
import io
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console
from typer.testing import CliRunner

from dearth.case.from_lists import new_from_lists
from dearth.case.lists_file import read_lists
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.cli import app
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import Estimates, estimate
from dearth.show.charts import charts
from dearth.show.report import render_report
from dearth.show.terminal_lists import print_lists

# four lists of a population of 1,500 made up for this test, with two classes of people
TABLE = """\
police,clinic,church,press,count
1,0,0,0,130
0,1,0,0,150
0,0,1,0,120
0,0,0,1,80
1,1,0,0,45
1,0,1,0,38
1,0,0,1,25
0,1,1,0,42
0,1,0,1,26
0,0,1,1,22
1,1,1,0,21
1,1,0,1,15
1,0,1,1,12
0,1,1,1,14
1,1,1,1,9
"""
SEEN = 749


def write(folder: Path, text: str, name: str = "lists.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def hashed(person: int) -> str:
    return hmac.new(b"a secret", str(person).encode(), hashlib.sha256).hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Estimates:
    folder = tmp_path_factory.mktemp("lists")
    case = new_from_lists(folder / "valley", write(folder, TABLE), "Valley", "1999")
    return estimate(load(case), quick=True)


def test_marks_with_a_count_and_rows_of_people_give_one_table(tmp_path: Path) -> None:
    counted = read_lists(write(tmp_path, TABLE), "lists.csv")
    assert counted.lists == ("police", "clinic", "church", "press")
    assert sum(counted.counts) == SEEN
    header, *rows = TABLE.splitlines()
    one_each = [row.rpartition(",")[0] for row in rows for _ in range(int(row.rpartition(",")[2]))]
    text = "\n".join([header.rpartition(",")[0], *one_each])
    assert read_lists(write(tmp_path, text, "people.csv"), "people.csv") == counted
    semicolons = TABLE.replace(",", ";")
    assert read_lists(write(tmp_path, semicolons, "other.csv"), "other.csv") == counted


def test_records_with_hashed_keys_give_the_same_table(tmp_path: Path) -> None:
    counted = read_lists(write(tmp_path, TABLE), "lists.csv")
    rows, person = ["person,list"], 0
    for history, count in zip(counted.histories, counted.counts, strict=True):
        for _ in range(count):
            person += 1
            rows += [f"{hashed(person)},{name}"
                     for name, mark in zip(counted.lists, history, strict=True) if mark]  # fmt: skip
    rows.append(rows[1])  # one person twice on one list
    found = read_lists(write(tmp_path, "\n".join(rows), "records.csv"), "records.csv")
    people = {
        frozenset(name for name, mark in zip(found.lists, history, strict=True) if mark): count
        for history, count in zip(found.histories, found.counts, strict=True)
    }
    expected = {
        frozenset(name for name, mark in zip(counted.lists, history, strict=True) if mark): count
        for history, count in zip(counted.histories, counted.counts, strict=True)
    }
    assert people == expected
    assert found.repeated == 1


@pytest.mark.parametrize("key", ["Ada Hill", "+211 912 345 678", "19750204", "a1b2c3", "1234567890" * 4])
def test_plain_names_and_numbers_are_refused_and_not_repeated(tmp_path: Path, key: str) -> None:
    text = f"person,list\n{hashed(1)},police\n{key},clinic\n"
    with pytest.raises(CaseError, match="is not a hashed key") as caught:
        read_lists(write(tmp_path, text), "lists.csv")
    (problem,) = caught.value.problems
    assert (problem.line, problem.field) == (3, "person")
    assert "keyed hash" in problem.message
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,count\n1,0,3\n0,2,4\n1,1,2\n", "lists.csv:3: b: is neither 0 nor 1"),
        ("a,b,count\n1,0,3\n0,1,4.5\n1,1,2\n", "lists.csv:3: count: is not a whole number of people"),
        ("a,b,count\n1,0,3\n0,0,9\n1,1,2\n", "lists.csv:3: counts people who are on no list"),
        ("a,b,count\n1,0,3\n1,0,4\n", "b: has nobody on it; leave the list out"),
        ("a,count\n1,3\n", "has 1 lists"),
        ("a,b,count\n", "has no rows"),
        ("a,a,count\n1,0,3\n", "each with a name of its own"),
        ("a,b,count\n1,0\n", "has 2 fields where the header has 3"),
        ("name,a,b\nAda,1,0\nBen,0,1\n", "name: is neither 0 nor 1"),
        ("person,list,village\nx,a,b\n", "remove them: what identifies"),
    ],
)
def test_mistakes_of_a_file_name_line_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_lists(write(tmp_path, text), "lists.csv")
    assert said in str(caught.value)
    assert "Ada" not in str(caught.value)


def test_every_mistake_of_a_file_is_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        read_lists(write(tmp_path, "a,b,count\n1,x,3\n0,1,many\n0,0,2\n1,1,1\n"), "lists.csv")
    assert [problem.line for problem in caught.value.problems] == [2, 3, 4]


def test_the_command_makes_a_sound_case_and_the_document_follows_the_contract(tmp_path: Path) -> None:
    file = write(tmp_path, TABLE)
    target = str(tmp_path / "valley")
    made = CliRunner().invoke(app, ["new", target, "--from-lists", str(file), "--location", "Valley"])
    assert made.exit_code == 0, made.output
    case = load(target)
    assert check(case) == []
    assert "lists/victims.csv" in case.inputs
    printed = CliRunner().invoke(app, ["estimate", target, "--json", "--quick"])
    document = json.loads(printed.stdout)
    jsonschema.validate(
        document, json.loads(files("dearth").joinpath("schemas/estimate-v1.json").read_text())
    )
    (row,) = document["lists"]
    assert (row["name"], row["seen"]) == ("victims", SEEN)
    assert {"name", "total", "aic"} <= set(row["models"][0])
    assert set(row["models"][0]["total"]) == {"median", "low", "high", "level"}
    assert row["range"]["low"] < row["range"]["high"]
    assert row["refused"] == []
    names = [model["name"] for model in row["models"]]
    assert names == ["independence", "all_pairs", "smallest_aic", "smallest_bic", "average_aic",
                     "average_bic",
                     "decomposable", "latent_classes"]  # fmt: skip
    assert any("does not say when the people died" in text for text in document["warnings"])


def test_options_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, TABLE)
    both = ["new", str(tmp_path / "x"), "--from-lists", str(file), "--from-wpp", str(file)]
    assert CliRunner().invoke(app, both).exit_code == 2
    wrong = ["new", str(tmp_path / "x"), "--from-lists", str(file), "--window", "spring"]
    found = CliRunner().invoke(app, wrong)
    assert found.exit_code == 1
    assert not (tmp_path / "x").exists()


def test_the_answer_gives_the_range_and_says_that_dependence_is_assumed(made: Estimates) -> None:
    said = "\n".join(made.answer)
    assert "749 people are on at least one of 4 lists" in said
    assert "people in all fit the assumptions (odds ratios of 0.5 to 4" in said
    assert "No record tests that choice: it is an assumption." in said
    assert any("because the case gives no reason" in text for text in made.assumptions)


def test_terminal_charts_and_report_show_every_model_and_assumption(made: Estimates) -> None:
    console = Console(width=140, record=True, file=io.StringIO())
    print_lists(console, made)
    text = console.export_text()
    page = render_report(made, interactive=False)
    drawn = {chart.key: chart for chart in charts(made)}
    (row,) = made.document["lists"]
    for model in row["models"]:
        assert model["label"] in text
        assert model["label"] in page
    assert "odds ratios of 0.25 to 8" in text
    assert "odds ratios of 0.25 to 8" in page
    assert len(drawn["list_models"].rows) == len(row["models"]) + 1
    assert len(drawn["list_meanings"].rows) == len(row["meanings"])


def test_lists_that_cannot_be_used_are_refused_in_every_place(tmp_path: Path) -> None:
    text = "a,b,c,count\n1,0,0,200\n0,1,0,300\n0,0,1,250\n1,1,0,2\n0,1,1,1\n"
    case = new_from_lists(tmp_path / "few", write(tmp_path, text), "Few", "1999")
    found = estimate(load(case), quick=True)
    (row,) = found.document["lists"]
    assert (row["range"]["low"], row["range"]["high"]) == (None, None)
    refused = {one["name"]: one for one in row["refused"]}
    assert "overlap too little" in refused["range"]["why"]
    assert "A further list" in refused["range"]["help"]
    assert "not identified" in refused["all_pairs"]["why"] or "does not exist" in refused["all_pairs"]["why"]
    assert any("no range of the total is given" in text for text in found.answer)


def test_two_lists_have_one_model_and_a_range(tmp_path: Path) -> None:
    case = new_from_lists(
        tmp_path / "two", write(tmp_path, "a,b,count\n1,0,170\n0,1,120\n1,1,30\n"), "", "1999"
    )
    (row,) = estimate(load(case)).document["lists"]
    assert [model["name"] for model in row["models"]] == ["two_lists"]
    assert row["models"][0]["total"]["median"] == pytest.approx(201 * 151 / 31 - 1)
    assert 320 < row["range"]["low"] < 1000 < row["range"]["high"]


def test_a_list_file_gone_wrong_in_the_case_is_found_by_check(tmp_path: Path) -> None:
    case = new_from_lists(tmp_path / "valley", write(tmp_path, TABLE), "Valley", "1999")
    write(case / "lists", TABLE.replace("1,0,0,0,130", "1,0,0,7,130"), "victims.csv")
    (problem,) = check(load(case))
    assert (problem.file, problem.line, problem.field) == ("lists/victims.csv", 2, "press")


def test_declared_ranges_are_used_and_wrong_ones_refused(tmp_path: Path) -> None:
    case = new_from_lists(tmp_path / "valley", write(tmp_path, TABLE), "Valley", "1999")
    path = case / "case.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("odds_ratio: [0.5, 4]", "odds_ratio: [0.7, 2]"), encoding="utf-8")
    (row,) = estimate(load(case), quick=True).document["lists"]
    assert row["range"]["declared"]["odds_ratio"] == [0.7, 2.0]
    path.write_text(text.replace("odds_ratio: [0.5, 4]", "odds_ratio: [4, 0.5]"), encoding="utf-8")
    with pytest.raises(CaseError, match="lowest value \\(4\\) must not be above"):
        load(case)


def test_pairs_that_the_case_names_are_one_more_model(tmp_path: Path) -> None:
    case = new_from_lists(tmp_path / "valley", write(tmp_path, TABLE), "Valley", "1999")
    path = case / "case.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}    dependent: [[police, clinic]]\n", encoding="utf-8")
    (row,) = estimate(load(case), quick=True).document["lists"]
    (chosen,) = [model for model in row["models"] if model["name"] == "chosen_pairs"]
    assert chosen["detail"] == "dependent: police + clinic"
    mistakes = (("[police, clinik]", "spelt alike"), ("[press, press]", "paired with itself"))
    for wrong, said in mistakes:
        path.write_text(f"{text}    dependent: [{wrong}]\n", encoding="utf-8")
        (problem,) = check(load(case))
        assert said in problem.message
        assert problem.file == "case.yaml"
