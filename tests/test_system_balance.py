"""Grain and people are conserved in every place and month, whatever is switched on or off."""

from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.system.order_of_month import GROUPS, ORDER
from dearth.system.run import simulate
from system_world import ERRORS, between, covering, inputs, valley, with_strengths


def worst(scenario: Any, strengths: np.ndarray, dtype: Any, batch: int = 32) -> dict[str, float]:
    """Return the largest relative errors over runs with strengths [run, mechanism]."""
    base, fixed, tables, group = inputs(scenario, dtype)

    def one(row: Any) -> Any:
        _, found = simulate(base, with_strengths(fixed, row), tables, group)
        finite = jnp.stack([jnp.isfinite(v).all() for v in found.values()]).all()
        return {name: jnp.max(found[name]) for name in ERRORS} | {"finite": finite}

    program = jax.jit(jax.vmap(one))  # of one batch: the same program however many batches there are
    runs = len(strengths)
    padded = np.concatenate([strengths, strengths[:1].repeat(-runs % batch, axis=0)])
    parts = [program(jnp.asarray(rows, dtype)) for rows in padded.reshape(-1, batch, len(ORDER))]
    assert all(bool(part.pop("finite").all()) for part in parts), "a run holds a number that is none"
    return {name: max(float(part[name].max()) for part in parts) for name in ERRORS}


def test_every_combination_of_cause_groups() -> None:
    switches = np.array(list(product((0.0, 1.0), repeat=len(GROUPS))))
    columns = [GROUPS.index(m.group) if m.group else -1 for m in ORDER]
    ones = np.ones((len(switches), 1))
    strengths = np.concatenate([switches, ones], axis=1)[:, columns]
    with jax.enable_x64(True):
        found = worst(between(1910, 1912), strengths, jnp.float64)
    assert max(found.values()) < 1e-9, found


def test_pairs_of_single_mechanisms_and_strengths_between() -> None:
    switches = covering(len(ORDER))
    random = np.random.default_rng(1).random(switches.shape)
    rows = np.concatenate([switches, random, 1 - np.eye(len(ORDER))])
    with jax.enable_x64(True):
        found = worst(between(1910, 1912), rows, jnp.float64)
    assert max(found.values()) < 1e-9, found


def test_single_precision_over_all_years_with_each_mechanism_off() -> None:
    rows = np.concatenate([np.ones((1, len(ORDER))), 1 - np.eye(len(ORDER))])
    found = worst(valley(), rows, jnp.float32, batch=14)
    assert max(found.values()) < 1e-5, found


def test_a_famine_that_kills_nearly_everyone_and_places_with_nobody_or_no_grain() -> None:
    scenario = between(1910, 1912)
    places = list(scenario.places)
    places[0] = places[0].model_copy(update={"people": 0})
    places[1] = places[1].model_copy(update={"yield_kg_ha": 0})
    places[2] = places[2].model_copy(update={"land_ha": 0})
    scenario = scenario.model_copy(update={"places": tuple(places)})
    everywhere = tuple(p.model_copy(update={"yield_kg_ha": 0}) for p in scenario.places)
    stocks = scenario.opening.model_copy(update={"granary_rations": 0.0, "store_share": 0.0})
    dead = scenario.model_copy(update={"places": everywhere, "opening": stocks})
    # one program serves both: shapes are the same
    program = jax.jit(simulate)
    for made in (scenario, dead):
        _, found = program(*inputs(made, jnp.float32))
        assert all(np.isfinite(v).all() for v in found.values())
        assert max(float(found[name].max()) for name in ERRORS) < 1e-5
    # wild plants feed less than one in a hundred
    assert float(found["population"][-1].sum()) < 0.01 * float(found["population"][0].sum())
    assert float(found["deaths"].sum()) > 60000
