"""Straight coordinates for curved ridges, in which the sampler moves.

Registered deaths show the product of deaths and completeness, registered births that of births and their
completeness. Without ages of death, only the sum of the deaths of children and adults is known. Births of the
crisis show the sum of their answer to hunger and of what else moved them. Each is a thin curved ridge.
Here an unknown is moved by a function of others alone, so that the straight coordinate is near the log of
what the records contain: the levels of mortality by registered normal deaths, the shock of each crisis year
by the deaths registered in it, the level of fertility by registered births, births of the crisis by their
answer to the shock.

Moving keeps volume. A heavy-tailed unknown is moved in its own units, which stretches its standard unknown:
the log of that stretch is returned beside the unknowns and belongs to the density.
"""

import math
from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from dearth.reconstruction.expected_records import INFANT, completeness, overload
from dearth.reconstruction.population_model import CHILD, Model
from dearth.reconstruction.transforms import standard, stretch, unwarped, warp_of
from dearth.reconstruction.unknowns import SHOCK_GROUPS

Array = Any
Unknowns = Mapping[str, Array]
LEVELS = ("mortality_level_child", "mortality_level_adult")
WARPED = ("completeness_normal", "completeness_crisis", "birth_completeness")
BEFORE = np.zeros(1)  # a year before the crisis


def model_coordinates(model: Model, theta: Array, data: Mapping[str, Any]) -> tuple[Array, Array]:
    """Return the standard unknowns [dimension] at straight coordinates `theta`, and the log volume ().

    The log volume is that of the determinant of the derivative of the unknowns by `theta`.
    """
    theta, share_volume = unwarped(theta, data["warp"])
    u, middle = model.named(theta, data), model.named(jnp.zeros_like(theta), data)
    reference = jnp.log(_normal(model, middle, data).sum())
    shifts = dict.fromkeys(LEVELS, reference - _level(model, u, middle, data))
    shifts["fertility_level"] = jnp.log(_births(middle, BEFORE) / _births(u, BEFORE))[0]
    theta = _moved(model, theta, shifts, data)

    u = model.named(theta, data)
    theta, shock_volume = _shocked(model, theta, reference - _registered_in_crisis(model, u, data), data)

    u = model.named(theta, data)
    if "births" in model.layout.held:
        theta = _moved(model, theta, {"fertility_crisis": _answer(model, u) - _answer(model, middle)}, data)
    return theta, share_volume.sum() + shock_volume


def _level(model: Model, u: Unknowns, middle: Unknowns, data: Mapping[str, Any]) -> Array:
    """Return what registered normal deaths have above the levels of mortality, in logs.

    Both levels are moved by it alike. It depends on their difference: of the sum of the deaths of children
    and adults W exp(a) + (1 - W) exp(b), what exceeds W a + (1 - W) b in the log.
    """
    usual = _normal(model, middle, data)
    child = (usual * CHILD).sum() / usual.sum()
    linear = child * u[LEVELS[0]] + (1 - child) * u[LEVELS[1]]
    return jnp.log(_normal(model, u, data).sum()) - linear


def _normal(model: Model, u: Unknowns, data: Mapping[str, Any]) -> Array:
    """Return normal deaths registered in a year before the crisis, of the first people [sex, age]."""
    return _usual(model, u, data, BEFORE)[0] * completeness(u, BEFORE, np.zeros(1))[0][0]


def _usual(model: Model, u: Unknowns, data: Mapping[str, Any], inside: Array) -> Array:
    """Return normal deaths of the first people [year, sex, age].

    Registered births are available, so there are as many more infants as births are missing.
    """
    rates = data["figures"]["mortality"] * jnp.exp(model.normal_ages(u))
    born = INFANT / _births(u, inside)[:, None, None] + (1 - INFANT)
    return rates * model.people(u, data) * born


def _births(u: Unknowns, inside: Array) -> Array:
    return completeness(u, inside, np.zeros(len(inside)))[1]


def _registered_in_crisis(model: Model, u: Unknowns, data: Mapping[str, Any]) -> Array:
    """Return the log of deaths registered in each crisis year over the size of its shock [crisis year].

    Who dies, and how much of it is registered, hang a little on the size: it is taken where the registered
    deaths of the year put it, which is no unknown.
    """
    inside = np.ones(len(model.crisis))
    usual = _usual(model, u, data, inside)
    plain = (usual * completeness(u, inside, np.zeros(len(inside)))[0]).sum((1, 2))
    size = _seen(model, data) + jnp.log(_normal(model, u, data).sum()) - jnp.log(plain)
    times = jnp.exp(model.shock({**u, "shock_year": size}, data) @ SHOCK_GROUPS)[:, None, :]
    share = completeness(u, inside, overload(size))[0]
    return jnp.log((usual * times * share).sum((1, 2))) - size


def _seen(model: Model, data: Mapping[str, Any]) -> Array:
    """Return the log of registered deaths of each crisis year over those of a quiet year; 0 if missing."""
    deaths = jnp.asarray(data["figures"]["deaths"])
    found = jnp.log(deaths[model.crisis]) - jnp.log(jnp.nanmean(deaths[model.quiet]))
    return jnp.where(jnp.isfinite(found), found, 0.0)


def _answer(model: Model, u: Unknowns) -> Array:
    """Return by how much registered births fell with the shock and their completeness, in logs [year]."""
    inside = np.asarray(model.layout.crisis)
    births = jnp.log(_births(u, inside)) - jnp.log(_births(u, BEFORE))
    return (u["fertility_hunger"] * model.lagged(u["shock_year"]) - births)[model.answering]


def _moved(model: Model, theta: Array, shifts: Mapping[str, Array], data: Mapping[str, Any]) -> Array:
    """Return `theta` with blocks of normal unknowns shifted in their own units."""
    for name, shift in shifts.items():
        places = _places(model, name)
        widths = jnp.asarray(data["by"])[places] * data["priors"][name][1]
        theta = theta.at[places].add(shift / widths)
    return theta


def _shocked(model: Model, theta: Array, shift: Array, data: Mapping[str, Any]) -> tuple[Array, Array]:
    """Return `theta` with the heavy-tailed shocks shifted in their own units, and the log volume."""
    places = _places(model, "shock_year")
    at, by = jnp.asarray(data["at"])[places], jnp.asarray(data["by"])[places]
    _, sd, tail = data["priors"]["shock_year"]
    z = standard(at + by * theta[places] + shift / sd, tail)
    return theta.at[places].set((z - at) / by), -jnp.log(stretch(z, tail)).sum()


def warps(model: Model, data: Mapping[str, Any], centre: Array, spread: Array) -> Array:
    """Return how each share is warped [dimension], from its mode and deviation; 0 of all other unknowns."""
    found = np.zeros(model.unknowns.size)
    if model.unknowns.size > model.own.size:
        return found  # the shares of a part stand about those of its whole
    for name in WARPED:
        if name in model.own.shapes and float(data[name][4]) > 0:
            (place,) = _places(model, name)
            found[place] = warp_of(float(centre[place]), float(spread[place]))
    return found


def _places(model: Model, name: str) -> Array:
    sizes = {block: math.prod(shape) for block, shape in model.own.shapes.items()}
    names = list(sizes)
    first = sum(sizes[block] for block in names[: names.index(name)])
    return np.arange(first, first + sizes[name])
