"""The model of clusters: likelihood, calibration under its own prior, pooling of districts, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import nbinom

pytest.importorskip("polars")

from dearth.case.schema_base import Prior
from dearth.case.schema_surveys import SurveyFile
from dearth.estimate.surveys.cluster_model import (
    CENTRE,
    CV_SCALE,
    DRAWS,
    SPREAD,
    Clusters,
    Grid,
    log_likelihood,
    modelled_rates,
    summary,
)
from dearth.estimate.surveys.losses import losses_of
from dearth.estimate.surveys.modelled import modelled, refusal
from dearth.estimate.surveys.persons import Persons

TIME = 13_500.0  # person-days of a cluster: 150 people for 90 days


def drawn(rate: float, cv: float, clusters: int, rng: np.random.Generator) -> Clusters:
    own = rate / 1e4 * TIME * rng.gamma(1 / cv**2, cv**2, clusters)
    return Clusters(rng.poisson(own).astype(float), np.full(clusters, TIME))


def test_the_likelihood_is_negative_binomial() -> None:
    grid, of = Grid(), Clusters(np.array([0.0, 3, 7]), np.array([1e4, 2e4, 3e4]))
    found = log_likelihood(of, grid)
    shape, mean = 1 / grid.cv[5] ** 2, np.exp(grid.log_rate[100]) / 1e4 * of.person_days
    assert found[100, 5] == pytest.approx(nbinom.logpmf(of.deaths, shape, shape / (shape + mean)).sum())


def test_intervals_are_calibrated_when_truth_comes_from_the_prior() -> None:
    """Of 300 surveys whose rates come from the prior, as many lie in each interval as it says."""
    rng = np.random.default_rng(3)
    inside: dict[float, int] = {0.5: 0, 0.95: 0}
    for _ in range(300):
        rate = CENTRE * np.exp(SPREAD * rng.standard_normal())
        cv = min(3.0, max(0.02, abs(CV_SCALE * rng.standard_normal())))
        draws = modelled_rates([drawn(rate, cv, 30, rng)], np.ones(1), rng).whole
        for level in inside:
            low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
            inside[level] += int(low <= rate <= high)
    assert inside[0.5] / 300 == pytest.approx(0.5, abs=0.09)  # three standard errors
    assert inside[0.95] / 300 == pytest.approx(0.95, abs=0.04)


def test_districts_with_few_clusters_learn_from_the_others() -> None:
    rng = np.random.default_rng(5)
    many = [drawn(1.0, 0.3, 40, rng) for _ in range(5)]
    none_seen = Clusters(np.zeros(5), np.full(5, TIME))
    found = modelled_rates([*many, none_seen], np.full(6, 1 / 6), rng)
    alone = modelled_rates([none_seen], np.ones(1), rng)
    assert summary(found.districts[-1]).median > 2 * summary(alone.whole).median
    own = many[0].deaths.sum() / many[0].person_days.sum() * 1e4
    assert summary(found.districts[0]).median == pytest.approx(own, rel=0.1)
    assert np.allclose(found.whole, found.districts.mean(0))


def persons(clusters: int = 12, weight: float = 1.0) -> Persons:
    """Return 50 people a cluster, two districts, two deaths in every cluster of the first."""
    n = 50 * clusters
    cluster = np.arange(n) // 50
    second = cluster >= clusters // 2
    deaths = (np.arange(n) % 25 == 0) & ~second
    nothing = np.full(n, np.nan)
    return Persons(
        person_days=np.full(n, 90.0), deaths=deaths.astype(float), sex=nothing, age=np.full(n, 30.0),
        cause=np.full(n, ""), weight=np.where(np.arange(n) % 2, 1.0, weight), household=np.arange(n),
        cluster=cluster, stratum=np.zeros(n, np.int64),
        groups={"district:a": ~second, "district:b": second}, joined=None, left=None, recall=90.0,
        weighted=weight != 1, notices=(),
    )  # fmt: skip


def test_probabilities_follow_the_districts() -> None:
    people = persons()
    found = modelled(people, people.deaths, people.age > 0, "crude", seed=1)
    assert set(found) == {None, "district:a", "district:b"}
    assert found["district:a"].p_above > 0.5 > found["district:b"].p_above
    assert found["district:a"].threshold == 2.0
    again = modelled(people, people.deaths, people.age > 0, "crude", seed=1)
    assert again["district:a"] == found["district:a"]


def test_a_declared_share_of_dissolved_households_raises_the_rate() -> None:
    people, prior = persons(), Prior(dist="uniform", low=0.1, high=0.4, source="assumed")
    plain = modelled(people, people.deaths, people.age > 0, "crude", seed=1)
    spec = SurveyFile(file="p.csv", title="t", source="s", dissolved_households=prior)
    lost = losses_of(spec, people, people.deaths, people.age > 0, DRAWS, seed=1)
    found = modelled(people, people.deaths, people.age > 0, "crude", seed=1, losses=lost)
    for name, one in found.items():
        assert one.with_dissolved is not None
        assert replace(one, with_dissolved=None) == plain[name]
        assert one.with_dissolved.rate.median == pytest.approx(one.rate.median / (1 - 0.25), rel=0.03)
        assert one.with_dissolved.p_above >= one.p_above
    whole = found[None].with_dissolved
    assert whole is not None
    assert whole.share.ends == pytest.approx((0.1 + 0.3 * 0.025, 0.4 - 0.3 * 0.025), abs=0.005)


@pytest.mark.parametrize(
    ("prior", "said"),
    [
        ({"dist": "uniform", "low": 0.2, "high": 1.0}, "are shares below 1"),
        ({"dist": "normal", "mean": 0.1, "sd": 0.1}, "give a beta or logit_normal prior, or one with low"),
    ],
)
def test_a_prior_of_dissolved_households_is_a_share(prior: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SurveyFile(file="p.csv", title="t", source="s", dissolved_households=Prior(**prior, source="assumed"))


def test_a_model_without_weights_is_refused_where_they_differ_and_where_clusters_are_few() -> None:
    assert refusal(persons()) == ""
    assert "weights differ 5.0-fold in district a" in refusal(persons(weight=5.0))
    assert "fewer than 5 clusters in district a" in refusal(persons(clusters=6))
    whole = replace(persons(clusters=6), groups={})
    assert refusal(whole) == ""
