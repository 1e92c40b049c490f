"""The sampler against others: a published reference posterior, and NumPyro's on the reconstruction itself."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.case.read import load
from dearth.numerics.diagnostics import convergence
from dearth.numerics.hmc import Sampler, Settings
from dearth.reconstruction.compiled import one
from dearth.reconstruction.fit import SETTINGS, fit
from dearth.reconstruction.generated_quantities import observe
from dearth.reconstruction.likelihood import log_density
from reference_models.nuts import sample

# Rubin (1981), Journal of Educational Statistics 6(4), table 1: effects of coaching in eight schools
EFFECTS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
ERRORS = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
# the reference posterior of posteriordb (Magnusson and others 2025), `eight_schools_noncentered`: the
# schools, their mean, their standard deviation; and the Monte Carlo errors of these means
MEANS = [6.15050229, 4.93958114, 3.90590609, 4.79601675, 3.61443632, 4.05114758, 6.31716976, 4.88399694,
         4.41051834, 3.60205952]  # fmt: skip
MEANS_ERRORS = [0.0557, 0.0462, 0.0542, 0.0475, 0.0461, 0.0485, 0.0499, 0.0543, 0.0330, 0.0319]


def eight_schools(theta: Any, _: Any = None) -> Any:
    """Log density, non-centred: mean ~ normal(0, 5), log of a standard deviation ~ half-Cauchy(0, 5)."""
    log_sd = theta[1]
    prior = -0.5 * (theta[0] ** 2 + (theta[2:] ** 2).sum()) + log_sd - jnp.log1p((jnp.exp(log_sd) / 5) ** 2)
    return prior - 0.5 * (((EFFECTS - schools(theta)) / ERRORS) ** 2).sum()


def schools(theta: Any) -> Any:
    return 5 * theta[0] + jnp.exp(theta[1]) * theta[2:]


def error(draws: np.ndarray) -> float:
    """Return the Monte Carlo error of the mean of draws [chain, draw]."""
    return float(draws.std() / np.sqrt(float(convergence(draws).ess_bulk)))


def named(theta: Any, _: Any = None) -> Any:
    return jnp.concatenate([schools(theta), 5 * theta[:1], jnp.exp(theta[1:2])])


def test_eight_schools() -> None:
    settings = Settings(chains=16, warmup=400, draws=1000, steps=(5, 20), target=0.9)
    made = Sampler(eight_schools, named, settings)
    ours = made.sample(jnp.zeros((1, 16, 10)), jnp.zeros((1, 1))).seen[0].astype(float)
    start = 0.1 * jax.random.normal(jax.random.key(2), (4, 10))
    nuts = sample(eight_schools, start, warmup=500, draws=2500)
    theirs = np.asarray(jax.vmap(jax.vmap(named))(nuts), float)
    for at, (mean, its_error) in enumerate(zip(MEANS, MEANS_ERRORS, strict=True)):
        for draws in (ours[..., at], theirs[..., at]):
            assert draws.mean() == pytest.approx(mean, abs=4 * np.hypot(error(draws), its_error))
        assert ours[..., at].std() == pytest.approx(theirs[..., at].std(), rel=0.1)


@pytest.mark.slow
def test_the_posterior_of_the_reconstruction_is_that_of_nuts() -> None:
    """Finland 1866-68, first scenario: the same log density, sampled in other coordinates by other code."""
    fitted = fit(load("finland-1866"), settings=replace(SETTINGS, draws=2000), leave_one_out=False)
    births = fitted.case.settings.birth_windows
    layout, mine = fitted.model.layout, one(fitted.data, 0)
    with jax.enable_x64(True):
        seen = observe(fitted.model, layout.mark(births.deficit), layout.mark(births.recovered))
        start = 0.3 * jax.random.normal(jax.random.key(5), (4, fitted.model.unknowns.size))
        theta = sample(lambda x: log_density(fitted.model, x, mine), start, warmup=1000, draws=1000)
        kept = ("excess", "by_year", "gross", "recovered", "migration", "completeness_normal",
                "completeness_crisis", "birth_completeness")  # fmt: skip
        flat = jax.jit(
            lambda points: jax.lax.map(
                lambda x: {name: seen(x, mine)[name] for name in kept}, points, batch_size=25
            )
        )(theta.reshape(-1, theta.shape[-1]))
    for name in kept:
        ours = np.asarray(fitted.draws.seen[name][0], float)
        ours = ours.reshape(*ours.shape[:2], -1)
        theirs = np.asarray(flat[name], float).reshape(*theta.shape[:2], -1)
        for at in range(ours.shape[-1]):
            one_of, other = ours[..., at], theirs[..., at]
            if one_of.std() < 1e-9 * abs(one_of.mean()):  # fixed by the scenario
                assert other == pytest.approx(one_of.mean())
                continue
            apart = abs(one_of.mean() - other.mean()) / np.hypot(error(one_of), error(other))
            assert apart < 4.5, (name, at)
            assert one_of.std() == pytest.approx(other.std(), rel=0.15), (name, at)
