"""One compile step: the density, its gradient and the sampler of a model, for whoever fits it.

The whole of a case, its places, the fits without a source, trials and calibrations all come here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.numerics.hmc import Sampler, Settings
from dearth.numerics.laplace import laplace
from dearth.reconstruction.likelihood import log_density
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.problem_data import Data
from dearth.reconstruction.reparameterisation import model_coordinates, warps
from dearth.reconstruction.unknown_labels import labels

Array = Any
Floats = NDArray[np.float64]
Kept = Callable[[Array, Mapping[str, Any]], dict[str, Array]]
AT_ONCE = 8  # gradients taken together: the intermediate arrays then stay in the processor's cache


@dataclass(frozen=True)
class Compiled:
    """A model whose programs are compiled once, for all data of its layout.

    Attributes
    ----------
    sampler : moves in unknowns in which the posterior is about round; keeps `kept` of every draw
    values, slopes : log densities of points [point, unknown] in straight coordinates, and their gradients
    """

    model: Model
    sampler: Sampler
    values: Any
    slopes: Any

    def shaped(self, problems: Data) -> Data:
        """Return the data of a stack of problems with where each posterior lies and how it is stretched."""
        held = [i for i, name in enumerate(labels(self.model)) if name.endswith("_noise")]
        found = []
        for at in range(len(problems["same_completeness"])):
            mine = {**one(problems, at), "warp": np.zeros(self.model.unknowns.size)}
            centre, factor = self._laplace(mine, held)
            spread = np.sqrt((factor**2).sum(1))
            mine["warp"] = warps(self.model, mine, centre, spread)
            found.append((mine["warp"], *self._laplace(mine, held)))
        warped, centres, factors = (jnp.array(part) for part in zip(*found, strict=True))
        return {**problems, "warp": warped, "centre": centres, "factor": factors}

    def _laplace(self, mine: Data, held: list[int]) -> tuple[Floats, Floats]:
        return laplace(partial(self.values, mine), partial(self.slopes, mine), self.model.unknowns.size, held)

    def keeping(self, names: Sequence[str], kept: Kept) -> "Compiled":
        """Return the same model with a sampler that keeps fewer quantities of a draw."""

        def few(theta: Array, data: Mapping[str, Any]) -> dict[str, Array]:
            found = kept(theta, data)
            return {name: found[name] for name in names}

        sampler = _sampler(self.model, few, self.sampler.settings)
        return Compiled(self.model, sampler, self.values, self.slopes)


def compiled(model: Model, kept: Kept, settings: Settings) -> Compiled:
    """Return the programs of a model; they are compiled when first used.

    Parameters
    ----------
    kept
        From standard unknowns and data to what is kept of a draw.
    """

    def straight(point: Array, mine: Data) -> Array:
        return _density(model, point, mine)

    def slopes(mine: Data, points: Array) -> Array:
        return jax.lax.map(jax.grad(partial(straight, mine=mine)), points, batch_size=AT_ONCE)

    values = jax.jit(lambda mine, points: jax.vmap(partial(straight, mine=mine))(points))
    return Compiled(model, _sampler(model, kept, settings), values, jax.jit(slopes))


def _sampler(model: Model, kept: Kept, settings: Settings) -> Sampler:
    def straight(z: Array, d: Data) -> Array:
        return d["centre"] + d["factor"] @ z

    return Sampler(
        lambda z, d: _density(model, straight(z, d), d),
        lambda z, d: kept(model_coordinates(model, straight(z, d), d)[0], d),
        settings,
    )


def _density(model: Model, point: Array, mine: Data) -> Array:
    """Return the log density at a point in straight coordinates."""
    theta, volume = model_coordinates(model, point, mine)
    return log_density(model, theta, mine) + volume


def one(data: Data, at: int) -> Data:
    """Return the data of one problem of a stack."""
    chosen: Data = jax.tree.map(lambda part: part[at], data)
    return chosen


def some(data: Data, first: int, last: int | None = None) -> Data:
    """Return the data of the problems from `first` up to `last`, by default of one."""
    chosen: Data = jax.tree.map(lambda part: part[first : first + 1 if last is None else last], data)
    return chosen
