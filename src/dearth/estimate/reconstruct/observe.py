"""What is kept of a draw: tolls, births lost, migration, registration; and its twin without the crisis."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from dearth.estimate.reconstruct.counts import DEATH_WEIGHTS
from dearth.estimate.reconstruct.model import Model
from dearth.estimate.reconstruct.patterns import groups_of
from dearth.estimate.reconstruct.records import booked
from dearth.population import lexis

Array = Any
GROUPS = ("0-4", "5-9", "10-14", "15-39", "40-59", "60+")
WEIGHTS = groups_of((0, 5, 10, 15, 40, 60))


def observe(model: Model, deficit: Array, regained: Array) -> Any:
    """Return the function of a draw; `deficit` and `regained` mark the years of births lost and returned."""
    inside = model.given.crisis
    last = int(np.flatnonzero(inside)[-1]) + 1

    def seen(theta: Array, data: Mapping[str, Any]) -> dict[str, Array]:
        u = model.named(theta, data)
        h = model.histories(u, data)
        books = booked(model, u, h)
        stocks, steps = h["stocks"], h["steps"]
        by_age = _excess(h, steps.deaths)
        births, deaths = steps.births.sum(-1), steps.deaths.sum((-2, -1))
        twin, other = model.project(h["people"], h["normal"], h["usual"], u["migration"])
        unborn, theirs = other.births.sum(-1), other.deaths.sum((-2, -1))
        # N* - N = (B* - B) + (D - D*) - (M - M*)
        more = (other.migrants - steps.migrants).sum((-2, -1))
        apart = (unborn - births) + (deaths - theirs) + more
        prompt = books["prompt"].sum((-2, -1))
        return {
            "theta": theta,
            "excess": (by_age.sum(-1) * inside).sum(),
            "by_year": by_age.sum(-1),
            "by_age": inside @ by_age @ WEIGHTS.T,
            "gross": ((unborn - births) * deficit).sum(),
            "regained": ((births - unborn) * regained).sum(),
            "migration": (steps.migrants.sum((-2, -1)) * inside).sum(),
            "deaths": deaths, "births": births,
            "people": (stocks[:-1] + stocks[1:]).sum((-2, -1)) / 2, "stocks": stocks.sum((-2, -1)),
            "registered": books["deaths"], "registered_births": books["births"],
            "struck": books["struck"],
            "completeness_normal": (prompt * (1 - inside)).sum() / (deaths * (1 - inside)).sum(),
            "completeness_crisis": (prompt * inside).sum() / (deaths * inside).sum(),
            "birth_completeness": u["birth_completeness"],
            # sums over the crisis by age at death: all, in excess, and booked when they happened
            "crisis_deaths_by_age": inside @ h["deaths"].sum(1) @ DEATH_WEIGHTS.T,
            "crisis_prompt_by_age": inside @ books["prompt"].sum(1) @ DEATH_WEIGHTS.T,
            "normal_deaths": deaths - by_age.sum(-1),
            "q5": 1 - jnp.exp(-h["normal"][:, :, :5].mean(1).sum(-1)),
            "counterfactual": (deaths - theirs)[:last].sum(),
            "identity": twin[last].sum() - stocks[last].sum() - apart[:last].sum(),
            "pyramid": stocks[-1], "pyramid_without": twin[-1],
        }  # fmt: skip

    return seen


def _excess(h: Mapping[str, Any], deaths: Array) -> Array:
    """Return excess deaths by age at death [year, age].

    The part of a cohort's hazard above normal is the part of its deaths in excess of normal.
    """
    over = 1 - jnp.log(lexis.survival(h["normal"])) / jnp.log(lexis.survival(h["actual"]))
    return lexis.by_age(deaths * over, h["actual"]).sum(1)
