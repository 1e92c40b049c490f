"""Baselines that are looked up: World Population Prospects, neighbours, days before the crisis."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from jsonschema import validate

pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.schema_survey_baselines import SurveyBaseline
from dearth.case.surveys.new_case import new_from_survey
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate
from dearth.estimate.surveys.baseline_rates import _difference
from dearth.estimate.surveys.rates import Sample, death_rate

SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "estimate-v1.json"
WPP = """\
Location,Time,Variant,Births,Deaths,CDR
Made,2010,Medium,100,40,10.0
Made,2011,Medium,100,44,11.0
Made,2012,Medium,100,48,12.0
"""
BASELINES = """\
    population: 100000
    population_source: assumed
    baselines:
      un: {title: UN, wpp: {file: wpp.csv, location: Made, years: 2010-2012, spread: 0.05}, source: assumed}
      calm: {title: the calm district, neighbours: ["district:a"]}
      before: {title: the recall before March, before: 2017-02-28}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a survey whose district b has five times the rate from March on."""
    folder = tmp_path_factory.mktemp("baselines")
    rng, start = np.random.default_rng(5), date(2017, 1, 1)
    lines = ["household,cluster,district,sex,age,died,died_date,interview_date"]
    last = start + timedelta(days=119)
    for person in range(6000):
        cluster = person // 100
        high = 5 if cluster % 2 else 1
        calm, worse = rng.exponential(10_000), 59 + rng.exponential(10_000 / high)
        day = int(calm if calm < 59 else worse)
        died = (start + timedelta(days=day)) if day < 119 else ""
        lines.append(f"{person // 5},{cluster},{'ab'[cluster % 2]},1,30,{int(day < 119)},{died},{last}")
    (folder / "p.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "map.yaml").write_text("recall_start: 2017-01-01\n", encoding="utf-8")
    made = new_from_survey(folder / "north", folder / "p.csv", folder / "map.yaml", None)
    path, mark = made / "case.yaml", "    # what the codes"
    text = path.read_text(encoding="utf-8").replace(mark, f"{BASELINES}{mark}")
    path.write_text(text, encoding="utf-8")
    (made / "wpp.csv").write_text(WPP, encoding="utf-8")
    return made


def test_three_baselines_are_looked_up(case: Path) -> None:
    read = load(case)
    assert [one for one in check(read) if one.severity == "error"] == []
    document = json.loads(json.dumps(estimate(read, quick=True).document))
    validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    crude = document["surveys"][0]
    un, calm, before = crude["excess"]
    assert un["baseline_rate"]["median"] == pytest.approx(11 / 1000 / 365.25 * 10_000)
    half = 1.96 * np.hypot(1.0, 0.05 * 11) / 1000 / 365.25 * 10_000
    assert un["baseline_rate"]["high"] - un["baseline_rate"]["median"] == pytest.approx(half, rel=1e-3)
    assert un["rate"] == crude["rate_per_10000_day"]
    assert calm["baseline_rate"]["median"] == pytest.approx(1.0, abs=0.4)
    assert before["days"] == 60
    assert before["rate"]["median"] == pytest.approx(3.0, abs=0.8)
    assert before["baseline_rate"]["median"] == pytest.approx(1.0, abs=0.5)
    true = 100_000 * 60 * 2.0 / 10_000
    assert before["excess_deaths"]["low"] < true < before["excess_deaths"]["high"]
    said = " ".join(document["answer"])
    assert "After the days of the baseline 'the recall before March'" in said
    assert any("a baseline from the survey itself" in one for one in document["assumptions"])


def test_the_difference_of_rates_of_the_same_clusters_holds_the_truth() -> None:
    """Clusters differ as much in both parts of the recall: joined ends of both rates are mostly too wide."""
    held, narrower = 0, 0
    for seed in range(120):
        rng = np.random.default_rng(seed)
        cluster = np.repeat(np.arange(30), 100)
        own = rng.gamma(2, 0.5, 30)[cluster]
        time = np.full(3000, 60.0)
        before, after = (rng.random(3000) < own * rate * 60 / 1e4 for rate in (3.0, 6.0))
        first, second = (
            Sample(died.astype(float), time, np.ones(3000), cluster, np.zeros(3000, np.int64))
            for died in (after, before)
        )
        rates = [death_rate(one).rate for one in (first, second)]
        low, high = _difference(first, second, rates[0], rates[1]).ends
        held += low <= 3.0 <= high
        joined = np.hypot(*(one.ends[1] - one.ends[0] for one in rates))
        narrower += high - low < joined
    assert 106 <= held <= 120
    assert narrower > 80


def test_what_the_survey_or_the_file_cannot_give_is_named(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    shutil.copytree(case, folder)
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    wrong = text.replace("district:a", "district:A").replace("2017-02-28", "2018-02-28")
    path.write_text(wrong, encoding="utf-8")
    found = {one.field: one.message for one in check(load(folder)) if one.severity == "error"}
    assert "is no group of surveys/persons.csv" in found["surveys.persons.baselines.calm.neighbours"]
    assert "lies outside of the recall" in found["surveys.persons.baselines.before.before"]
    path.write_text(text.replace("2010-2012", "2010-2013"), encoding="utf-8")
    with pytest.raises(CaseError, match=r"wpp.csv: has no CDR of 'Made' in 2013"):
        estimate(load(folder), quick=True)
    (folder / "wpp.csv").unlink()
    with pytest.raises(CaseError, match=r"baselines.un.wpp.file: 'wpp.csv' is not a file of the case"):
        load(folder)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": "t"}, "give one of rate_per_10000_day, wpp, neighbours, before"),
        (
            {"title": "t", "rate_per_10000_day": 1, "before": "2017-01-01"},
            "given: rate_per_10000_day, before",
        ),
        ({"title": "t", "rate_per_10000_day": 1}, "source is needed"),
        ({"title": "t", "neighbours": ["sex:male"]}, "write district:NAME or stratum:NAME"),
        ({"title": "t", "before": "2017-01-01", "low": 1, "high": 2}, "go with rate_per_10000_day"),
    ],
)
def test_a_baseline_is_one_of_four(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SurveyBaseline.model_validate(given)
