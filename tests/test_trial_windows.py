"""Windows found by what their registers show; what lies beyond the priors; migrants by age."""

from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest
from dearth.trials.migration_ages import PATTERN, by_age

from dearth.reconstruction.population_model import Model
from dearth.trials.degradations import BY_LETTER, complete
from dearth.trials.estimator import Estimator, estimator, names_of_pulls, net_migration
from dearth.trials.estimator import _with_counts as with_counts
from dearth.trials.full_records import YEARS, Truth, measured
from dearth.trials.outside_priors import FAR, distance
from dearth.trials.replicates import Found
from dearth.trials.scores import pulls, scores, seen_in_records, trade_off
from dearth.trials.tiers import MIGRATION_LEVEL_SD, TIERS
from dearth.trials.trial_plan import plan
from dearth.trials.windows import alone, emigration, epidemic, quiet
from test_recover import found
from trial_world import truth


def with_births(t: Truth, change: float) -> Truth:
    births = t.births.copy()
    births[t.lost] *= 1 + change
    return replace(t, births=births)


def losing(t: Truth, share: float) -> Truth:
    """Let people leave in the years of the window; births and deaths as they were."""
    stocks = t.stocks.copy()
    for year in range(t.inside.start, t.inside.stop):
        stocks[year + 1 :] *= 1 - share
    return replace(t, stocks=stocks)


def test_an_epidemic_raises_deaths_and_leaves_births() -> None:
    assert epidemic(truth(0.3))
    assert not epidemic(truth(0.05))  # too few deaths
    assert not epidemic(with_births(truth(0.3), -0.1))  # births answered
    assert epidemic(with_births(truth(0.3), -0.01))


def test_emigration_is_quiet_and_people_left() -> None:
    t = truth(0.0)
    balanced = replace(t, births=t.deaths.copy())
    assert not emigration(balanced)
    assert emigration(losing(balanced, 0.01))
    assert not emigration(losing(balanced, 0.002))
    loud = replace(balanced, other_deaths=balanced.other_deaths * np.where(np.arange(YEARS) == 5, 1.5, 1.0))
    assert quiet(balanced)
    assert not emigration(losing(loud, 0.01))


def test_who_leaves_takes_births_and_deaths_along() -> None:
    t = truth(0.0)
    stayed = BY_LETTER["M"].apply(complete(t), {"share": 0.03}, np.random.default_rng(1)).truth
    assert stayed.deaths[:5] == pytest.approx(t.deaths[:5])
    assert (stayed.births[6:] < 0.97 * t.births[6:]).all()
    assert stayed.births[12] < 0.9 * t.births[12]  # mothers left
    assert (stayed.deaths[8:] < 0.99 * t.deaths[8:]).all()
    assert stayed.stocks[10].sum() == pytest.approx(0.94 * t.stocks[10].sum(), rel=0.02)


def test_a_worse_year_beside_the_window_leaves_it_out() -> None:
    assert alone(truth(0.5))
    t = truth(0.5)
    worse = t.other_deaths.copy()
    worse[10] *= 3
    assert not alone(replace(t, other_deaths=worse))


def test_histories_are_measured_like_truths() -> None:
    t = truth(1.0)
    assert t.quantities() == {k: float(v) for k, v in measured(t.deaths, t.births, t.people, 2).items()}
    # half of all births and deaths, in all years: all quantities are halved
    half = measured(t.deaths / 2, t.births / 2, t.people, 2)
    assert half["excess"] == pytest.approx(t.quantities()["excess"] / 2)


def test_distance_counts_prior_standard_deviations() -> None:
    plain = complete(truth(1.0))
    rng = np.random.default_rng(1)
    left = BY_LETTER["M"].apply(plain, {"share": 0.02}, rng)
    assert distance("M", plain, left, True) == pytest.approx(
        0.02 / np.hypot(0.002, MIGRATION_LEVEL_SD), rel=0.05
    )
    # deaths doubled in the window, capped at 1.2 of the usual: log(2 / 1.2) over a noise of 0.02
    capped = BY_LETTER["F"].apply(plain, {"most": 1.2}, rng)
    assert distance("F", plain, capped, True) == pytest.approx(np.log(2 / 1.2) / 0.02, rel=1e-3)
    # where completeness in the crisis is unknown a cap there is within the prior
    assert distance("F", plain, capped, False) == pytest.approx(0.0, abs=1e-9)
    late = BY_LETTER["L"].apply(plain, {"share": 0.2, "years": 2.0}, rng)
    assert distance("L", plain, late, False) > FAR  # the echo two years later


def test_rung_seven_is_always_far_enough() -> None:
    planned = plan([truth(1.0), truth(0.0)], TIERS[7], 40, 3)
    assert {r.letters[-1] for r in planned} == set("MLF")
    for r in planned:
        plain = replace(r, letters=r.tier.letters).records()
        known = "K" not in r.tier.letters
        assert distance(r.letters[-1], plain, r.records(), known) >= FAR
    # a window without a crisis has nothing to cap
    assert "F" not in {r.letters[-1] for r in planned if r.truth.deaths[5] < 30_000}


