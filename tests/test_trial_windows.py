"""Windows found by what their registers show; what lies beyond the priors, and whether it is seen."""

from dataclasses import replace

import numpy as np
import pytest

from dearth.reconstruction.conflicts import CONFLICT
from dearth.reconstruction.priors import DEFAULTS
from dearth.trials.degradations import BY_LETTER, complete
from dearth.trials.full_records import YEARS, Truth, measured
from dearth.trials.outside_priors import FAR, distance
from dearth.trials.replicates import Found
from dearth.trials.scores import Beyond, held_or_warned, scores, seen_in_records, trade_off
from dearth.trials.tiers import TIERS
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
    assert t.quantities() == measured(t.deaths, t.births, t.people, 2)
    # half of all births and deaths, in all years: all quantities are halved
    half = measured(t.deaths / 2, t.births / 2, t.people, 2)
    assert half.excess == pytest.approx(t.quantities().excess / 2)


def test_distance_counts_prior_standard_deviations() -> None:
    plain = complete(truth(1.0))
    rng = np.random.default_rng(1)
    left = BY_LETTER["M"].apply(plain, {"share": 0.02}, rng)
    z = distance("M", plain, left, True)
    # a heavy tail stretches the standard normal: 0.004 z exp(z^2 / 8) is what left
    assert 0.004 * z * np.exp(z**2 / 8) == pytest.approx(0.02, rel=0.05)
    # deaths doubled in the window, capped at 1.2 of the usual: log(2 / 1.2) over a noise of 0.03
    capped = BY_LETTER["F"].apply(plain, {"most": 1.2}, rng)
    assert distance("F", plain, capped, True) == pytest.approx(np.log(2 / 1.2) / 0.03, rel=1e-3)
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


def test_people_who_leave_in_the_crisis_stay_within_the_prior_of_the_trials() -> None:
    """The estimator is told nothing of what D does: its neutral prior must reach all of it, not M."""
    prior = DEFAULTS["migration_crisis"]
    assert prior.sd is not None
    assert prior.tail is not None

    def at(z: float) -> float:
        return float(prior.sd * z * np.exp(prior.tail * z**2 / 2))

    worst = BY_LETTER["D"].ranges["share"][1]
    assert worst < at(3.0)  # even if all of it left in one year
    assert BY_LETTER["M"].ranges["share"][0] > at(FAR)


def warned(number: int, letters: str, furthest: float) -> Found:
    told = ["prior and records disagree about migration"] if furthest > CONFLICT else []
    return replace(found(number, 90, 110, 100), letters=letters, furthest=furthest, warnings=told)


def test_what_is_beyond_the_priors_is_seen_or_not() -> None:
    trials = [warned(0, "AM", 3.75), warned(1, "ARM", 5.0), warned(2, "ARKBCM", 1.25), warned(3, "AL", 0.5)]
    told = seen_in_records(trials)
    assert told["M, yearly stocks"] == Beyond(2, 1.0, True)
    assert told["M, two counts"] == Beyond(1, 0.0, False)
    assert told["L, yearly stocks"].seen is False
    assert "F, yearly stocks" not in told
    assert trade_off(trials)["3.6"] == 0.5
    assert trade_off(trials)["4.0"] == 0.25


def test_an_interval_that_misses_is_excused_by_a_warning_alone() -> None:
    missed = replace(found(0, 90, 110, 120), warnings=[])
    assert not held_or_warned(missed)
    assert held_or_warned(replace(missed, warnings=["a share stands at the bound of its prior"]))
    assert held_or_warned(replace(found(0, 90, 110, 100), warnings=[]))
    made = scores([missed, found(1, 90, 110, 100)])
    assert made.held_or_warned == 0.5


def test_a_famine_is_deaths_and_births_together() -> None:
    ends = {str(level): [-5.0, 5.0] for level in (50, 80, 90, 95)}
    both = found(0, 90, 110, 100)
    deaths_only = replace(both, intervals={**both.intervals, "gross": ends})
    births_only = replace(both, intervals={**both.intervals, "excess": ends})
    made = scores([both, deaths_only, births_only, both])
    assert made.called_famine == 0.5
    assert made.called_excess == 0.75
