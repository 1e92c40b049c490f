"""Posteriors by the No-U-Turn sampler of NumPyro: other authors, other code, the same log density."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from numpyro.infer import MCMC, NUTS

Array = Any


def sample(
    log_density: Callable[[Array], Array], start: Array, warmup: int, draws: int, seed: int = 0
) -> Array:
    """Return draws [chain, draw, dimension] of `log_density` from `start` [chain, dimension]."""
    kernel = NUTS(potential_fn=lambda theta: -log_density(theta), dense_mass=True, target_accept_prob=0.9)
    chains = MCMC(
        kernel,
        num_warmup=warmup,
        num_samples=draws,
        num_chains=start.shape[0],
        chain_method="vectorized",
        progress_bar=False,
    )
    chains.run(jax.random.key(seed), init_params=start)
    return np.asarray(chains.get_samples(group_by_chain=True))
