"""What a sampler takes as its data: figures, priors and the evidence sources in use."""

from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.reconstruction.figures import Figures
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.scenarios import Registration

Data = dict[str, Any]


def problem_data(
    model: Model, figures: Figures, registration: Registration, sources: Iterable[float], place: str = ""
) -> Data:
    """Return the sampler's data of one problem: figures, priors, and the evidence sources in use.

    Parameters
    ----------
    place : the place under study, which no learned prior may know of
    sources : 1 for each of `likelihood.EVIDENCE_SOURCES` in use, else 0
    """
    return {
        "figures": figures.tree(), "sources_used": np.array(list(sources), float), **registration.data(),
        **model.prior_data(place),
    }  # fmt: skip


def stacked(problems: Iterable[Data]) -> Data:
    """Return the data of several problems along a first axis."""
    found: Data = jax.tree.map(lambda *parts: jnp.stack([jnp.asarray(p, float) for p in parts]), *problems)
    return found
