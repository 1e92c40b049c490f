"""What is kept of a draw: excess deaths, births lost, migration, registration; its twin without crisis."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from dearth.population import lexis
from dearth.reconstruction.age_patterns import groups_of, names_of
from dearth.reconstruction.census_tables import DEATH_WEIGHTS
from dearth.reconstruction.expected_records import expected_registration, people_on
from dearth.reconstruction.population_model import Model

Array = Any
GROUP_AGES = (0, 5, 10, 15, 40, 60)
GROUPS = names_of(GROUP_AGES)
WEIGHTS = groups_of(GROUP_AGES)
GATED = ("excess", "by_year", "by_age", "by_year_age", "gross", "gross_social",
         "recovered", "migration",
         "completeness_normal", "completeness_crisis", "birth_completeness")  # fmt: skip
YEARS_BEFORE = 3  # the years just before the crisis whose deaths by age it is set against


def observe(model: Model, deficit: Array, recovered: Array) -> Any:
    """Return the function of a draw; `deficit` and `recovered` mark the years of births lost and returned."""
    inside = model.layout.crisis
    crisis = np.flatnonzero(inside)
    last = int(crisis[-1]) + 1
    social = model.layout.mark(model.layout.spec.social_decline)
    before = np.zeros(len(inside))
    before[max(0, int(crisis[0]) - YEARS_BEFORE) : crisis[0]] = 1

    def seen(theta: Array, data: Mapping[str, Any]) -> dict[str, Array]:
        u = model.named(theta, data)
        h = model.histories(u, data)
        books = expected_registration(model, u, h)
        stocks, steps = h["stocks"], h["steps"]
        by_age = excess_by_age(h, steps.deaths)
        births, deaths = steps.births.sum(-1), steps.deaths.sum((-2, -1))
        twin, other = model.project(h["people"], h["normal"], h["usual"], h["moves"], data)
        unborn, theirs = other.births.sum(-1), other.deaths.sum((-2, -1))
        # N* - N = (B* - B) + (D - D*) - (M - M*)
        more = (other.migrants - steps.migrants).sum((-2, -1))
        apart = (unborn - births) + (deaths - theirs) + more
        prompt_by_year = books["prompt"].sum((-2, -1))
        return {
            "theta": theta,
            "excess": (by_age.sum(-1) * inside).sum(),
            "by_year": by_age.sum(-1),
            "by_age": inside @ by_age @ WEIGHTS.T,
            "by_year_age": by_age[crisis] @ WEIGHTS.T,
            "deaths_by_year_age": h["deaths"].sum(1) @ WEIGHTS.T,
            "registered_by_year_age": books["prompt"].sum(1) @ WEIGHTS.T,
            # births the declared social decline alone would have cost, of women the crisis did not touch
            "gross_social": (unborn * (1 - jnp.exp(u["fertility_social"] * social)) * deficit).sum(),
            "infant_mortality": (h["deaths"][:, :, 0].sum(-1) * before).sum() / (births * before).sum(),
            "gross": ((unborn - births) * deficit).sum(),
            "recovered": ((births - unborn) * recovered).sum(),
            "migration": (steps.migrants.sum((-2, -1)) * inside).sum(),
            "deaths": deaths, "births": births,
            "people": (stocks[:-1] + stocks[1:]).sum((-2, -1)) / 2, "stocks": stocks.sum((-2, -1)),
            "deaths_noise": u["deaths_noise"],
            "registered": books["deaths"], "registered_births": books["births"],
            "struck": books["struck"], "false_entries_removed": books["removed"], "late": books["late"],
            "prompt": prompt_by_year,
            "completeness_normal": (prompt_by_year * (1 - inside)).sum() / (deaths * (1 - inside)).sum(),
            "completeness_crisis": (prompt_by_year * inside).sum() / (deaths * inside).sum(),
            "birth_completeness": u["birth_completeness"],
            # sums over the crisis by age at death: all, in excess, and registered when they happened
            "crisis_deaths_by_age": inside @ h["deaths"].sum(1) @ DEATH_WEIGHTS.T,
            "crisis_prompt_by_age": inside @ books["prompt"].sum(1) @ DEATH_WEIGHTS.T,
            "before_deaths_by_age": before @ h["deaths"].sum(1) @ DEATH_WEIGHTS.T,
            "normal_deaths": deaths - by_age.sum(-1),
            **_survivors(stocks, steps.births, crisis),
            "counterfactual": (deaths - theirs)[:last].sum(),
            "identity": twin[last].sum() - stocks[last].sum() - apart[:last].sum(),
            "pyramid": stocks[-1], "pyramid_without": twin[-1],
            **_counted(model, h, u),
        }  # fmt: skip

    return seen


def excess_by_age(h: Mapping[str, Any], deaths: Array) -> Array:
    """Return excess deaths by age at death [year, age].

    The part of a cohort's hazard above normal is the part of its deaths in excess of normal.
    """
    over = 1 - jnp.log(lexis.survival(h["normal"])) / jnp.log(lexis.survival(h["actual"]))
    return lexis.by_age(deaths * over, h["actual"]).sum(1)


def _survivors(stocks: Array, births: Array, crisis: Any) -> dict[str, Array]:
    """Return children of each year alive at four over births, and adults of 15-59 alive after the crisis."""
    first, after = int(crisis[0]), int(crisis[-1]) + 1
    fours = stocks[5:, :, 4].sum(-1) / births[:-4].sum(-1)
    ages = slice(15 + after - first, 60 + after - first)
    return {"alive_at_five": fours,
            "adults_surviving": stocks[after, :, ages].sum() / stocks[first, :, 15:60].sum()}  # fmt: skip


def _counted(model: Model, h: Mapping[str, Any], u: Mapping[str, Array]) -> dict[str, Array]:
    """Return people by single age at the first census after the crisis, if there is one."""
    over = model.layout.years[int(np.flatnonzero(model.layout.crisis)[-1])] + 1
    dates = [c.spec.date for c in model.layout.censuses if c.spec.date > over]
    if not dates:
        return {}
    return {"counted_ages": people_on(model, dates[0], h["stocks"], model.wear(h, u)).sum(0)}
