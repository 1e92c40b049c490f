"""The sampler on targets whose moments are known, and the published reconstruction."""

import sys
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from conftest import SHARED
from dearth.numerics.diagnostics import convergence
from dearth.numerics.hmc import Sampler, Settings

SCALES = np.array([0.01, 1.0, 30.0])


def gaussian(theta: jnp.ndarray, data: jnp.ndarray) -> jnp.ndarray:
    z = (theta - data) / SCALES
    return -0.5 * (z[0] ** 2 + z[1] ** 2 + z[2] ** 2 + (z[0] - z[1]) ** 2)


def sampler(**more: int) -> Sampler:
    return Sampler(gaussian, lambda theta, _: theta, Settings(chains=16, warmup=300, draws=600, **more))


def test_moments_of_two_gaussians_at_once() -> None:
    centres = jnp.array([[0.0, 0.0, 0.0], [1.0, -2.0, 50.0]])
    made = sampler().sample(jnp.zeros((2, 16, 3)) + centres[:, None], centres)
    assert (made.divergences == 0).all()
    for problem in range(2):
        seen = made.seen[problem].reshape(-1, 3).astype(float)
        spread = SCALES * np.sqrt([2 / 3, 2 / 3, 1])
        assert np.abs((seen.mean(0) - centres[problem]) / spread).max() < 0.06
        assert seen.std(0) == pytest.approx(spread, rel=0.04)
        found = convergence(made.seen[problem].astype(float))
        assert found.rhat.max() < 1.01
        assert found.ess_bulk.min() > 2000


def test_same_seed_same_numbers_and_another_seed_others() -> None:
    theta, data = jnp.zeros((1, 16, 3)), jnp.zeros((1, 3))
    first, again = (sampler(seed=3).sample(theta, data).seen for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, sampler(seed=4).sample(theta, data).seen)


def test_a_start_without_density_is_refused() -> None:
    theta = jnp.zeros((1, 16, 3)).at[0, 5].set(jnp.inf)
    with pytest.raises(ValueError, match="where chain 5 of problem 0 starts"):
        sampler().sample(theta, jnp.zeros((1, 3)))


def reference_run(draws: int) -> dict[str, float]:
    folder = SHARED / "evidence" / "burkina_faso"
    if not folder.is_dir():
        pytest.skip("the Burkina Faso tables are not beside this project")
    sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
    from reconstruction import burkina_faso, target_check

    from reference_models.five_year import reconstruct

    made = reconstruct(burkina_faso(folder), Settings(chains=64, warmup=600, draws=draws, steps=(10, 30)))
    return target_check(folder, made)


def test_burkina_faso_in_short() -> None:
    found = reference_run(100)
    assert found["effective_draws"] > 2000
    assert found["max_mean_error_sd"] < 0.1
    assert found["max_width_error"] < 0.1


@pytest.mark.slow
def test_burkina_faso_by_the_pass_rule() -> None:
    found = reference_run(1500)
    assert found["effective_draws"] > 40_000
    assert found["max_mean_error_sd"] < 0.05
    assert found["max_width_error"] < 0.03


def test_a_run_extended_twice_is_the_same_and_longer() -> None:
    theta, data = jnp.zeros((1, 16, 3)), jnp.zeros((1, 3))
    made = sampler(seed=3)
    first = made.sample(theta, data)
    longer, again = (made.extend(first, data) for _ in range(2))
    np.testing.assert_array_equal(longer.seen, again.seen)
    np.testing.assert_array_equal(longer.seen[:, :, :600], first.seen)
    assert longer.seen.shape == (1, 16, 1200, 3)
    assert longer.diverged.shape == (1, 16, 1200)
    assert longer.done == first.done + 600
    assert not np.array_equal(longer.seen[:, :, 600:], first.seen)
    assert made.extend(longer, data).seen.shape[2] == 1800
    assert 0.5 < longer.acceptance[0] < 1


def test_divergences_are_marked_where_they_happen() -> None:
    def cliff(theta: jnp.ndarray, data: jnp.ndarray) -> jnp.ndarray:
        return -0.5 * (theta**2).sum() - 1e7 * jnp.maximum(theta[0] - 1, 0) ** 2

    settings = Settings(chains=8, warmup=200, draws=300, target=0.6)
    made = Sampler(cliff, lambda theta, _: theta, settings).sample(jnp.zeros((1, 8, 2)), jnp.zeros((1, 1)))
    assert made.divergences[0] == made.diverged[0].sum() > 0
    seen, refused = made.seen[0], made.diverged[0][:, 1:]
    np.testing.assert_array_equal(seen[:, 1:][refused], seen[:, :-1][refused])  # a refused path began there
