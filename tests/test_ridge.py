"""The sampler's straight coordinates: their volume is told, and what the records hold stays along them."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.case.read import load
from dearth.reconstruction.compiled import one
from dearth.reconstruction.expected_records import expected_registration
from dearth.reconstruction.fit import scenario_data
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.population_model import CHILD, Model
from dearth.reconstruction.reparameterisation import LEVELS, model_coordinates, warps
from dearth.reconstruction.transforms import real, standard, stretch, unwarped, warped

MOVED = {*LEVELS, "shock_year", "fertility_level", "fertility_crisis"}
WARPS = {"completeness_normal": 3.0, "birth_completeness": 0.5}


@pytest.fixture(autouse=True)
def _double() -> object:
    with jax.enable_x64(True):
        yield


def problem(name: str, at: int) -> tuple[Model, Any]:
    case = load(name)
    given = read_inputs(case)
    model = Model(given.layout)
    data = one(scenario_data(case, given, model)[1], at)
    return model, {**data, "warp": np.zeros(model.unknowns.size)}


def places(model: Model, names: set[str]) -> np.ndarray:
    return np.array([i for i, n in enumerate(model.own.names()) if n.split("[")[0] in names], int)


@pytest.mark.parametrize("name", ["china-1958", "finland-1866"])
def test_the_volume_returned_is_that_of_the_derivative_and_five_blocks_move_alone(name: str) -> None:
    model, data = problem(name, 0)
    theta = jax.random.normal(jax.random.key(1), (model.unknowns.size,))
    at = places(model, MOVED)
    moved, volume = model_coordinates(model, theta, data)
    assert np.delete(np.asarray(moved - theta), at) == pytest.approx(0)
    assert np.abs(np.asarray(moved - theta)[at]).max() > 0.01
    for share, much in WARPS.items():
        data["warp"][places(model, {share})] = much
    square = np.asarray(jax.jit(jax.jacfwd(lambda x: model_coordinates(model, x, data)[0]))(theta))
    sign, found = np.linalg.slogdet(square)
    assert sign == 1
    told = float(model_coordinates(model, theta, data)[1])
    assert found == pytest.approx(told, abs=1e-9)
    assert told != pytest.approx(float(volume), abs=1e-3)


@pytest.mark.parametrize("tail", [0.0, 0.1, 0.25, 1.0])
def test_a_heavy_tailed_unknown_is_turned_round(tail: float) -> None:
    y = jnp.array([-1e6, -50.0, -3.0, -1e-3, 0.0, 0.5, 1.0, 10.0, 1e4])
    z = standard(y, tail)
    assert real(z, jnp.array([0.0, 1.0, tail])) == pytest.approx(np.asarray(y), rel=1e-12)
    slope = jax.vmap(jax.grad(lambda one: standard(one, tail)))(y)
    assert slope == pytest.approx(np.asarray(1 / stretch(z, tail)), rel=1e-12)


@pytest.mark.parametrize("a", [0.0, 0.1, 4.0, 100.0])
def test_a_warped_share_is_turned_round_and_its_volume_is_its_slope(a: float) -> None:
    z = jnp.array([-3.0, -1.0, 0.0, 0.5, 2.0, 5.0])
    x = warped(z, a) - warped(jnp.zeros(()), a)
    back, volume = unwarped(x, a)
    assert back == pytest.approx(np.asarray(z), abs=1e-12)
    slope = jax.vmap(jax.grad(lambda one: unwarped(one, a)[0]))(x)
    assert volume == pytest.approx(np.log(slope), abs=1e-12)
    step = 1e-5
    told = jax.vmap(jax.grad(lambda one: unwarped(one, a)[1]))(x)
    found = (unwarped(x + step, a)[1] - unwarped(x - step, a)[1]) / (2 * step)
    assert told == pytest.approx(np.asarray(found), abs=1e-8)


def test_only_shares_that_the_records_tell_better_than_the_prior_are_warped() -> None:
    model, data = problem("china-1958", 0)
    size = model.unknowns.size
    shares = places(model, {"completeness_normal", "completeness_crisis", "birth_completeness"})
    free = [i for i in shares if float(data[model.own.names()[i]][4]) > 0]
    assert free
    assert not warps(model, data, np.zeros(size), np.ones(size)).any()
    found = warps(model, data, np.zeros(size), np.full(size, 0.5))
    assert found[free] == pytest.approx(3.0)
    assert not np.delete(found, free).any()


def test_the_sum_of_deaths_of_children_and_adults_stays_where_their_levels_part() -> None:
    model, data = problem("finland-1866", 0)
    figures = data["figures"]
    weights = np.asarray(figures["mortality"] * figures["start"])
    child = float((weights * CHILD).sum() / weights.sum())
    at = [model.own.names().index(name) for name in LEVELS]

    straightened = jax.jit(lambda theta: model_coordinates(model, theta, data)[0])
    named = jax.jit(lambda theta: model.named(theta, data))

    def deaths(theta: np.ndarray) -> float:
        u = named(jnp.asarray(theta))
        return float((weights * jnp.exp(u[LEVELS[0]] * CHILD + u[LEVELS[1]] * (1 - CHILD))).sum())

    # along the straight direction that keeps the linear sum of levels, the sum of deaths stays
    sds = np.array([float(data["priors"][name][1]) for name in LEVELS])
    along = np.zeros(model.unknowns.size)
    along[at] = np.array([1 - child, -child]) / sds
    found = [deaths(np.asarray(straightened(step * along))) for step in (-1, 0, 0.5, 1)]
    assert found == pytest.approx([found[1]] * 4, rel=1e-10)
    assert deaths(1 * along) > 1.05 * found[1]  # unbent, it does not


def test_registered_deaths_and_births_stay_as_completeness_changes() -> None:
    model, data = problem("china-1958", 0)
    names = model.own.names()
    crisis = int(model.crisis[0])

    @jax.jit
    def booked(theta: Any) -> Any:
        u = model.named(theta, data)
        books = expected_registration(model, u, model.histories(u, data))
        prompt = books["prompt"].sum((1, 2))
        return jnp.log(jnp.stack([prompt[0], prompt[crisis], books["births"][0]]))

    def registered(theta: np.ndarray) -> np.ndarray:
        return np.asarray(booked(jnp.asarray(theta)))

    straightened = jax.jit(lambda theta: model_coordinates(model, theta, data)[0])
    middle = registered(np.zeros(len(names)))
    for name, which in (("completeness_normal", [0]), ("completeness_crisis", [1]),
                        ("birth_completeness", [0, 2])):  # fmt: skip
        for step in (-0.7, 0.7):
            theta = np.zeros(len(names))
            theta[names.index(name)] = step
            straight = np.abs(registered(np.asarray(straightened(theta))) - middle)[which]
            unbent = np.abs(registered(theta) - middle)[which]
            assert unbent.max() > 0.04, name
            assert straight.max() < 0.1 * unbent.max(), name
