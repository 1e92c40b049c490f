"""Unknowns of a simulation: each moves the setting that it names, and nothing else."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import ndtr

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.explain.causes import chosen_causes, setting_of, settings_of_causes
from dearth.explain.targets import Normal
from dearth.explain.unknowns import Space, Unknown, areas, candidates
from dearth.system.given_runs import GivenRuns
from dearth.system.plan import Asked, plan_of
from dearth.system.prior_draws import drawn
from dearth.system.scenario import Cause, PlaceEffect

PLAN = plan_of(load("valley"), Asked())
RUNS = GivenRuns(PLAN.scenario, PLAN.settings)
EVERY = candidates(PLAN.scenario, PLAN.settings)
NORMAL = Normal((1908, 1909, 1910), (1911, 1912), {})


def numbers(given):
    for kind in (given.fixed, given.varying):
        for mechanism, table in kind.items():
            for name, values in table.items():
                yield f"{mechanism}.{name}", values


def moved(one, z=1.0):
    """Return the names of the settings and fields that differ when `one` is at `z`."""
    given = Space(PLAN.scenario, RUNS, (one,)).given(np.array([[0.0], [z]]))
    found = {name for name, values in numbers(given) if (values[0] != values[1]).any()}
    return found | {name for name, v in given.noise.items() if (v[0] != v[1]).any()}


@pytest.mark.parametrize("one", [one for one in EVERY if one.kind == "parameter"][::12])
def test_a_parameter_moves_its_own_setting(one):
    assert moved(one) == {one.name}


def test_parameters_have_the_prior_of_a_simulation_from_priors():
    z = np.linspace(-2, 2, 5)
    names = [one.name for one in EVERY if one.kind == "parameter"]
    space = Space(PLAN.scenario, RUNS, [one for one in EVERY if one.kind == "parameter"])
    mine = space.given(np.repeat(z[:, None], space.size, 1)).fixed
    theirs = drawn(PLAN.settings, 5, {name: ndtr(z) for name in names} | _rest(names))
    for name in names:
        mechanism, parameter = name.split(".")
        assert mine[mechanism][parameter] == pytest.approx(theirs[mechanism][parameter])


def _rest(names):
    every = [f"{m.id}.{p.name}" for m in PLAN.settings.declares for p in m.parameters]
    return {name: np.full(5, 0.5) for name in every if name not in names}


def test_weather_moves_one_year():
    one = Unknown("weather 1911", "weather", year=1911)
    assert moved(one) == {"common"}
    noise = Space(PLAN.scenario, RUNS, (one,)).given(np.array([[1.5]])).noise["common"]
    assert noise[0, 1911 - PLAN.scenario.span[0]] == pytest.approx(1.5)
    assert np.count_nonzero(noise) == PLAN.scenario.calendar.many


def test_an_effect_multiplies_a_setting_in_one_area_and_keeps_shares_below_one():
    area = areas(PLAN.scenario)[0]
    one = Unknown("x", "effect", "collection", "enforcement", area, sd=0.5)
    assert moved(one) == {"collection.enforcement"}
    given = Space(PLAN.scenario, RUNS, (one,)).given(np.array([[0.0], [1.0], [9.0]]))
    values = given.varying["collection"]["enforcement"]
    held = values[0] > 0
    assert values[1][held] == pytest.approx(np.minimum(values[0][held] * np.exp(0.5), 1.0))
    assert values[2].max() == 1.0


def test_own_values_are_in_the_unit_of_the_setting():
    one = next(one for one in EVERY if one.kind == "parameter")
    space = Space(PLAN.scenario, RUNS, (one, Unknown("e", "effect", "a", "b", "c", sd=0.3)))
    z = np.array([[0.7, 1.0]])
    given = space.runs.settings
    assert given is PLAN.settings
    found = space.own_values(z)
    mechanism, parameter = one.name.split(".")
    mine = Space(PLAN.scenario, RUNS, (one,)).given(z[:, :1]).fixed[mechanism][parameter]
    assert found[0, 0] == pytest.approx(mine[0])
    assert found[0, 1] == pytest.approx(np.exp(0.3))


def test_a_cause_at_its_normal_setting_leaves_out_its_dated_changes():
    cause = Cause(label="Reports", normal=("false_reports", "audits"))
    setting = setting_of(PLAN.scenario, RUNS.base, {"reports": cause}, NORMAL)
    assert setting.weather is None
    space = Space(PLAN.scenario, RUNS, ())
    was, now = (space.given(np.zeros((1, 0)), s) for s in (None, setting.settings))
    changed = {name for (name, a), (_, b) in zip(numbers(was), numbers(now), strict=True) if (a != b).any()}
    assert changed
    assert {name.split(".")[0] for name in changed} == {"false_reports", "audits"}
    assert {name for name, _ in numbers(was)} == {name for name, _ in numbers(now)}


def test_normal_weather_is_the_mean_of_the_normal_years_from_the_window_on():
    cause = Cause(label="Weather", weather=True)
    setting = setting_of(PLAN.scenario, RUNS.base, {"weather": cause}, NORMAL)
    struck = np.asarray(RUNS.base.disaster)
    at = [year - PLAN.scenario.span[0] for year in (1908, 1909, 1910)]
    start = 1911 - PLAN.scenario.span[0]
    assert setting.weather[:start] == pytest.approx(struck[:start])
    assert setting.weather[start:] == pytest.approx(np.broadcast_to(struck[at].mean(0), struck[start:].shape))
    both = tuple(Unknown(f"weather {year}", "weather", year=year) for year in (1910, 1911))
    given = Space(PLAN.scenario, RUNS, both).given(
        np.ones((1, 2)), setting.settings, setting.weather, setting.since
    )
    assert (given.noise["common"][0, start - 1] == 1).all()
    assert not given.noise["common"][0, start:].any()


def test_what_a_cause_sets_holds_from_the_window_on():
    cause = Cause(label="Exports", set={"export_plans.strength": 0.0})
    scenario = PLAN.scenario.model_copy(update={"causes": {"exports": cause}})
    runs = GivenRuns(scenario, PLAN.settings, also=settings_of_causes(scenario))
    space, setting = Space(scenario, runs, ()), setting_of(scenario, runs.base, {"exports": cause}, NORMAL)
    was, now = (
        space.given(np.zeros((2, 0)), s).varying["export_plans"]["strength"] for s in (None, setting.settings)
    )
    start = 12 * (1911 - scenario.span[0])
    assert (was == 1).all()
    assert (now[:, :start] == 1).all()
    assert (now[:, start:] == 0).all()


def test_unknown_causes_and_effects_are_named():
    scenario = PLAN.scenario.model_copy(update={"causes": {"weather": Cause(label="W", weather=True)}})
    with pytest.raises(CaseError, match=r"there is no cause 'wether'.*weather"):
        chosen_causes(scenario, ["wether"])
    with pytest.raises(CaseError, match="it declares no causes"):
        chosen_causes(PLAN.scenario.model_copy(update={"causes": {}}))
    with pytest.raises(ValueError, match="a cause moves something"):
        Cause(label="Nothing")
    with pytest.raises(ValueError, match="greater than 0"):
        PlaceEffect(set="collection.enforcement", sd=0, source="assumed")


def test_numbers_of_jax_are_those_of_numpy_and_have_slopes():
    space = Space(PLAN.scenario, RUNS, EVERY)
    z = 0.5 * np.random.default_rng(3).standard_normal((2, space.size))
    plain, traced = space.given(z), space.given(jnp.asarray(z, jnp.float32))
    for (name, mine), (also, theirs) in zip(numbers(plain), numbers(traced), strict=True):
        assert name == also
        assert np.asarray(theirs) == pytest.approx(mine, rel=2e-5, abs=1e-6), name
    for name, values in plain.noise.items():
        assert np.asarray(traced.noise[name]) == pytest.approx(np.asarray(values), rel=1e-5, abs=1e-6)

    def summed(z):
        given = space.given(z[None])
        kinds = (given.fixed, given.varying)
        return sum(jnp.tanh(v).sum() for kind in kinds for table in kind.values() for v in table.values())

    slope = jax.grad(summed)(jnp.zeros(space.size, jnp.float32))  # at the modes of the triangles too
    assert np.isfinite(np.asarray(slope)).all()
