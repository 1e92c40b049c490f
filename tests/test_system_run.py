"""Runs: normal years are normal, streams are named, the same seed gives the same bits, gradients exist."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.case.problems import CaseError
from dearth.numerics.random_keys import key
from dearth.population.projection import step as engine_step
from dearth.system import finite_checks
from dearth.system.draws import run_draws
from dearth.system.initial_state import fertility_rates, yearly_survival
from dearth.system.order_of_month import ORDER
from dearth.system.regimes import apply, find
from dearth.system.run import month_of, noise_of, simulate
from dearth.system.scenario import timeline
from dearth.system.settings import settle
from system_world import BY_ID, between, inputs, valley, with_strengths


def settings_of(regime: str) -> Any:
    scenario = valley()
    return settle(apply(find(regime), timeline(scenario)), 168, len(scenario.places))


@pytest.fixture(scope="module")
def history() -> Any:
    return run_draws(valley(), settings_of("as_it_was"), seed=1)


def test_normal_years_are_normal(history: Any) -> None:
    """1905-08: output, retained grain, deaths at the normal schedule, no excess."""
    measures = history.by_year()
    early = slice(1, 5)
    assert (np.abs(measures["kcal_rural"][0, early] - 2090) < 60).all()
    assert (np.abs(measures["kcal_urban"][0, early] - 2090) < 60).all()
    rates = measures["cdr"][0, early]
    excess = history.records["hunger"][0, 12:60].mean()
    assert 12000 * excess < 0.6  # per 1000 a year: the reserve model at 2,100 kcal gives 0.3-0.7
    assert np.ptp(rates) < 0.5
    taken = measures["procurement_net_t"][0, early] / measures["grain_output_t"][0, early]
    assert (taken > 0.12).all()
    assert (taken < 0.2).all()


def test_the_crisis_of_the_made_up_county(history: Any) -> None:
    measures = history.by_year()
    years = history.years
    assert measures["cdr_rural"][0, years.index(1912)] > 2 * measures["cdr_rural"][0, years.index(1908)]
    told, true = (
        measures["grain_reported_t"][0, years.index(1910)],
        measures["grain_output_t"][0, years.index(1910)],
    )
    assert told > 1.1 * true
    assert measures["births"][0, years.index(1912)] < 0.7 * measures["births"][0, years.index(1908)]


def test_a_normal_year_is_a_step_of_the_projection_engine() -> None:
    """Without hunger and moves, a simulated year ends with the people the engine projects."""
    with jax.enable_x64(True):
        base, fixed, tables, group = inputs(between(1904, 1904))
        off = ("migration", "bodies", "maternal_deaths")  # births of the year are not quite the normal ones
        strengths = jnp.array([0.0 if m.id in off else 1.0 for m in ORDER])
        end, found = simulate(base, with_strengths(fixed, strengths), tables, group)
    births = np.asarray(found["births"]).sum()
    survival = np.stack([yearly_survival(valley().mortality)] * 2)
    before = np.asarray(base.opening.people).sum(-1)
    # the engine's first row is the age at the start of the step: rows of birth years stand one below ours
    start = np.concatenate([before[:, 1:], np.zeros((2, 1))], axis=1)
    start[:, -2] += start[:, -1]
    start[:, -1] = 0
    done = engine_step(start, survival, fertility_rates(valley().fertility), np.zeros(start.shape), 0.488)
    after = np.asarray(end.people).sum(-1)
    np.testing.assert_allclose(after[:, 2:99], done.people[:, 1:98], rtol=1e-6)
    infants = births * np.array([0.488, 0.512]) * survival[:, 0]
    np.testing.assert_allclose(after[:, 1], infants, rtol=0.004)  # births of a year are not quite even


def test_normal_mortality_falls_as_the_case_says() -> None:
    scenario = between(1904, 1904)
    falling = scenario.mortality.model_copy(update={"fall": 0.02})
    with jax.enable_x64(True):
        base, *_ = inputs(scenario.model_copy(update={"mortality": falling}))
        still, *_ = inputs(scenario)
        noise = jax.tree.map(lambda v: v[0], noise_of(base))
        later, usual = (month_of(w, 10, 0, noise).schedules.hazard for w in (base, still))
    np.testing.assert_allclose(later, np.exp(-0.2) * np.asarray(usual), rtol=1e-12)
    np.testing.assert_array_equal(usual, still.schedules.hazard)


def test_switching_a_mechanism_leaves_weather_as_it_was() -> None:
    base, fixed, tables, group = inputs(valley(), jnp.float32)
    again = inputs(valley(), jnp.float32)[0]
    for name, field in base.noise.items():
        np.testing.assert_array_equal(field, again.noise[name])
    ones = jnp.ones(len(ORDER))
    program = jax.jit(lambda s: simulate(base, with_strengths(fixed, s), tables, group)[0].weather)
    off = ones.at[[m.id for m in ORDER].index("communal_dining")].set(0)
    np.testing.assert_array_equal(program(ones), program(off))


def test_streams_are_named() -> None:
    one, same, other = key(1, "weather", "local"), key(1, "weather", "local"), key(1, "weather", "common")
    assert (jax.random.key_data(one) == jax.random.key_data(same)).all()
    assert (jax.random.key_data(one) != jax.random.key_data(other)).any()
    assert (jax.random.key_data(one) != jax.random.key_data(key(2, "weather", "local"))).any()


def test_draws_have_the_same_bits_whatever_their_number() -> None:
    settings = settings_of("as_it_was")
    few = run_draws(valley(), settings, seed=3, draws=2)
    more = run_draws(valley(), settings, seed=3, draws=9)
    assert few.draws == 2
    assert more.draws == 9
    for name, rows in few.records.items():
        np.testing.assert_array_equal(rows, more.records[name][:2], err_msg=name)
    assert len(np.unique(more.by_year()["deaths"][:, 5])) == 9


@pytest.mark.slow  # every mechanism's own slopes are tested with its contract
def test_gradient_of_the_toll_agrees_with_differences() -> None:
    with jax.enable_x64(True):
        base, fixed, tables, group = inputs(between(1910, 1912))

        def toll(theta: Any) -> Any:
            own = {m: dict(v) for m, v in fixed.items()}
            own["relief"]["reach_km"] = 80 * theta[0]
            own["harvest"]["theta"] = theta[1]
            own["bodies"]["spread"] = 0.175 * theta[2]
            own["false_reports"]["strength"] = theta[3]
            return jnp.sum(simulate(base, own, tables, group)[1]["deaths"])

        # one program gives value and slope along a direction; differences use its values
        program = jax.jit(lambda theta, along: jax.jvp(toll, (theta,), (along,)))
        start, along = jnp.array([1.0, 1.0, 1.0, 0.9]), jnp.array([0.3, 1.0, 0.5, 0.7])
        value, slope = program(start, along)
        h = 1e-5
        found = (program(start + h * along, along)[0] - program(start - h * along, along)[0]) / (2 * h)
    assert abs(float(slope)) > 1e-3 * float(value)
    assert slope == pytest.approx(float(found), rel=1e-4)


@pytest.mark.slow
def test_reverse_mode_agrees_with_forward_mode() -> None:
    with jax.enable_x64(True):
        base, fixed, tables, group = inputs(between(1910, 1912))

        def toll(rho: Any) -> Any:
            own = {**fixed, "relief": {**fixed["relief"], "need": 200 * rho}}
            return jnp.sum(simulate(base, own, tables, group)[1]["deaths"])

        back = jax.jit(jax.grad(toll))(jnp.array(1.0))
        forth = jax.jit(jax.jacfwd(toll))(jnp.array(1.0))
    assert back == pytest.approx(float(forth), rel=1e-8)


def test_a_number_that_is_none_names_mechanism_place_and_month() -> None:
    base, fixed, tables, group = inputs(between(1910, 1910), jnp.float32)

    def broken(state: Any, flows: Any, p: Any, strength: Any, month: Any) -> Any:
        bad = jnp.where((month.index == 4) & (jnp.arange(13) == 2), jnp.nan, 0.0)
        return replace(state, store=state.store + bad), flows

    order = tuple(replace(m, step=broken) if m is BY_ID["sharing"] else m for m in ORDER)
    rows = np.zeros((12, 13))
    assert finite_checks.first_bad_month({"store": rows}) is None
    rows[4, 2] = np.nan
    assert finite_checks.first_bad_month({"store": rows}) == 4
    error = finite_checks.error(base, fixed, tables, group, 4, order)
    assert isinstance(error, CaseError)
    assert "sharing made store of Cedar not a number in 1910-05" in str(error)
