"""The tutorial of a survey works as it is written: script, commands and blocks are taken from the page."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.case.read import load
from dearth.cli import app
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate
from dearth.show.report import render_report

PAGE = (Path(__file__).parents[1] / "docs" / "survey.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def block(language: str, start: str) -> str:
    (found,) = (text for kind, text in BLOCKS if kind == language and text.startswith(start))
    return found


def new(line: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, line.split()[1:])
    return result.exit_code, f"{result.output}{result.exception or ''}"


@pytest.fixture(scope="module")
def north(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("survey")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(block("python", "import csv"), {})
        code, said = new(block("bash", "dearth new north --from-survey survey.csv\n"))
        assert (code, "A map is proposed in north-map.yaml" in said) == (1, True)
        proposal = folder / "north-map.yaml"
        proposal.write_text(proposal.read_text() + block("yaml", "recall_start: "))
        command = block("bash", "dearth new north --from-survey survey.csv --map")
        code, said = new(command)
        assert code == 1
        assert block("text", "error: survey.csv").removeprefix("error: ").strip() in said
        proposal.write_text(proposal.read_text() + block("yaml", "leave_out: "))
        assert new(command)[0] == 0
    case = folder / "north" / "case.yaml"
    more = block("yaml", "    population: ") + block("yaml", "    post_strata: ")
    case.write_text(case.read_text().replace("    # what the codes", f"{more}    # what the codes"))
    return folder / "north"


def test_the_case_of_the_page_answers_as_printed(north: Path) -> None:
    path = north / "case.yaml"
    text = path.read_text()
    path.write_text(text.replace(block("yaml", "    post_strata: "), ""))
    case = load(north)
    assert check(case) == []
    made = estimate(case, quick=True)
    printed = block("text", "The survey ").strip()
    assert any(sentence.startswith(printed) for sentence in made.answer)
    assert any("excess deaths" in sentence for sentence in made.answer)
    page = render_report(made, interactive=False)
    for words in ("Death rates of the surveys", "Plausibility of the surveys", "left out, 1 in all"):
        assert words in page
    path.write_text(text)


def test_post_stratification_of_the_page_moves_the_rate(north: Path) -> None:
    """With as many men as women in the population, the rate is the mean of theirs by person-time."""
    rows = estimate(load(north), quick=True).document["surveys"]
    rate = {row["domain"]: row["rate_per_10000_day"]["median"] for row in rows if row["outcome"] == "crude"}
    low, high = sorted((rate["sex:male"], rate["sex:female"]))
    assert low < rate[None] < high
    time = {row["domain"]: row["person_days"] for row in rows if row["outcome"] == "crude"}
    unscaled = (rate["sex:male"] * time["sex:male"] + rate["sex:female"] * time["sex:female"]) / time[None]
    assert rate[None] != pytest.approx(unscaled, rel=1e-4)


def test_groups_that_the_survey_has_not_are_refused(north: Path) -> None:
    path = north / "case.yaml"
    text = path.read_text()
    path.write_text(text.replace('"2": 92000', '"3": 92000'))
    with pytest.raises(ValueError, match=r"has the groups sex:female, sex:male; totals has sex:3"):
        estimate(load(north), quick=True)
    path.write_text(text)


def test_the_page_for_a_meeting_prints_as_its_page_says(north: Path) -> None:
    path, page = north / "case.yaml", (Path(__file__).parents[1] / "docs" / "verbs" / "summary.md")
    text = path.read_text()
    path.write_text(text.replace(block("yaml", "    post_strata: "), ""))
    printed = ""
    for code in ("en", "fr", "ar"):
        words = ["summary", str(north), "--quick", "--language", code]
        printed += re.sub("[\u200f\u2066-\u2069]", "", CliRunner().invoke(app, words).stdout)
    path.write_text(text)
    lines = page.read_text(encoding="utf-8").split("```text\n")[1].split("```")[0].splitlines()
    assert len(lines) == 3
    for line in lines:
        assert line in printed.replace("\u202f", " ").replace("\u00a0", " ")
    new_line = block("bash", "dearth summary north ")
    assert (
        new(f"{new_line} --quick".replace("north ", f"{north} ").replace("north-summary", f"{north}-s"))[0]
        == 0
    )
