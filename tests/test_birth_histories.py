"""Birth histories: synthetic cohorts by hand, a known world, births recodes of Stata, mistakes, the case."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from jsonschema import validate
from typer.testing import CliRunner

from dearth.case.birth_file import read_births
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.checks import problems
from dearth.cli import app
from dearth.estimate.estimates import estimate
from dearth.population.birth_history import SEGMENTS, Births, child_mortality, segment_sums

SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "estimate-v1.json"
INTERVIEW = 1390  # October 2015


def births(rows: list[tuple[float, float]], cluster: list[int] | None = None) -> Births:
    """Return births of (month of birth, age at death or nan), all asked in `INTERVIEW`, with weight 1."""
    born, died = np.array(rows, float).T
    count = len(rows)
    return Births(
        born, np.full(count, float(INTERVIEW)), died, np.ones(count), np.array(cluster or [0] * count)
    )


def test_children_at_the_ends_of_a_period_count_by_half() -> None:
    """Segment 12-23 months of the 60 months before the interview, by hand."""
    nan = float("nan")
    lower = INTERVIEW - 60
    rows = [
        (lower - 24, nan), (lower - 13, 15.0),  # in the segment when the period begins: half
        (lower - 12, nan), (lower + 35, 20.0),  # pass it within: whole
        (INTERVIEW - 24, nan), (INTERVIEW - 13, 12.0),  # in it at the interview: half, deaths whole
        (INTERVIEW - 12, nan), (lower - 25, nan), (lower, 3.0),  # after, before, dead before the segment
    ]  # fmt: skip
    made = births(rows)
    at = SEGMENTS.index((12, 24))
    sums = segment_sums(made, 60)
    assert sums.exposure[at].sum() == 0.5 + 0.5 + 1 + 1 + 0.5 + 0.5
    assert sums.deaths[at].sum() == 0.5 + 1 + 1
    earlier = segment_sums(made, 60, before=24)
    assert earlier.deaths[at].sum() == 1 + 0  # the period ends two years before the interview


def test_a_population_of_known_mortality_is_found() -> None:
    rng = np.random.default_rng(1)
    count = 60_000
    hazard = np.array([0.03, *[0.002] * 11, *[0.0008] * 48])  # a month
    survive = np.cumprod(1 - hazard)
    born = rng.integers(INTERVIEW - 180, INTERVIEW, count).astype(float)
    age = np.searchsorted(-survive, -rng.random(count)).astype(float)
    age[(age >= 60) | (born + age > INTERVIEW)] = np.nan
    made = Births(born, np.full(count, float(INTERVIEW)), age, rng.uniform(0.5, 2, count),
                  rng.integers(0, 200, count))  # fmt: skip
    for before in (0, 60):
        found = {one.measure: one for one in child_mortality(segment_sums(made, 60, before))}
        truth = {"neonatal": 0.03, "infant": 1 - survive[11], "child": 1 - survive[59] / survive[11],
                 "under_five": 1 - survive[59]}  # fmt: skip
        for name, value in truth.items():
            assert abs(found[name].probability - value) < 3 * found[name].error + 0.0015, name
        assert found["postneonatal"].probability == pytest.approx(
            found["infant"].probability - found["neonatal"].probability
        )


def test_the_jackknife_is_the_binomial_error_where_clusters_are_alike() -> None:
    rng = np.random.default_rng(2)
    rows = [
        (float(INTERVIEW - 1 - (at % 59)), 0.0 if rng.random() < 0.1 else float("nan")) for at in range(4000)
    ]
    made = births(rows, [at % 100 for at in range(4000)])
    sums = segment_sums(made, 60)
    deaths, exposure = sums.deaths[0].sum(), sums.exposure[0].sum()
    p = deaths / exposure
    sums.exposure[1:] = np.maximum(sums.exposure[1:], 1.0)
    (neonatal, *_) = child_mortality(sums)
    assert neonatal.error == pytest.approx((p * (1 - p) / exposure) ** 0.5, rel=0.2)


def test_one_cluster_and_unobserved_ages_are_refused() -> None:
    old = [(float(INTERVIEW - at), float("nan")) for at in range(1, 120)]
    with pytest.raises(ValueError, match="one cluster"):
        child_mortality(segment_sums(births(old), 60))
    young = [(float(INTERVIEW - at), float("nan")) for at in range(1, 20)]
    with pytest.raises(ValueError, match="no child was observed from 24 to 36 months"):
        child_mortality(segment_sums(births(young), 60))


def recode(count: int = 4000, **changed: Any) -> pd.DataFrame:
    """Return the columns of a births recode, with two that must never be copied."""
    rng = np.random.default_rng(3)
    born = rng.integers(INTERVIEW - 200, INTERVIEW, count)
    died = np.where(rng.random(count) < 0.08, rng.integers(0, 40, count), -1)
    died = np.where(born + died > INTERVIEW, -1, died)
    frame = pd.DataFrame({
        "caseid": [f"{at:12}" for at in range(count)], "v001": rng.integers(1, 81, count),
        "v005": rng.integers(500_000, 2_000_000, count), "v008": INTERVIEW, "v021": 0, "v022": 1, "bidx": 1,
        "b3": born, "b5": (died < 0).astype(int), "b7": np.where(died < 0, np.nan, died),
    })  # fmt: skip
    frame["v021"] = frame["v001"]
    return frame.assign(**changed)


def test_a_births_recode_and_its_columns_as_csv_give_the_same(tmp_path: Path) -> None:
    frame = recode()
    frame.to_stata(tmp_path / "XXBR7AFL.DTA", write_index=False)
    frame.drop(columns="caseid").to_csv(tmp_path / "births.csv", index=False)
    stata = read_births(tmp_path / "XXBR7AFL.DTA", "XXBR7AFL.DTA")
    plain = read_births(tmp_path / "births.csv", "births.csv")
    for name in ("cluster", "weight", "interview", "born", "age_died"):
        np.testing.assert_array_equal(getattr(stata, name), getattr(plain, name))
    assert 0.5 <= stata.weight.min() <= stata.weight.max() <= 2


def test_new_makes_a_case_that_answers_and_copies_no_woman(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    frame = recode()
    frame.to_stata("XXBR7AFL.DTA", write_index=False)
    made = CliRunner().invoke(app, ["new", "xx", "--from-births", "XXBR7AFL.DTA", "--location", "Xland"])
    assert made.exit_code == 0, f"{made.output} {made.exception}"
    header = (tmp_path / "xx" / "births" / "births.csv").read_text(encoding="utf-8").split("\n")[0]
    assert header == "cluster,stratum,weight,interview,born,age_died"
    assert [one for one in problems("xx")[1] if one.severity == "error"] == []
    result = estimate(load("xx"))
    document = json.loads(json.dumps(result.document))
    validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    rows = document["births"]
    assert len(rows) == 3 * 5
    data = read_births(tmp_path / "XXBR7AFL.DTA", "x")
    cluster = np.unique(data.cluster, return_inverse=True)[1]
    direct = child_mortality(segment_sums(
        Births(data.born, data.interview, data.age_died, data.weight, cluster), 60, 0
    ))  # fmt: skip
    assert [row["deaths_per_1000"]["median"] for row in rows[:5]] == pytest.approx(
        [1000 * one.probability for one in direct]
    )
    assert rows[0]["end"] == pytest.approx(1900 + (INTERVIEW - 1) / 12)
    assert rows[5]["months_before"] == 60
    assert "of 1000 children died before age five" in result.answer[0]
    assert result.unanswered == ()


def test_mistakes_of_a_recode_are_named_with_their_rows(tmp_path: Path) -> None:
    frame = recode(20)
    frame.loc[2, "b3"] = INTERVIEW + 3
    frame.loc[4, ["b5", "b7"]] = [0, np.nan]
    frame.loc[6, "v005"] = 0
    frame.drop(columns="caseid").to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(CaseError) as raised:
        read_births(tmp_path / "b.csv", "b.csv")
    assert {(one.line, one.field) for one in raised.value.problems} == {
        (4, "born"),
        (6, "age_died"),
        (8, "weight"),
    }
    frame.drop(columns=["b7", "v021", "v001"]).to_csv(tmp_path / "c.csv", index=False)
    with pytest.raises(CaseError, match=r"lacks the columns cluster \(v021\), age_died \(b7\)"):
        read_births(tmp_path / "c.csv", "c.csv")
    (tmp_path / "d.dta").write_bytes(b"<stata_dta><header><release>9")
    with pytest.raises(CaseError, match="cannot be read as a file of Stata"):
        read_births(tmp_path / "d.dta", "d.dta")
