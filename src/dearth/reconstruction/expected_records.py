"""What the records should show of a history: registers, censuses and names struck off.

Registers pass through the process of `population.registration_process`; censuses count on their day with an
unknown coverage.
"""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from dearth.population import registration_process
from dearth.reconstruction.age_patterns import AGES
from dearth.reconstruction.population_model import Model

Array = Any
SMOOTH = 1e-4  # of the people, width of the smooth positive part of names struck off
INFANT = (np.arange(AGES) == 0).astype(float)
YOUNG = ((np.arange(AGES) >= 1) & (np.arange(AGES) < 15)).astype(float)
OLD = (np.arange(AGES) >= 60).astype(float)
WOMEN = np.array([[1.0], [0.0]])


def expected_registration(model: Model, u: Mapping[str, Array], h: Mapping[str, Any]) -> dict[str, Array]:
    """Return what the register should show.

    deaths, births, stocks, midyear [year]; names removed and those of them struck off as dead, deaths
    registered late [year]; deaths registered when they happened by sex and age [year, sex, age]. With `rates`
    of the inputs deaths and births are per person of the year's mean stock.
    """
    layout, inside = model.layout, model.layout.crisis
    complete, births_share = completeness(u, inside, _load(model, u))
    error = u["stock_error_start"] + jnp.cumsum(jnp.concatenate([jnp.zeros(1), u["stock_error_step"]]))
    true = h["stocks"].sum((-2, -1))
    names = true * (jnp.exp(error) - 1)
    mixed = layout.spec.false_and_missing_entries * true[0]
    removed = registration_process.false_entries_removed(names, mixed, SMOOTH * true[0])
    late = layout.mark(layout.spec.late_from)
    booked_in = layout.mark(layout.spec.late_in) if layout.spec.late_in else inside
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
    per = mean if layout.rates else 1.0
    return {"deaths": deaths.total / per, "births": births / per, "stocks": held[1:], "midyear": mean,
            "struck": deaths.struck, "removed": removed, "late": deaths.late,
            "prompt": h["deaths"] * complete}  # fmt: skip


def _load(model: Model, u: Mapping[str, Array]) -> Array:
    """Return deaths of each crisis year over normal ones, less those of the mean crisis year [year]."""
    return jnp.zeros(len(model.layout.years)).at[model.crisis].set(overload(u["shock_year"]))


def overload(shock: Array) -> Array:
    """Return deaths over normal ones, less those of the mean crisis year, from log shocks [crisis year]."""
    times = jnp.exp(shock)
    return times - times.mean()


def completeness(u: Mapping[str, Array], inside: Array, load: Array) -> tuple[Array, Array]:
    """Return the share of deaths registered when they happened [year, sex, age] and of births [year].

    Parameters
    ----------
    inside : 1 in the years of the crisis, else 0 [year]
    load : deaths over normal ones, less those of the mean crisis year [year]
    """
    overall = u["completeness_normal"] * (1 - inside) + u["completeness_crisis"] * inside
    overall = registration_process.under_load(overall, u["completeness_overload"], load)
    births = registration_process.shift_share(
        u["birth_completeness"], u["birth_completeness_crisis"] * inside
    )
    ratio = registration_process.infant_ratio(births, u["infant_coupling"])
    offset = u["completeness_women"] * WOMEN + u["completeness_infant"] * INFANT
    offset = offset + u["completeness_child"] * YOUNG + u["completeness_old"] * OLD
    return registration_process.completeness_by_group(overall, offset, ratio), births


def people_on(model: Model, date: float, stocks: Array, wear: Array) -> Array:
    """Return people [sex, age] on a date, straight between two 1 Januaries; the unborn are left out."""
    years = model.layout.years
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


def all_counts(model: Model, h: Mapping[str, Any], u: Mapping[str, Array]) -> list[tuple[Array, Array]]:
    """Return of every census what it should count by group, and the people on its day [sex, age].

    A census of shares should count the shares of its groups among all people.
    """
    found = []
    wear = model.wear(h, u) if model.layout.censuses else None
    for at, census in enumerate(model.layout.censuses):
        people = people_on(model, census.spec.date, h["stocks"], wear)
        groups = counted(model, u, at, people)
        found.append((groups / people.sum() if census.shares else groups, people))
    return found


def struck_per_person(model: Model, h: Mapping[str, Any], struck: Array) -> Array:
    """Return names struck off and registered as deaths in the years of the placebo, over people."""
    spec = model.layout.spec.placebo
    assert spec is not None
    after = model.layout.mark(spec.after)
    stocks = h["stocks"].sum((-2, -1))
    people = ((stocks[1:] + stocks[:-1]) / 2 * after).sum()
    return (struck * after).sum() / people


def counted(model: Model, u: Mapping[str, Array], at: int, people: Array) -> Array:
    """Return what count `at` should find of `people` [sex, age], by group."""
    census = model.layout.censuses[at]
    if census.shares:
        return registration_process.counted(people, census.groups, jnp.ones(()))
    coverage = u["coverage"][model.layout.counts.index(census.name)]
    if at in model.layout.relative:
        coverage = coverage * u["coverage_relative"][model.layout.relative.index(at)]
    return registration_process.counted(people, census.groups, coverage)
