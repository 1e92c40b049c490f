"""Simulation-based calibration: truths drawn from the model's own prior, records from its own likelihood.

Where truth, records and estimate follow one model, the rank of the truth among the draws is even. It tries
the sampler and the code, not whether the model fits the world.

References
----------
talts2018
"""

from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.numerics.random_streams import stream
from dearth.population import registration_process
from dearth.reconstruction.expected_records import all_counts, expected_registration
from dearth.reconstruction.likelihood import count_noise
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.problem_data import Data
from dearth.trials.estimator import Estimator, compared, given_data
from dearth.trials.trial_plan import Replicate

Floats = NDArray[np.float64]


def simulated(made: Estimator, r: Replicate) -> tuple[Data, dict[str, float]]:
    """Return the sampler's data drawn from the prior, of the shape of a replicate's, and the true quantities.

    The people of the start, their pattern of mortality and the records available are the replicate's own.
    """
    given = given_data(made.tier, made.model, r.records(), made.like)
    rng = stream(r.seed, "calibration", str(r.number))
    theta = jnp.asarray(rng.standard_normal(made.model.unknowns.size))
    drawn = {**given, "figures": _figures(made.model, theta, given, rng)}
    truth = compared(made.kept(theta, drawn))
    return made.shaped(drawn), {name: float(value) for name, value in truth.items()}


def _figures(model: Model, theta: Any, given: Data, rng: np.random.Generator) -> dict[str, Any]:
    """Return figures drawn from the likelihood at unknowns `theta`."""
    u = model.named(theta, given)
    h = model.histories(u, given)
    expected = expected_registration(model, u, h) | {"total_fertility": h["fertility"]}
    figures, spec = dict(given["figures"]), model.layout.spec

    def noisy(mean: Any, sd: Any, like: Any) -> Floats:
        drawn = np.asarray(mean) * np.exp(np.asarray(sd) * rng.standard_normal(np.shape(mean)))
        return np.where(np.isfinite(like), drawn, np.nan)

    for name in ("deaths", "births"):
        if name in model.layout.held:
            sd = count_noise(model, expected[name], u[f"{name}_noise"])
            figures[name] = noisy(expected[name], sd, figures[name])
    for name, sd in (("stocks", spec.stocks_sd), ("total_fertility", spec.total_fertility_sd)):
        figures[name] = noisy(expected[name], sd, figures[name])
    figures["counted"] = tuple(
        noisy(mean, registration_process.count_error(census.spec.group_sd, mean), np.ones(mean.shape))
        for census, (mean, _) in zip(model.layout.censuses, all_counts(model, h, u), strict=True)
    )
    return figures
