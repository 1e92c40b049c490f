"""What is kept of a draw: tolls, births lost, migration, registration; and its twin without the crisis."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from dearth.estimate.reconstruct.inputs import AGES
from dearth.estimate.reconstruct.model import Model, survival

Array = Any
GROUPS = ("0-4", "5-9", "10-14", "15-39", "40-59", "60+")
STARTS = (0, 5, 10, 15, 40, 60)


def observe(model: Model, deficit: Array, regained: Array) -> Any:
    """Return the function of a draw; `deficit` and `regained` mark the years of births lost and returned."""
    ends = (*STARTS[1:], AGES)
    ages = np.arange(AGES)
    groups = np.array([(ages >= a) & (ages < b) for a, b in zip(STARTS, ends, strict=True)], float)
    inside = model.given.crisis

    def seen(theta: Array, data: Mapping[str, Array]) -> dict[str, Array]:
        u = model.named(theta, data)
        h = model.histories(u)
        booked = model.booked(u, h)
        stocks, steps = h["stocks"], h["steps"]
        # the part of a cohort's hazard above normal is the part of its deaths in excess of normal
        over = 1 - jnp.log(survival(h["normal"])) / jnp.log(survival(h["actual"]))
        excess = steps.deaths * over
        by_age = excess[..., :AGES].at[..., -1].add(excess[..., AGES]).sum(1)
        twin, other = model.project(h["people"], h["normal"], h["usual"], u["migration"])
        births, unborn = steps.births.sum(-1), other.births.sum(-1)
        deaths, theirs = steps.deaths.sum((-2, -1)), other.deaths.sum((-2, -1))
        people = (stocks[:-1] + stocks[1:]).sum((-2, -1)) / 2
        # N* - N = (B* - B) + (D - D*) - (M - M*)
        more = (other.migrants - steps.migrants).sum((-2, -1))
        apart = (unborn - births) + (deaths - theirs) + more
        last = int(np.flatnonzero(inside)[-1]) + 1
        return {
            "theta": theta,
            "excess": (by_age.sum(-1) * inside).sum(),
            "by_year": by_age.sum(-1),
            "by_age": (by_age * inside[:, None]).sum(0) @ groups.T,
            "gross": ((unborn - births) * deficit).sum(),
            "regained": ((births - unborn) * regained).sum(),
            "migration": (steps.migrants.sum((-2, -1)) * inside).sum(),
            "deaths": deaths, "births": births, "people": people,
            "registered": booked["deaths"],
            "completeness_normal": u["completeness_normal"],
            "completeness_crisis": u["completeness_crisis"],
            "birth_completeness": u["birth_completeness"],
            "counterfactual": (deaths - theirs)[:last].sum(),
            "identity": twin[last].sum() - stocks[last].sum() - apart[:last].sum(),
            "pyramid": stocks[-1], "pyramid_without": twin[-1],
        }  # fmt: skip

    return seen
