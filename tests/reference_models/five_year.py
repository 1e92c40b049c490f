"""Reconstruction of women in five-year steps: the model of Wheldon, Raftery, Clark & Gerland (2013).

Only comparisons with the published example use this model; the package has no model in five-year steps.

Initial estimates of fertility, survival, migration and the first counts each carry an error. The variance of
that error is unknown too. Later censuses see the projected counts with the variance of the first counts.
Source: JASA 108(501), doi:10.1080/01621459.2012.737729. Here the parameters are non-centred, and the sampler
uses paths of random length.
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.numerics.hmc import Draws, Sampler, Settings
from dearth.population.projection import project

Floats = NDArray[np.float64]
GROUPS = ("fertility", "survival", "migration", "counts")
VARIANCE_SHAPE = 1.0  # inverse gamma, as in the source
VARIANCE_SCALE = {"fertility": 0.0109, "survival": 0.0109, "migration": 0.0436, "counts": 0.0109}


@dataclass(frozen=True)
class FiveYear:
    """Initial estimates and censuses; ages in five-year groups along the last axis, the last one open.

    Parameters
    ----------
    counts
        Women at the start [age].
    fertility
        Births per woman-year [period, age].
    survival
        Proportions over five years [period, age + 1]: newborn first, last within the open group.
    migration
        Net migrants of the period over women at its start [period, age].
    census
        Women counted [census, age].
    census_at
        Which end of period each census stands at, 1 for the end of the first [census].
    sex_ratio
        Boys per girl at birth.
    """

    counts: Floats
    fertility: Floats
    survival: Floats
    migration: Floats
    census: Floats
    census_at: tuple[int, ...]
    sex_ratio: float = 1.05

    def __post_init__(self) -> None:
        periods, ages = self.migration.shape
        expected = {
            "counts": (ages,), "fertility": (periods, ages), "survival": (periods, ages + 1),
            "census": (len(self.census_at), ages),
        }  # fmt: skip
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, not {shape}")
        if not ((self.survival > 0) & (self.survival < 1)).all():
            raise ValueError("survival holds proportions outside 0-1")
        if not (self.counts > 0).all() or not (self.census > 0).all():
            raise ValueError("counts and census must be above 0")


class _Model:
    """Where the unknowns lie in theta, and what follows from them."""

    def __init__(self, given: FiveYear) -> None:
        self.given = given
        self.fertile = np.flatnonzero(given.fertility.any(axis=0))
        periods = given.fertility.shape[0]
        sizes = (periods * len(self.fertile), given.survival.size, given.migration.size, given.counts.size, 4)
        self.ends = np.cumsum(sizes)
        self.dimension = int(self.ends[-1])

    def parts(self, theta: Any) -> tuple[Any, ...]:
        """Return fertility, survival, migration, first counts and the four log variances."""
        given, periods = self.given, self.given.fertility.shape[0]
        f, s, m, n, spread = jnp.split(theta, self.ends[:-1])
        sd = jnp.exp(spread / 2)
        rates = given.fertility[:, self.fertile] * jnp.exp(sd[0] * f.reshape(periods, -1))
        first, last = self.fertile[0], self.fertile[-1] + 1
        fertility = jnp.pad(rates, ((0, 0), (first, given.counts.size - last)))
        logit = np.log(given.survival / (1 - given.survival))
        survival = jax.nn.sigmoid(logit + sd[1] * s.reshape(logit.shape))
        migration = given.migration + sd[2] * m.reshape(given.migration.shape)
        return fertility, survival, migration, given.counts * jnp.exp(sd[3] * n), spread

    def project(self, theta: Any) -> tuple[Any, Any]:
        """Return stocks [period + 1, age] and migrants [period, age]."""
        fertility, survival, migration, counts, _ = self.parts(theta)
        girls = 1 / (1 + self.given.sex_ratio)
        stocks, done = project(counts[None], survival[:, None], fertility, migration[:, None], girls, 5.0)
        return stocks[:, 0], done.migrants[:, 0]

    def log_density(self, theta: Any, census: Any) -> Any:
        spread = theta[-4:]
        scale = np.array([VARIANCE_SCALE[group] for group in GROUPS])
        prior = -0.5 * (theta[:-4] ** 2).sum()
        prior += (-VARIANCE_SHAPE * spread - scale * jnp.exp(-spread)).sum()
        seen = self.project(theta)[0][np.array(self.given.census_at)]
        apart = (jnp.log(census) - jnp.log(jnp.maximum(seen, 1e-3))) ** 2
        return prior - 0.5 * (apart.sum() * jnp.exp(-spread[3]) + apart.size * spread[3])

    def observe(self, theta: Any, census: Any) -> dict[str, Any]:
        fertility, survival, _, _, spread = self.parts(theta)
        stocks, migrants = self.project(theta)
        return {
            "tfr": 5 * fertility.sum(-1), "e0": life_expectancy(survival), "women": stocks.sum(-1),
            "net_migration": migrants.sum(-1), "error_sd": jnp.exp(spread / 2),
        }  # fmt: skip


def life_expectancy(survival: Any, width: float = 5.0) -> Any:
    """Return the mean years lived in the stationary population of `survival` [..., age + 1]."""
    alive = survival[..., :-1].cumprod(-1)
    return width * (alive.sum(-1) + alive[..., -1] * survival[..., -1] / (1 - survival[..., -1]))


def sampler(given: FiveYear, settings: Settings) -> Sampler:
    """Return the sampler, compiled at its first use; its data are censuses [problem, census, age]."""
    model = _Model(given)
    return Sampler(model.log_density, model.observe, settings)


def starts(given: FiveYear, settings: Settings, problems: int = 1) -> Any:
    """Return chains that start spread around the initial estimates [problem, chain, dimension]."""
    model = _Model(given)
    key = jax.random.key(settings.seed + 1)
    theta = 0.3 * jax.random.normal(key, (problems, settings.chains, model.dimension))
    return theta.at[..., -4:].add(np.log(0.01))


def reconstruct(given: FiveYear, settings: Settings) -> Draws:
    """Sample the posterior of total fertility, life expectancy, net migrants and women by period."""
    return sampler(given, settings).sample(starts(given, settings), jnp.asarray(given.census)[None])
