"""Losses of a survey that the case declares: factors, the model-based rate with them, what they need."""

import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from jsonschema import validate

pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.schema_survey_losses import SurveyLosses
from dearth.case.schema_surveys import SurveyFile
from dearth.case.surveys.new_case import new_from_survey
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate
from dearth.estimate.surveys.losses import forgotten_factor, left_factor, losses_of
from dearth.estimate.surveys.persons import persons_of
from dearth.show.charts.survey_models import survey_losses_chart
from dearth.show.report import render_report

SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "estimate-v1.json"
LOSSES = """\
    losses:
      bereaved_left: {dist: uniform, low: 0.2, high: 0.4, source: assumed}
      forgotten: {dist: uniform, low: 0.001, high: 0.003, source: assumed}
      newborns: {dist: uniform, low: 0.3, high: 0.5, source: assumed}
      without_access:
        people: {dist: uniform, low: 0.1, high: 0.3, source: assumed}
        rate_ratio: {dist: triangular, low: 1, mode: 1.5, high: 3, source: assumed}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case of 30 clusters of 20 households of five, two deaths per 10,000 a day over 100 days."""
    folder = tmp_path_factory.mktemp("losses")
    rng, start = np.random.default_rng(11), date(2017, 1, 1)
    lines = ["household,cluster,district,sex,age,born,born_date,died,died_date,interview_date"]
    last = start + timedelta(days=100)
    for person in range(3000):
        cluster, born = person // 100, person % 50 == 0
        day = int(rng.exponential(5000 if not born else 1000))
        born_on, died = (start + timedelta(days=5) if born else ""), 6 <= day < 100
        died_on = start + timedelta(days=day) if died else ""
        age = 0 if born else 1 + person % 60
        lines.append(f"{person // 5},{cluster},{'ab'[cluster % 2]},1,{age},{int(born)},{born_on},{int(died)},"
                     f"{died_on},{last}")  # fmt: skip
    (folder / "p.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "map.yaml").write_text("recall_start: 2017-01-01\n", encoding="utf-8")
    return new_from_survey(folder / "north", folder / "p.csv", folder / "map.yaml", None)


def with_losses(case: Path, folder: Path, text: str = LOSSES) -> Path:
    shutil.copytree(case, folder)
    path = folder / "case.yaml"
    words, mark = path.read_text(encoding="utf-8"), "    # what the codes"
    path.write_text(words.replace(mark, f"{text}{mark}"), encoding="utf-8")
    return folder


def test_a_population_whose_bereaved_households_left_is_put_right() -> None:
    """Of 60 % of the households with a death nothing is seen; the factor gives their rate back."""
    rng = np.random.default_rng(2)
    deaths = rng.poisson(0.3, 200_000).astype(float)
    time = np.where(deaths > 0, 80.0, 100.0)
    there = (deaths == 0) | (rng.random(len(deaths)) < 0.4)
    seen = deaths[there].sum() / time[there].sum()
    bereaved = time[there & (deaths > 0)].sum() / time[there].sum()
    (factor,) = left_factor(np.array([0.6]), float(bereaved))
    assert seen * factor == pytest.approx(deaths.sum() / time.sum(), rel=0.02)


def test_forgotten_deaths_are_put_back_by_their_age() -> None:
    rng = np.random.default_rng(3)
    before = rng.uniform(0, 300, 100_000)
    reported = rng.random(len(before)) < np.exp(-0.004 * before)
    (factor,) = forgotten_factor(np.array([0.004]), before[reported], np.ones(int(reported.sum())))
    assert reported.sum() * factor == pytest.approx(len(before), rel=0.02)
    assert forgotten_factor(np.zeros(3), before[:5], np.ones(5)).tolist() == [1, 1, 1]
    assert forgotten_factor(np.full(2, 0.01), before[:0], np.ones(0)).tolist() == [1, 1]


def test_factors_of_a_survey_follow_its_table(case: Path, tmp_path: Path) -> None:
    read = load(with_losses(case, tmp_path / "n"))
    spec = read.settings.surveys["persons"]
    people = persons_of(read, spec)
    all_ = np.ones(len(people.deaths), bool)
    by = {one.name: one for one in losses_of(spec, people, people.deaths, all_, 4000, seed=1)}
    assert list(by) == ["bereaved_left", "forgotten", "newborns", "without_access"]
    assert people.born is not None
    newborn = float(people.deaths[people.born == 1].sum())
    expected = (
        1 + np.mean([s / (1 - s) for s in np.linspace(0.3, 0.5, 200)]) * (newborn + 0.5) / people.deaths.sum()
    )
    assert by["newborns"].factor.mean() == pytest.approx(expected, rel=0.02)
    assert by["without_access"].factor.mean() == pytest.approx(1 + 0.2 * (5.5 / 3 - 1), rel=0.02)
    assert 1.3 < by["bereaved_left"].factor.mean() < 1 / (1 - 0.3) + 0.02
    assert 1.05 < by["forgotten"].factor.mean() < 1.2
    assert losses_of(replace_losses(spec), people, people.deaths, all_, 10, seed=1) == ()


def replace_losses(spec: SurveyFile) -> SurveyFile:
    return spec.model_copy(update={"losses": None})


def test_the_answer_has_the_rate_with_and_without_the_losses(case: Path, tmp_path: Path) -> None:
    plain = estimate(load(case), quick=True)
    made = estimate(load(with_losses(case, tmp_path / "n")), quick=True)
    document = json.loads(json.dumps(made.document))
    validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    crude, before = document["surveys"][0], plain.document["surveys"][0]
    model = crude["model"]
    assert {**model, "with_losses": None} == before["model"]
    lost = model["with_losses"]
    assert [one["name"] for one in lost["parts"]] == [
        "bereaved_left",
        "forgotten",
        "newborns",
        "without_access",
    ]
    product = np.prod([one["factor"]["median"] for one in lost["parts"]])
    assert lost["rate_per_10000_day"]["median"] == pytest.approx(
        model["rate_per_10000_day"]["median"] * product, rel=0.03
    )
    assert lost["p_above"] > model["p_above"]
    district = next(one for one in document["surveys"] if one["domain"] == "district:a" and one["model"])
    names = [one["name"] for one in district["model"]["with_losses"]["parts"]]
    assert names == ["bereaved_left", "forgotten", "newborns"]  # people without access are in no district
    chart = survey_losses_chart(made)
    assert chart is not None
    whats = [row["what"] for row in chart.rows]
    assert whats[:2] == ["by the design", "by the model of clusters"]
    assert whats[-1] == "with all of these"
    assert chart.rows[-1]["rate_per_10000_day"] == lost["rate_per_10000_day"]["median"]
    assert survey_losses_chart(plain) is None
    assert "The crude rate with what the survey loses" in render_report(made, interactive=False)
    said = "With what the case declares that the survey loses (bereaved households that left 30 (2"
    assert any(said in text for text in made.answer)


def test_where_the_model_is_refused_a_warning_says_that_no_rate_has_the_losses(
    case: Path, tmp_path: Path
) -> None:
    folder = with_losses(case, tmp_path / "n")
    table = folder / "surveys" / "persons.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    weighted = [f"{head},weight", *(f"{row},{1 + 9 * (at % 2)}" for at, row in enumerate(rows))]
    table.write_text("\n".join(weighted) + "\n", encoding="utf-8")
    made = estimate(load(folder), quick=True)
    assert all(one["model"] is None for one in made.document["surveys"])
    assert any("so no rate has them" in one for one in made.warnings)


def test_losses_need_columns_and_priors_in_bounds(case: Path, tmp_path: Path) -> None:
    folder = with_losses(case, tmp_path / "n")
    table = folder / "surveys" / "persons.csv"
    rows = [line.split(",") for line in table.read_text(encoding="utf-8").splitlines()]
    gone = ("born", "born_day", "died_day", "interview_day")
    keep = [at for at, name in enumerate(rows[0]) if name not in gone]
    chosen = [[*(row[at] for at in keep), "100"] for row in rows]
    chosen[0][-1] = "person_days"
    text = "\n".join(map(",".join, chosen))
    table.write_text(text + "\n", encoding="utf-8")
    found = [one for one in check(load(folder)) if one.severity == "error"]
    assert {one.field for one in found} == {
        "surveys.persons.losses.forgotten",
        "surveys.persons.losses.newborns",
    }
    with pytest.raises(CaseError, match="need the column born"):
        estimate(load(folder), quick=True)


@pytest.mark.parametrize(
    ("field", "prior", "said"),
    [
        ("bereaved_left", {"dist": "uniform", "low": 0.2, "high": 1.0}, "shares below 1"),
        ("forgotten", {"dist": "uniform", "low": 0.0, "high": 0.5}, "lie between 0 and 0.1"),
        ("forgotten", {"dist": "beta", "a": 1, "b": 2}, "with low and high"),
        ("newborns", {"dist": "normal", "mean": 0.1, "sd": 0.1}, "with low and high"),
    ],
)
def test_a_prior_outside_its_bounds_is_refused(field: str, prior: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SurveyLosses.model_validate({field: {**prior, "source": "assumed"}})


def test_the_block_of_the_page_is_a_block_of_a_case() -> None:
    page = (Path(__file__).parents[1] / "docs" / "survey.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(    dissolved_households.*?)^```", page, re.DOTALL | re.MULTILINE)
    given = yaml.safe_load("survey:\n" + block)["survey"]
    spec = SurveyFile.model_validate({"file": "p.csv", "title": "t", "source": "assumed", **given})
    assert spec.losses is not None
    assert len(spec.losses.declared) == 5
