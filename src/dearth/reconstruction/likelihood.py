"""What the records should show of a history, and how well they fit: the likelihood.

Registers pass through the process of `population.registration`; censuses count on their day with an unknown
coverage; a survey sees fertility; the places bear witness on struck names.
"""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.population import registration_process
from dearth.reconstruction.age_patterns import AGES
from dearth.reconstruction.census_tables import DEATH_WEIGHTS, Count
from dearth.reconstruction.population_model import Model

Array = Any
EVIDENCE_SOURCES = (
    "intercensal_closure", "cohort_survival", "survey_births", "children_counted", "later_mortality",
    "provincial_placebo", "registered_stocks",
)  # fmt: skip
SMOOTH = 1e-4  # of the people, width of the smooth positive part of names struck off
FINEST = 1e-3  # least noise of an age group: below it the gamma functions lose their last digits
INFANT = (np.arange(AGES) == 0).astype(float)
YOUNG = ((np.arange(AGES) >= 1) & (np.arange(AGES) < 15)).astype(float)
OLD = (np.arange(AGES) >= 60).astype(float)
WOMEN = np.array([[1.0], [0.0]])


def expected_registration(model: Model, u: Mapping[str, Array], h: Mapping[str, Any]) -> dict[str, Array]:
    """Return what the register should show.

    deaths, births, stocks, midyear [year]; names removed and those of them struck off as dead, deaths booked
    late [year]; deaths booked when they happened by sex and age [year, sex, age]. With `rates` of the inputs
    deaths and births are per person of the year's mean stock.
    """
    given, inside = model.given, model.given.crisis
    overall = u["completeness_normal"] * (1 - inside) + u["completeness_crisis"] * inside
    births_share = registration_process.shift_share(
        u["birth_completeness"], u["birth_completeness_crisis"] * inside
    )
    ratio = registration_process.infant_ratio(births_share, u["infant_coupling"])
    offset = u["completeness_women"] * WOMEN + u["completeness_infant"] * INFANT
    offset = offset + u["completeness_child"] * YOUNG + u["completeness_old"] * OLD
    complete = registration_process.completeness_by_group(overall, offset, ratio)
    error = u["stock_error_start"] + jnp.cumsum(jnp.concatenate([jnp.zeros(1), u["stock_error_step"]]))
    true = h["stocks"].sum((-2, -1))
    names = true * (jnp.exp(error) - 1)
    mixed = given.spec.false_and_missing_entries * true[0]
    removed = registration_process.false_entries_removed(names, mixed, SMOOTH * true[0])
    late = given.mark(given.spec.late_from)
    booked_in = given.mark(given.spec.late_in) if given.spec.late_in else inside
    deaths = registration_process.register_deaths(
        h["deaths"],
        complete,
        u["late_share"],
        late,
        booked_in / booked_in.sum(),
        u["removals_share"] * removed,
    )
    births = registration_process.register_births(h["steps"].births.sum(-1), births_share)
    held = true * jnp.exp(error)
    mean = (held[1:] + held[:-1]) / 2
    per = mean if given.rates else 1.0
    return {"deaths": deaths.total / per, "births": births / per, "stocks": held[1:], "midyear": mean,
            "struck": deaths.struck, "removed": removed, "late": deaths.late,
            "prompt": h["deaths"] * complete}  # fmt: skip


def log_density(model: Model, theta: Array, data: Mapping[str, Any]) -> Array:
    """Return the log posterior density up to a constant."""
    u = model.named(theta, data)
    h = model.histories(u, data)
    seen = expected_registration(model, u, h)
    held, spec = data["records"], model.given.spec
    on = dict(zip(EVIDENCE_SOURCES, data["sources_used"], strict=True))
    total = -0.5 * (theta**2).sum()
    for name in ("deaths", "births"):
        noise = _with_chance(model, held[name], u[f"{name}_noise"])
        total += _log_normal(held[name], seen[name], noise)
    stocks = _log_normal(held["stocks"], seen["stocks"], spec.stocks_sd)
    stocks += _log_normal(held["midyear"], seen["midyear"], spec.stocks_sd)
    total += on["registered_stocks"] * stocks
    survey = _log_normal(held["total_fertility"], h["fertility"], spec.total_fertility_sd)
    total += on["survey_births"] * survey
    if np.isfinite(model.given.records.deaths_by_age).any():
        total += ages_of_death(held["deaths_by_age"], seen["prompt"], u["age_noise"])
    if model.given.censuses:
        wear = model.wear(h["normal"], u)
        for at, census in enumerate(model.given.censuses):
            people = people_on(model, census.spec.date, h["stocks"], wear)
            total += on[census.spec.evidence_source] * _census(census, counted(model, u, at, people), people)
    if model.given.placebo is not None:
        total += on["provincial_placebo"] * _placebo(model, h, seen["struck"])
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


def people_on(model: Model, date: float, stocks: Array, wear: Array) -> Array:
    """Return people [sex, age] on a date, straight between two 1 Januaries; the unborn are left out."""
    years = model.given.years
    low = int(date - years[0])
    part = date - years[0] - low
    last = len(years)

    def ends(at: int) -> Array:
        if at <= last:
            return stocks[at]
        alive = stocks[-1] * jnp.exp(-wear[at - last - 1])
        grown = AGES - 1 - (at - last)
        oldest = alive[:, grown:].sum(-1)[:, None]
        return jnp.concatenate([jnp.zeros((2, at - last)), alive[:, :grown], oldest], axis=-1)

    return ends(low) if part == 0 else ends(low) * (1 - part) + ends(low + 1) * part


def counted(model: Model, u: Mapping[str, Array], at: int, people: Array) -> Array:
    """Return what count `at` should find of `people` [sex, age], by group."""
    census = model.given.censuses[at]
    if census.shares:
        return registration_process.counted(people, census.groups, jnp.ones(()))
    coverage = u["coverage"][model.given.counts.index(census.name)] * u["coverage_relative"][at]
    return registration_process.counted(people, census.groups, coverage)


def _census(census: Count, expected: Array, people: Array) -> Array:
    if census.shares:
        apart = (expected / people.sum() - census.observed) / census.spec.group_sd
        return -0.5 * (apart[:-1] ** 2).sum()  # shares add to one: the last says nothing of its own
    apart = jnp.log(census.observed) - jnp.log(jnp.maximum(expected, 1e-6))
    sd = registration_process.count_error(census.spec.group_sd, census.observed)
    return -0.5 * ((apart / sd) ** 2).sum()


def _placebo(model: Model, h: Mapping[str, Any], struck: Array) -> Array:
    found, spec = model.given.placebo, model.given.spec.placebo
    assert found is not None
    assert spec is not None
    after = model.given.mark(spec.after)
    stocks = h["stocks"].sum((-2, -1))
    people = ((stocks[1:] + stocks[:-1]) / 2 * after).sum()
    return -0.5 * (((struck * after).sum() / people - found.implied) / found.implied_sd) ** 2


def _with_chance(model: Model, observed: Array, noise: Array) -> Array:
    """Return the sd of the log of a count: its noise and, of few events, chance (Poisson)."""
    if model.given.rates:
        return noise
    return jnp.sqrt(noise**2 + 1 / jnp.where(jnp.isfinite(observed), jnp.maximum(observed, 1.0), 1.0))


def _log_normal(observed: Array, expected: Array, sd: Array) -> Array:
    held = jnp.isfinite(observed)
    apart = jnp.log(jnp.where(held, observed, 1.0)) - jnp.log(jnp.where(held, expected, 1.0))
    return (held * (-0.5 * (apart / sd) ** 2 - jnp.log(sd))).sum()
