"""The sampler's straight coordinates: they keep volume, and what the records hold stays along them."""

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
from dearth.reconstruction.reparameterisation import LEVELS, bent

MOVED = {*LEVELS, "shock_year", "fertility_level"}


@pytest.fixture(autouse=True)
def _double() -> object:
    with jax.enable_x64(True):
        yield


def problem(name: str, at: int) -> tuple[Model, Any]:
    case = load(name)
    given = read_inputs(case)
    model = Model(given.layout)
    return model, one(scenario_data(case, given, model)[1], at)


def places(model: Model, names: set[str]) -> np.ndarray:
    return np.array([i for i, name in enumerate(model.own.names()) if name.split("[")[0] in names])


@pytest.mark.parametrize("name", ["china-1958", "finland-1866"])
def test_the_shears_keep_volume_and_move_four_blocks_alone(name: str) -> None:
    model, data = problem(name, 0)
    theta = jax.random.normal(jax.random.key(1), (model.unknowns.size,))
    square = np.asarray(jax.jit(jax.jacfwd(lambda x: bent(model, x, data)))(theta))
    assert np.linalg.det(square) == pytest.approx(1, abs=1e-9)
    at = places(model, MOVED)
    moved = np.asarray(bent(model, theta, data) - theta)
    assert np.delete(moved, at) == pytest.approx(0)
    assert np.abs(moved[at]).max() > 0.01


def test_the_sum_of_deaths_of_children_and_adults_stays_where_their_levels_part() -> None:
    model, data = problem("finland-1866", 0)
    figures = data["figures"]
    weights = np.asarray(figures["mortality"] * figures["start"])
    child = float((weights * CHILD).sum() / weights.sum())
    at = [model.own.names().index(name) for name in LEVELS]

    straightened = jax.jit(lambda theta: bent(model, theta, data))
    named = jax.jit(lambda theta: model.named(theta, data))

    def deaths(theta: np.ndarray) -> float:
        u = named(jnp.asarray(theta))
        return float(child * jnp.exp(u[LEVELS[0]]) + (1 - child) * jnp.exp(u[LEVELS[1]]))

    # along the straight direction that keeps the linear sum of levels, the sum of deaths stays
    sds = np.array([float(data["priors"][name][1]) for name in LEVELS])
    along = np.zeros(model.unknowns.size)
    along[at] = np.array([1 - child, -child]) / sds
    found = [deaths(np.asarray(straightened(step * along))) for step in (-1, 0, 0.5, 1)]
    assert found == pytest.approx([found[1]] * 4, rel=1e-12)
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

    straightened = jax.jit(lambda theta: bent(model, theta, data))
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
