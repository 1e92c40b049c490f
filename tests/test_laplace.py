"""The first guess of a posterior: exact for a Gaussian, at the mode of a bent ridge, held where asked."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.numerics.laplace import laplace


def guess(density: object, size: int, held: tuple[int, ...] = ()) -> tuple[np.ndarray, np.ndarray]:
    with jax.enable_x64(True):
        values, slopes = jax.jit(jax.vmap(density)), jax.jit(jax.vmap(jax.grad(density)))  # type: ignore[arg-type]
        return laplace(values, slopes, size, held)


def test_a_gaussian_is_found_exactly() -> None:
    rng = np.random.default_rng(1)
    root = rng.normal(size=(5, 5))
    precision, centre = root @ root.T + np.eye(5), rng.normal(size=5)
    mode, factor = guess(lambda x: -0.5 * (x - centre) @ precision @ (x - centre), 5)
    assert mode == pytest.approx(centre, abs=1e-6)
    assert factor @ factor.T == pytest.approx(np.linalg.inv(precision), abs=1e-6)


def test_the_mode_of_a_bent_ridge_is_reached() -> None:
    # a valley of Rosenbrock's form, too bent for plain Newton steps; mode at (1, 1), prior about it weak
    mode, _ = guess(lambda x: -200 * (x[1] - x[0] ** 2) ** 2 - 0.5 * (1 - x[0]) ** 2, 2)
    assert mode == pytest.approx([1, 1], abs=0.05)


def test_what_is_held_stays_at_its_prior() -> None:
    mode, factor = guess(lambda x: -0.5 * ((x[0] - 3 * x[1] - 2) ** 2 + (x[1] - 5) ** 2), 2, held=(1,))
    assert mode == pytest.approx([2, 0], abs=1e-6)
    assert factor @ factor.T == pytest.approx(np.eye(2), abs=1e-6)


def test_curvature_never_falls_below_its_floor() -> None:
    _, factor = guess(lambda x: -0.5 * x[0] ** 2 + jnp.cos(0 * x[1]), 2)
    assert np.linalg.eigvalsh(factor @ factor.T).max() == pytest.approx(1 / 0.3)
