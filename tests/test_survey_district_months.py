"""Rates of a survey by district and month: known worlds, rows of a case, when there are none."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from jsonschema import validate

pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.case.read import load
from dearth.case.surveys.new_case import new_from_survey
from dearth.estimate.estimates import estimate
from dearth.estimate.surveys.district_months import _draws
from dearth.estimate.surveys.monthly_model import FEWEST_EFFECTIVE, Parts
from dearth.show.charts.survey_models import survey_district_months_chart

SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "estimate-v1.json"


def test_intervals_hold_the_true_rates_of_districts_and_months() -> None:
    inside, worths, wide = [], [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        log_rate = rng.normal(0, 0.5, 4)[:, None] + rng.normal(0, 0.3, 3) + rng.normal(0, 0.2, (4, 3))
        time = np.full(12, 30_000.0)
        deaths = rng.poisson(np.exp(log_rate.ravel()) * time / 1e4).astype(float)
        drawn, worth = _draws(Parts(deaths, time, np.tile(np.arange(3) + 0.5, 4), np.zeros(12)), 4, rng)
        low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
        inside.append(((low <= log_rate.ravel()) & (log_rate.ravel() <= high)).mean())
        alone = 2 * 1.96 / np.sqrt(np.maximum(deaths, 1))
        wide.append(float((high - low).mean() / alone.mean()))
        worths.append(worth)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.04)
    assert min(worths) > FEWEST_EFFECTIVE
    assert np.mean(wide) < 0.75  # districts and months learn from each other


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a survey of three months in which district b has six times the rate in the last month."""
    folder = tmp_path_factory.mktemp("months")
    rng, start = np.random.default_rng(8), date(2017, 1, 1)
    last = start + timedelta(days=90)
    lines = ["household,cluster,district,sex,age,died,died_date,interview_date"]
    for person in range(6000):
        cluster = person // 100
        early, late = rng.exponential(10_000), 59 + rng.exponential(10_000 / (6 if cluster % 2 else 1))
        day = int(early if early < 59 else late)
        died = (start + timedelta(days=day)) if day < 90 else ""
        lines.append(f"{person // 5},{cluster},{'ab'[cluster % 2]},1,30,{int(day < 90)},{died},{last}")
    (folder / "p.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "map.yaml").write_text("recall_start: 2017-01-01\n", encoding="utf-8")
    return new_from_survey(folder / "north", folder / "p.csv", folder / "map.yaml", None)


def test_each_district_has_its_months(case: Path) -> None:
    made = estimate(load(case), quick=True)
    document = json.loads(json.dumps(made.document))
    validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    rows = {one["domain"]: one for one in document["surveys"] if one["outcome"] == "crude"}
    calm, worse = (rows[f"district:{name}"]["by_month"]["months"] for name in "ab")
    assert [(one["start"], one["end"]) for one in worse] == [
        ("2017-01-01", "2017-01-31"), ("2017-02-01", "2017-02-28"), ("2017-03-01", "2017-03-31"),
    ]  # fmt: skip
    assert worse[2]["rate"]["low"] < 6 < worse[2]["rate"]["high"]
    assert worse[2]["p_above_2"] > 0.99
    assert max(one["p_above_2"] for one in (*calm, *worse[:2])) < 0.5
    assert sum(one["deaths"] for one in worse) == rows["district:b"]["deaths"]
    assert sum(one["person_days"] for one in calm) == pytest.approx(
        rows["district:a"]["person_days"], rel=0.01
    )
    chart = survey_district_months_chart(made)
    assert chart is not None
    assert [row["what"] for row in chart.rows][-1] == "district b, 2017-03-01 to 2017-03-31"
    assert chart.rows[-1]["low"] == worse[2]["rate"]["low"]
    said = " ".join(document["answer"])
    assert "in district b (2017-03-01 to 2017-03-31)" in said
    assert "in 1 of 6" in said


def test_without_districts_or_deaths_there_are_none(case: Path) -> None:
    path = case / "surveys" / "persons.csv"
    whole = path.read_text(encoding="utf-8")
    try:
        path.write_text(whole.replace(",b,", ",a,"), encoding="utf-8")
        document = estimate(load(case), quick=True).document
        assert all(one["by_month"] is None for one in document["surveys"] if one["domain"])
        assert not any("By month and district" in one for one in document["answer"])
    finally:
        path.write_text(whole, encoding="utf-8")
