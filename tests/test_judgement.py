"""The rule of prior-data conflict, bounds that hold a share, and deaths that may be departures."""

import numpy as np
import pytest

from dearth.numerics.interval import interval
from dearth.reconstruction.conflicts import (
    CONFLICT,
    conflict_refusals,
    conflict_warnings,
    edge_warnings,
    standardised_shifts,
)
from dearth.reconstruction.judgement import departures


def test_a_pull_is_counted_in_what_chance_would_do() -> None:
    # the records took 0.64 of the prior's variance: chance would take the mean as far as 0.8 prior sd
    found = standardised_shifts(np.array([3.0, -4.0, 0.3]), np.array([0.6, 0.6, 0.999]))
    assert found == pytest.approx([3.0 / 0.8, -4.0 / 0.8, 0.0])  # of what nothing is told nothing is wrong
    told = conflict_warnings(["a", "b", "c"], np.array([3.0, -4.0, 0.3]), np.array([0.6, 0.6, 0.999]))
    assert [text.split("disagree about ")[1][0] for text in told] == ["b", "a"]  # the furthest first
    assert conflict_warnings(["a"], np.array([0.99 * CONFLICT * 0.8]), np.array([0.6])) == []


def test_chance_alone_is_seldom_a_conflict() -> None:
    rng = np.random.default_rng(1)
    sds = rng.uniform(0.1, 0.9, (400, 180))
    # were truth drawn from the prior, a posterior mean would have the variance that the records took
    means = np.sqrt(1 - sds**2) * rng.standard_normal(sds.shape)
    warned = np.mean(
        [(np.abs(standardised_shifts(m, s)) > CONFLICT).any() for m, s in zip(means, sds, strict=True)]
    )
    assert 0.02 < warned < 0.1


def test_prior_and_records_that_contradict_each_other_are_refused() -> None:
    assert conflict_refusals(["a", "b"], np.array([4.9, -4.9])) == []
    (why,) = conflict_refusals(["a", "b", "c"], np.array([5.1, -6.0, 0.0]))
    assert "b lies -6.0 prior standard deviations" in why
    assert "1 others beyond 5" in why


def test_a_share_that_its_bound_holds_is_told() -> None:
    sd = 0.1
    assert edge_warnings({"completeness": (0.9, 0.5, 1.0, sd), "births": (0.8, -np.inf, np.inf, sd)}) == []
    (told,) = edge_warnings({"completeness": (0.995, 0.5, 1.0, sd)})
    assert "completeness stands at the bound of its prior (0.995, bound 1)" in told
    assert len(edge_warnings({"completeness": (0.505, 0.5, 1.0, sd)})) == 1


def test_deaths_that_may_be_departures_are_said_first() -> None:
    interval(np.linspace(1e6, 2e6, 200))
    left = np.linspace(-3e5, 1e5, 200)
    assert departures(0.05, left) == []
    (told,) = departures(0.4, left)
    assert "cannot distinguish all deaths from departures" in told
    assert "40% of the uncertainty" in told
    assert "from 280,000 departures to " in told
    assert " arrivals. " in told
