"""The sampler's straight coordinates: they keep volume, and the sum of deaths at the first people."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.case.read import load
from dearth.reconstruction.fit import one, scenario_data
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.population_model import CHILD, Model
from dearth.reconstruction.reparameterisation import LEVELS, bent


def test_the_shear_keeps_volume_and_the_sum_of_deaths() -> None:
    with jax.enable_x64(True):
        case = load("finland-1866")
        model = Model(read_inputs(case))
        data = one(scenario_data(case, model)[1], 0)
        records = model.given.records
        weights = records.mortality * records.start
        child = float((weights * CHILD).sum() / weights.sum())
        names = model.own.names()
        at = [names.index(name) for name in LEVELS]

        def deaths(theta: np.ndarray) -> float:
            u = model.named(jnp.asarray(theta), data)
            return float(child * jnp.exp(u[LEVELS[0]]) + (1 - child) * jnp.exp(u[LEVELS[1]]))

        theta = np.asarray(jax.random.normal(jax.random.key(1), (model.unknowns.size,)))
        square = jax.jit(jax.jacobian(lambda x: bent(model, x, data)))(jnp.asarray(theta))
        assert np.linalg.det(np.asarray(square)) == pytest.approx(1, abs=1e-9)
        assert np.delete(np.asarray(bent(model, jnp.asarray(theta), data)), at) == pytest.approx(
            np.delete(theta, at)
        )
        # along the straight direction that keeps the linear sum of levels, the sum of deaths stays
        sds = np.array([model.priors[name].sd for name in LEVELS])
        along = np.zeros_like(theta)
        along[at] = np.array([1 - child, -child]) / sds
        found = [deaths(np.asarray(bent(model, jnp.asarray(step * along), data))) for step in (-1, 0, 0.5, 1)]
        assert found == pytest.approx([found[1]] * 4, rel=1e-12)
        assert deaths(1 * along) > 1.05 * found[1]  # unbent, it does not
