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


@pytest.mark.parametrize("rho", [-0.5, -0.3, 0.0, 0.5, 0.9])
def test_effective_size_of_an_autoregression(rho: float) -> None:
    # the mean of ten runs has a smaller error than one run
    found = [convergence(autoregressive(rho, seed=seed)) for seed in range(10)]
    known = 8 * 4000 * (1 - rho) / (1 + rho)
    assert np.mean([f.ess_bulk for f in found]) == pytest.approx(known, rel=0.04)
    assert max(f.rhat for f in found) < 1.01
    assert all(0 < f.ess_tail < 8 * 4000 * 1.3 for f in found)


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


def test_many_quantities_are_the_quantities_one_by_one() -> None:
    draws = np.random.default_rng(3).normal(size=(4, 200, 5)).cumsum(axis=1)
    together = convergence(draws)
    for at in range(5):
        alone = convergence(draws[..., at])
        assert [float(x) for x in alone] == pytest.approx([float(x[at]) for x in together])


def test_shapes_and_refusals() -> None:
    draws = np.random.default_rng(0).normal(size=(4, 100, 2, 3))
    draws[..., 0, 0] = 1.0
    found = convergence(draws)
    assert found.rhat.shape == (2, 3)
    assert np.isnan(found.rhat[0, 0])
    assert np.isfinite(found.ess_tail).sum() == 5
    with pytest.raises(ValueError, match=r"shape \(4, 3\)"):
        convergence(draws[:, :3, 0, 0])
    with pytest.raises(ValueError, match=r"shape \(1, 100\)"):
        convergence(draws[:1, :, 0, 0])
    draws[0, 0, 1, 1] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        convergence(draws)
