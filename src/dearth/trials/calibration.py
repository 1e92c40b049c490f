"""Simulation-based calibration: truths drawn from the estimator's own prior, records from its own likelihood.

Where truth, records and estimate follow one model, the rank of the truth among the draws is even (Talts and
others 2018, arXiv:1804.06788). It tries the sampler and the code, not whether the model fits the world.
"""

from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.numerics.random_streams import stream
from dearth.population import registration_process
from dearth.trials.estimator import QUANTITIES, Data, Estimator, expected_of, given_data, seen_of
from dearth.trials.trial_plan import Replicate

Floats = NDArray[np.float64]


def simulated(made: Estimator, r: Replicate) -> tuple[Data, dict[str, float]]:
    """Return the sampler's data drawn from the prior, of the shape of a replicate's, and the true quantities.

    The people of the start, their pattern of mortality and what is held are the replicate's own.
    """
    model, given = made.model, given_data(made.tier, made.model, r.records())
    rng = stream(r.seed, "calibration", str(r.number))
    theta = jnp.asarray(rng.standard_normal(model.unknowns.size))
    expected = expected_of(model, theta, given)
    u, spec = expected["u"], model.given.spec
    held = dict(given["records"])

    def noisy(mean: Any, sd: Any, like: Any) -> Floats:
        drawn = np.asarray(mean) * np.exp(np.asarray(sd) * rng.standard_normal(np.shape(mean)))
        return np.where(np.isfinite(like), drawn, np.nan)

    for name in ("deaths", "births"):
        sd = np.sqrt(u[f"{name}_noise"] ** 2 + 1 / expected[name])
        held[name] = noisy(expected[name], sd, held[name])
    held["stocks"] = noisy(expected["stocks"], spec.stocks_sd, held["stocks"])
    held["total_fertility"] = noisy(expected["fertility"], spec.total_fertility_sd, held["total_fertility"])
    counted = tuple(
        noisy(mean, registration_process.count_error(census.spec.group_sd, mean), np.ones(mean.shape))
        for census, mean in zip(model.given.censuses, expected["counts"], strict=True)
    )
    drawn = {**given, "records": held, "counted": counted}
    truth = seen_of(model, theta, drawn)
    return made.shaped(drawn), {name: float(truth[name]) for name in QUANTITIES}
