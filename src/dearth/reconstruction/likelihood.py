"""How well the records fit a history: the likelihood, by evidence source.

A survey sees fertility; the places bear witness on struck names. What the records should show is in
`expected_records`.
"""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from dearth.population import registration_process
from dearth.reconstruction.census_tables import DEATH_WEIGHTS, Count
from dearth.reconstruction.expected_records import all_counts, expected_registration, struck_per_person
from dearth.reconstruction.population_model import Model

Array = Any
EVIDENCE_SOURCES = (
    "intercensal_closure", "cohort_survival", "survey_births", "children_counted", "later_mortality",
    "provincial_placebo", "registered_stocks",
)  # fmt: skip
REGISTER = "register"  # deaths and births as registered: in use under every scenario
FINEST = 1e-3  # least noise of an age group: below it the gamma functions lose their last digits


def log_density(model: Model, theta: Array, data: Mapping[str, Any]) -> Array:
    """Return the log posterior density up to a constant."""
    found = log_likelihoods(model, theta, data)
    on = dict(zip(EVIDENCE_SOURCES, data["sources_used"], strict=True)) | {REGISTER: 1.0}
    return -0.5 * (theta**2).sum() + sum(on[source] * value for source, value in found.items())


def log_likelihoods(model: Model, theta: Array, data: Mapping[str, Any]) -> dict[str, Array]:
    """Return the log likelihood of each evidence source that the layout holds, up to a constant."""
    u = model.named(theta, data)
    h = model.histories(u, data)
    seen = expected_registration(model, u, h)
    held, layout = data["figures"], model.layout
    total: dict[str, Array] = {}

    def add(source: str, value: Array) -> None:
        total[source] = total[source] + value if source in total else value

    for name in ("deaths", "births"):
        if name in layout.held:
            noise = count_noise(model, held[name], u[f"{name}_noise"])
            add(REGISTER, _log_normal(held[name], seen[name], noise))
    for name in ("stocks", "midyear"):
        if name in layout.held:
            add("registered_stocks", _log_normal(held[name], seen[name], layout.spec.stocks_sd))
    if "total_fertility" in layout.held:
        sd = layout.spec.total_fertility_sd
        add("survey_births", _log_normal(held["total_fertility"], h["fertility"], sd))
    if "deaths_by_age" in layout.held:
        add(REGISTER, ages_of_death(held["deaths_by_age"], seen["prompt"], u["age_noise"]))
    for census, observed, (expected, _) in zip(
        layout.censuses, held["counted"], all_counts(model, h, u), strict=True
    ):
        add(census.spec.evidence_source, _census(census, observed, expected))
    if "placebo" in layout.held:
        implied, sd = held["placebo"]
        apart = (struck_per_person(model, h, seen["struck"]) - implied) / sd
        add("provincial_placebo", -0.5 * apart**2)
    return total


def ages_of_death(observed: Array, expected: Array, noise: Array) -> Array:
    """Return the log likelihood of how registered deaths [year, sex, group] share out over sex and age.

    Negative binomial about the expected shares of each year's own total, with variance m + (noise m)^2: the
    total stands in a term of its own, so that no death counts twice.
    """
    held = jnp.isfinite(observed)
    many = jnp.where(held, observed, 0.0)
    groups = jnp.where(held, expected @ DEATH_WEIGHTS.T, 0.0)
    shares = groups / jnp.maximum(groups.sum((-2, -1), keepdims=True), 1e-9)
    mean = jnp.maximum(shares * many.sum((-2, -1), keepdims=True), 1e-9)
    size = 1 / (noise**2 + FINEST**2)
    gamma = jax.scipy.special.gammaln
    each = gamma(many + size) - gamma(size) + size * jnp.log(size / (size + mean))
    each += many * jnp.log(mean / (size + mean))
    return (held * each).sum()


def _census(census: Count, observed: Array, expected: Array) -> Array:
    apart = census_residuals(census, observed, expected)
    # shares add to one: the last says nothing of its own
    return -0.5 * ((apart[:-1] if census.shares else apart) ** 2).sum()


def census_residuals(census: Count, observed: Array, expected: Array) -> Array:
    """Return by group how far a count lies from what it should find, in sd of its error."""
    if census.shares:
        return (expected - observed) / census.spec.group_sd
    sd = registration_process.count_error(census.spec.group_sd, observed)
    return (jnp.log(observed) - jnp.log(jnp.maximum(expected, 1e-6))) / sd


def count_noise(model: Model, observed: Array, noise: Array) -> Array:
    """Return the sd of the log of a count: its noise and, of few events, chance (Poisson)."""
    if model.layout.rates:
        return noise
    return jnp.sqrt(noise**2 + 1 / jnp.where(jnp.isfinite(observed), jnp.maximum(observed, 1.0), 1.0))


def _log_normal(observed: Array, expected: Array, sd: Array) -> Array:
    held = jnp.isfinite(observed)
    apart = jnp.log(jnp.where(held, observed, 1.0)) - jnp.log(jnp.where(held, expected, 1.0))
    return (held * (-0.5 * (apart / sd) ** 2 - jnp.log(sd))).sum()
