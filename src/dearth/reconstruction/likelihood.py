"""How well the records fit a history: the likelihood, by evidence source.

A survey sees fertility; the places bear witness on struck names. What the records should show is in
`expected_records`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

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


class Term(NamedTuple):
    """Figures of one source with normal errors: log figures, or shares as they are.

    Attributes
    ----------
    observed, expected, sd : of each figure [figure]; observed is NaN where none is available
    """

    observed: Array
    expected: Array
    sd: Array

    def log_likelihood(self) -> Array:
        """Return the log likelihood of the figures available, up to a constant."""
        held = jnp.isfinite(self.observed)
        apart = jnp.where(held, self.observed, 0.0) - jnp.where(held, self.expected, 0.0)
        return (held * (-0.5 * (apart / self.sd) ** 2 - jnp.log(self.sd))).sum()


def log_density(model: Model, theta: Array, data: Mapping[str, Any]) -> Array:
    """Return the log posterior density up to a constant."""
    u = model.named(theta, data)
    h = model.histories(u, data)
    seen = expected_registration(model, u, h)
    on = dict(zip(EVIDENCE_SOURCES, data["sources_used"], strict=True)) | {REGISTER: 1.0}
    total = -0.5 * (theta**2).sum()
    for source, found in terms(model, u, h, seen, data).items():
        total += on[source] * sum(term.log_likelihood() for term in found.values())
    if "deaths_by_age" in model.layout.held:
        total += ages_of_death(data["figures"]["deaths_by_age"], seen["prompt"], u["age_noise"])
    return total


def terms(
    model: Model, u: Mapping[str, Array], h: Mapping[str, Any], seen: Mapping[str, Array],
    data: Mapping[str, Any],
) -> dict[str, dict[str, Term]]:  # fmt: skip
    """Return by evidence source the figures whose errors are normal, with what a history says of them.

    Each source holds terms by name: ``deaths``, ``stocks``, ...; of a census ``census`` and its position in
    the layout.
    """
    held, layout = data["figures"], model.layout
    found: dict[str, dict[str, Term]] = {}

    def add(source: str, name: str, *term: Any) -> None:
        found.setdefault(source, {})[name] = Term(*term)

    for name in ("deaths", "births"):
        if name in layout.held:
            noise = count_noise(model, held[name], u[f"{name}_noise"])
            add(REGISTER, name, _log(held[name]), _log(seen[name]), noise)
    for name in ("stocks", "midyear"):
        if name in layout.held:
            sd = jnp.full(len(layout.years), layout.spec.stocks_sd)
            add("registered_stocks", name, _log(held[name]), _log(seen[name]), sd)
    if "total_fertility" in layout.held:
        sd = jnp.full(len(layout.years), layout.spec.total_fertility_sd)
        add("survey_births", "total_fertility", _log(held["total_fertility"]), _log(h["fertility"]), sd)
    counts = all_counts(model, h, u)
    for at, (census, observed) in enumerate(zip(layout.censuses, held["counted"], strict=True)):
        add(census.spec.evidence_source, f"census {at}", *_census(census, observed, counts[at][0]))
    if "placebo" in layout.held:
        implied, sd = (jnp.atleast_1d(part) for part in held["placebo"])
        struck = jnp.atleast_1d(struck_per_person(model, h, seen["struck"]))
        add("provincial_placebo", "placebo", implied, struck, sd)
    return found


def _census(census: Count, observed: Array, expected: Array) -> tuple[Array, Array, Array]:
    if census.shares:
        # shares add to one: the last says nothing of its own
        sd = jnp.full(len(observed) - 1, census.spec.group_sd)
        return jnp.asarray(observed)[:-1], expected[:-1], sd
    sd = registration_process.count_error(census.spec.group_sd, jnp.asarray(observed))
    return jnp.log(observed), jnp.log(jnp.maximum(expected, 1e-6)), sd


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


def count_noise(model: Model, observed: Array, noise: Array) -> Array:
    """Return the sd of the log of a count: its noise and, of few events, chance (Poisson)."""
    if model.layout.rates:
        return noise * jnp.ones(np.shape(observed))
    return jnp.sqrt(noise**2 + 1 / jnp.where(jnp.isfinite(observed), jnp.maximum(observed, 1.0), 1.0))


def _log(figures: Array) -> Array:
    """Return the log of figures; NaN where none is available."""
    held = jnp.isfinite(figures)
    return jnp.where(held, jnp.log(jnp.where(held, figures, 1.0)), jnp.nan)
