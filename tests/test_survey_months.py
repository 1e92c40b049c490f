"""A survey by month: parts of the recall by hand, rates of known worlds, fading recall, forecasts."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from conftest import SHARED

pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.case.read import load
from dearth.case.surveys.new_case import new_from_survey
from dearth.case.surveys.read import read_survey
from dearth.estimate.estimates import estimate
from dearth.estimate.surveys.monthly_model import DECAYS, FEWEST_EFFECTIVE, Parts, monthly_draws
from dearth.estimate.surveys.persons import to_persons
from dearth.estimate.surveys.recall_spans import recall_spans

HAITI = SHARED / "evidence" / "live" / "haiti_2010" / "persons.csv"
HEADER = "household,cluster,sex,age,born,born_day,died,died_day,interview_day\n"


def written(path: Path, lines: list[str]) -> Path:
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_parts_of_the_recall_are_calendar_months_with_exact_time(tmp_path: Path) -> None:
    path = written(tmp_path / "p.csv", [
        "1,1,1,30,0,,0,,85", "1,1,2,0,1,40,0,,85", "2,2,1,30,0,,1,31,85", "2,2,1,30,0,,1,80,85",
    ])  # fmt: skip
    found = recall_spans(to_persons(read_survey(path, "p.csv"), "p.csv"), date(2017, 1, 15))
    assert found is not None
    assert found.edges.tolist() == [0, 17, 45, 76, 85]  # 15 January to 10 April
    spans = recall_spans(to_persons(read_survey(path, "p.csv"), "p.csv"), None)
    assert spans is not None
    assert spans.edges.tolist() == [0, 30, 60, 85]
    assert spans.deaths.tolist() == [0, 1, 1]
    assert spans.person_days.tolist() == [30 * 3, 30 + 20 + 1 + 30, 25 + 25 + 20]
    assert found.person_days.sum() == spans.person_days.sum() == 85 + 45 + 31 + 80
    assert spans.dates(date(2017, 1, 1)) == [
        ("2017-01-01", "2017-01-30"), ("2017-01-31", "2017-03-01"), ("2017-03-02", "2017-03-26"),
    ]  # fmt: skip


def test_without_days_there_are_no_months(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("household,cluster,died,person_days\n1,1,1,30\n1,2,0,90\n", encoding="utf-8")
    assert recall_spans(to_persons(read_survey(path, "p.csv"), "p.csv"), None) is None


def parts(rates: np.ndarray, deaths: np.ndarray, time: float) -> Parts:
    m = len(rates)
    return Parts(deaths.astype(float), np.full(m, time), np.arange(m) + 0.5, 30.0 * (m - np.arange(m) - 0.5))


def test_intervals_of_months_and_of_the_next_month_hold_the_truth() -> None:
    rng = np.random.default_rng(1)
    time, inside, ahead = 200_000.0, [], []
    for _ in range(60):
        level, where = rng.normal(0.3, 0.4), np.arange(9)
        root = np.linalg.cholesky(0.09 * np.exp(-np.abs(where[:, None] - where) / 6.0))
        log_rates = level + root @ rng.standard_normal(9)
        rates = np.exp(log_rates)
        deaths = rng.poisson(rates[:8] * time / 1e4)
        made = monthly_draws(parts(rates[:8], deaths, time), np.array([8.5]), (0.0,), rng)
        assert made.effective > FEWEST_EFFECTIVE
        low, high = np.quantile(np.exp(made.log_rates), [0.025, 0.975], axis=0)
        inside.append(((low <= rates[:8]) & (rates[:8] <= high)).mean())
        low, high = np.quantile(np.exp(made.later[:, 0]), [0.025, 0.975])
        ahead.append(low <= rates[8] <= high)
    assert 0.92 <= np.mean(inside) <= 0.99
    assert 0.88 <= np.mean(ahead) <= 1


def test_fading_recall_raises_the_rate_and_widens_its_interval() -> None:
    rng = np.random.default_rng(2)
    time, m = 400_000.0, 12
    before = 30.0 * (m - np.arange(m) - 0.5)
    deaths = rng.poisson(2.0 * np.exp(-0.003 * before) * time / 1e4)
    given = Parts(deaths.astype(float), np.full(m, time), np.arange(m) + 0.5, before)
    plain = np.exp(monthly_draws(given, np.empty(0), (0.0,), rng).log_rates).mean(1)
    made = monthly_draws(given, np.empty(0), DECAYS, rng)
    faded = np.exp(made.log_rates).mean(1)
    assert np.quantile(plain, 0.975) < 2.0
    assert np.quantile(faded, 0.025) < 2.0 < np.quantile(faded, 0.975)
    assert np.median(faded) > np.median(plain)
    assert np.ptp(np.quantile(faded, [0.025, 0.975])) > np.ptp(np.quantile(plain, [0.025, 0.975]))


def test_a_case_says_its_months_its_forecast_and_what_recall_may_do(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    lines = []
    for cluster in range(30):
        for person in range(200):
            day = rng.exponential(4000)
            dead = day < 180
            lines.append(f"{person // 5},{cluster},1,30,0,,{int(dead)},{int(day) if dead else ''},180")
    folder = new_from_survey(tmp_path / "north", written(tmp_path / "p.csv", lines), None, None)
    made = estimate(load(folder), quick=True)
    rows = made.document["surveys"]
    (first,) = [row for row in rows if row["by_month"]]
    assert (first["outcome"], first["domain"]) == ("crude", None)
    found = first["by_month"]
    assert [(one["start"], one["end"]) for one in found["months"]][:2] == [("0", "30"), ("30", "60")]
    assert sum(one["deaths"] for one in found["months"]) == first["deaths"]
    assert sum(one["person_days"] for one in found["months"]) == pytest.approx(first["person_days"])
    assert sum(one["rate"]["low"] < 2.5 < one["rate"]["high"] for one in found["months"]) >= 5
    assert found["forecast"][0]["low"] < 2.5 < found["forecast"][0]["high"]
    assert len(found["held_out"]) == 3
    assert found["rate_recall"]["median"] > first["rate_per_10000_day"]["median"]
    said = " ".join(made.answer)
    assert "the next 30 days would have" in said
    assert "cannot distinguish forgetting from a rate that rises" in said
    assert any(text.startswith("survey by month:") for text in made.assumptions)


@pytest.mark.skipif(not HAITI.exists(), reason="the Haitian survey is absent")
def test_haiti_has_all_timed_deaths_in_its_months() -> None:
    persons = to_persons(read_survey(HAITI, "persons.csv"), "persons.csv")
    found = recall_spans(persons, date(2010, 10, 17))
    assert found is not None
    assert found.deaths.sum() == 161
    assert found.person_days.sum() == pytest.approx(np.nansum(persons.person_days), rel=0.01)
