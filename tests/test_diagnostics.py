"""Convergence diagnostics against chains whose effective size is known."""

import numpy as np
import pytest

from dearth.numerics.diagnostics import convergence


def autoregressive(rho: float, chains: int = 8, length: int = 4000, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(chains, length))
    out = np.empty_like(noise)
    out[:, 0] = noise[:, 0]
    for t in range(1, length):
        out[:, t] = rho * out[:, t - 1] + np.sqrt(1 - rho**2) * noise[:, t]
    return out


@pytest.mark.parametrize("rho", [-0.3, 0.0, 0.5, 0.9])
def test_effective_size_of_an_autoregression(rho: float) -> None:
    found = convergence(autoregressive(rho))
    assert found.ess_bulk == pytest.approx(8 * 4000 * (1 - rho) / (1 + rho), rel=0.12)
    assert found.rhat < 1.01
    assert 0 < found.ess_tail < 8 * 4000 * 1.3


def test_chains_apart_in_place_or_in_width_are_seen() -> None:
    draws = autoregressive(0.0, chains=4, length=500)
    apart, wide = draws.copy(), draws.copy()
    apart[0] += 1
    wide[0] *= 3
    assert convergence(draws).rhat < 1.01
    assert convergence(apart).rhat > 1.05
    assert convergence(wide).rhat > 1.05


def test_ranks_do_not_care_about_the_scale() -> None:
    draws = autoregressive(0.3, length=600)
    plain, bent = convergence(draws), convergence(np.exp(3 * draws))
    assert bent.ess_bulk == pytest.approx(float(plain.ess_bulk))


def test_shapes_and_refusals() -> None:
    draws = np.random.default_rng(0).normal(size=(4, 100, 2, 3))
    draws[..., 0, 0] = 1.0
    found = convergence(draws)
    assert found.rhat.shape == (2, 3)
    assert np.isnan(found.rhat[0, 0])
    assert np.isfinite(found.ess_tail).sum() == 5
    with pytest.raises(ValueError, match=r"shape \(4, 3\)"):
        convergence(draws[:, :3, 0, 0])
    draws[0, 0, 1, 1] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        convergence(draws)