def test_migrants_add_up_and_are_mostly_young_men() -> None:
    people = np.random.default_rng(2).uniform(1.0, 2.0, (2, 101))
    rates = np.asarray(by_age(-0.01, people))
    assert (rates * people).sum() == pytest.approx(-0.01 * people.sum())
    assert PATTERN[1, 22] > PATTERN[0, 22] > 2 * PATTERN[0, 50]
    assert PATTERN[0, 2] == PATTERN[1, 2] > PATTERN[0, 12]


def test_the_density_is_of_the_open_model() -> None:
    with jax.enable_x64(True):
        made = estimator(TIERS[4], 2)
        data = jax.tree.map(lambda part: part[0], given(made))
        theta = np.random.default_rng(4).standard_normal(made.model.unknowns.size)
        inner = with_counts(made.model, data)
        u = inner.named(theta, data)
        people = [
            np.asarray(jax.jit(lambda u, m=m: m.histories(u, data)["stocks"])(u)) for m in (made.model, inner)
        ]
        alike = np.asarray(Model.project(made.model, *closed(made.model, u, data))[0])
    assert (people[0] == people[1]).all()
    assert np.abs(people[0] / alike - 1).max() > 1e-3  # moved alike at all ages they would be others


def test_leaving_goes_on_until_the_later_count() -> None:
    with jax.enable_x64(True):
        made = estimator(TIERS[5], 2)
        normal = np.full((YEARS, 2, 101), 0.01)
        none = {"mortality_decline_later_child": 0.0, "mortality_decline_later_adult": 0.0,
                "mortality_decline_later_age": np.zeros((2, 4)), "later_migration": 0.0}  # fmt: skip
        closed = made.model.wear(normal, {**none, "migration": np.zeros(YEARS)})
        left = made.model.wear(normal, {**none, "migration": np.full(YEARS, -0.01)})
        stopped = made.model.wear(
            normal, {**none, "migration": np.full(YEARS, -0.01), "later_migration": 0.01}
        )
        worn = np.asarray(left - closed)
    assert np.asarray(stopped) == pytest.approx(np.asarray(closed))
    assert worn[0, :, 22] == pytest.approx(0.01 * PATTERN[:, 22])
    assert worn[1, :, 22] == pytest.approx(0.01 * (PATTERN[:, 22] + PATTERN[:, 23]))


def test_net_migration_is_told_in_its_own_prior() -> None:
    with jax.enable_x64(True):
        made = estimator(TIERS[2], 2)
        data = {k: v[0] for k, v in made.data(plan([truth()], TIERS[2], 1, 1)[0].records()).items()
                if k in ("at", "by", "lift")}  # fmt: skip
        thetas = np.random.default_rng(3).standard_normal((4000, made.model.unknowns.size))
        drawn = np.asarray(jax.jit(jax.vmap(lambda theta: net_migration(made.model, theta, data)))(thetas))
    assert drawn.shape == (4000, YEARS)
    assert drawn.std(0) == pytest.approx(np.ones(YEARS), abs=0.05)
    assert len(names_of_pulls(made.model)) == made.model.unknowns.size + YEARS


def given(made: Estimator) -> dict[str, Any]:
    return made.data(plan([truth()], TIERS[4], 1, 1)[0].records())


def closed(model: Model, u: dict[str, Any], data: dict[str, Any]) -> tuple[Any, ...]:
    _, actual, _, fertility = model.rates(u, data)
    return model.people(u, data), actual, fertility, u["migration"]


def warned(number: int, letters: str, pull: float) -> Found:
    return replace(found(number, 90, 110, 100), letters=letters, pull={"net_migration[5]": [pull, 0.6]})


def test_what_is_beyond_the_priors_is_seen_or_not() -> None:
    # the records told of 0.64 of its variance: chance would take it as far as 0.8 prior sd
    trials = [warned(0, "AM", 3.0), warned(1, "ARM", -4.0), warned(2, "ARKBCM", 1.0), warned(3, "AL", 0.4)]
    told = seen_in_records(trials)
    assert told["M, yearly stocks"] == {"trials": 2, "warned": 1.0, "seen": True}
    assert told["M, two counts"] == {"trials": 1, "warned": 0.0, "seen": False}
    assert told["L, yearly stocks"]["seen"] is False
    assert "F, yearly stocks" not in told
    assert pulls(trials[0]) == pytest.approx({"net_migration[5]": 3.0 / 0.8})
    assert trade_off(trials)["3.6"] == 0.5
    assert trade_off(trials)["4.0"] == 0.25
    # of what the records say nothing, nothing can be wrong
    untold = replace(trials[0], pull={"migration[1]": [0.3, 0.999]})
    assert pulls(untold) == {}


def test_a_famine_is_deaths_and_births_together() -> None:
    ends = {str(level): [-5.0, 5.0] for level in (50, 80, 90, 95)}
    both = found(0, 90, 110, 100)
    deaths_only = replace(both, intervals={**both.intervals, "gross": ends})
    births_only = replace(both, intervals={**both.intervals, "excess": ends})
    made = scores([both, deaths_only, births_only, both])
    assert made["called_famine"] == 0.5
    assert made["called_excess"] == 0.75
