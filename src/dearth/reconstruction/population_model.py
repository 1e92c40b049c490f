"""The annual reconstruction: from unknowns to rates, to people.

Normal mortality is a pattern with a level and a trend for children and adults, loosened by age; the crisis
multiplies it by year and age, with a prior on the age pattern and none hard-wired; fertility answers nine
months late. What the records should show of it is in `expected_records`.
"""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.schema import Prior
from dearth.numerics.parameter_vector import Unknowns
from dearth.population import lexis
from dearth.population.projection import Step, step
from dearth.reconstruction.age_patterns import AGES, BOYS
from dearth.reconstruction.layout import Layout
from dearth.reconstruction.migration import Moves, later_rates, moves, net_rates
from dearth.reconstruction.priors import prior_form, priors
from dearth.reconstruction.transforms import positive, real, share
from dearth.reconstruction.unknowns import (
    COHORT_KNOTS,
    COHORT_STEP,
    LATER_KNOTS,
    NOISES,
    PATTERN_KNOTS,
    SHARES,
    SHOCK_GROUPS,
    START_KNOTS,
    START_STEP,
    all_shapes,
    built_shapes,
    periods,
)

Array = Any
CONCEIVED_BEFORE = 0.75  # of a year's births, conceived in the year before (nine months)
GIRLS = 1 / (1 + BOYS)
CHILD = jax.nn.sigmoid((15 - jnp.arange(AGES)) / 2.0)  # smooth share of the child pattern by age
SHARED = 2  # unknowns of the whole that all its parts have in common: normal and crisis completeness
START = {"start_total": "total_sd", "start_ages": "group_sd"}  # blocks whose sd stands with the start


class Model:
    """Unknowns of one layout and the histories that follow.

    It holds no figure and no prior: both are the sampler's `data`, so that one compiled model serves every
    place, scenario and trial of its layout.
    """

    def __init__(self, layout: Layout, part: bool = False) -> None:
        self.layout = layout
        found = periods(layout)
        self.crisis, self.quiet, self.rebound = found.crisis, found.quiet, found.rebound
        self.answering = found.answering
        # levels of mortality are those over the pattern in its own year; of a curve, as the crisis begins
        own = layout.spec.mortality.year
        self.anchor = int(self.crisis[0]) if own is None else own - layout.years[0]
        shapes = built_shapes(layout)
        self.unbuilt = {k: shape for k, shape in all_shapes(layout).items() if k not in shapes}
        self.own = Unknowns(shapes)
        # the parts of a whole share two unknowns with it, so that their draws can be paired with its own
        self.unknowns = Unknowns({**shapes, "shared": (SHARED,)}) if part else self.own

    def prior_data(self, place: str = "") -> dict[str, Any]:
        """Return the priors as a sampler's data, and the placing that takes each as it is: see `place`.

        Parameters
        ----------
        place : the place under study, which no learned prior may know of
        """
        size, spec = self.own.size, self.layout.spec
        forms = {name: np.array(prior_form(prior)) for name, prior in priors(spec, place).items()}
        forms |= {name: np.array([0.0, getattr(spec.start, sd), 0.0]) for name, sd in START.items()}
        if spec.migration.kind == "known":  # what is unknown is the error of the series
            forms["migration"] = np.array([0.0, spec.migration.error_sd, 0.0])
        first = {c.name: c.spec.coverage for c in reversed(self.layout.censuses) if not c.shares}
        forms["coverage"] = _forms([first[name] for name in self.layout.counts])
        relative = [self.layout.censuses[i].spec.relative for i in self.layout.relative]
        forms["coverage_relative"] = _forms(relative)
        return {"priors": forms, "at": np.zeros(size), "by": np.ones(size), "lift": np.zeros((size, SHARED))}

    def place(self, theta: Array, data: Mapping[str, Array]) -> Array:
        """Return standard unknowns [own.size] moved to where `data` centres them and as wide as it says.

        The whole takes its priors as they are (`at` 0, `by` 1); a part takes what the whole has taught.
        """
        size = self.own.size
        own = data["at"] + data["by"] * theta[:size]
        return own + data["lift"] @ theta[size:] if theta.size > size else own

    def named(self, theta: Array, data: Mapping[str, Any]) -> dict[str, Array]:
        """Return every unknown in its own units; those not built stand at the middle of their prior."""
        z = self.own.split(self.place(theta, data))
        z |= {name: jnp.zeros(shape) for name, shape in self.unbuilt.items()}
        out = {name: real(z[name], data["priors"][name]) for name in z if name in data["priors"]}
        for name in NOISES:
            out[name] = positive(z[name], data["priors"][name])
        for name in SHARES:
            out[name] = share(z[name], data[name])
        out["completeness_crisis"] = jnp.where(
            data["same_completeness"] > 0, out["completeness_normal"], out["completeness_crisis"]
        )
        return out

    def rates(self, u: Mapping[str, Array], data: Mapping[str, Any]) -> tuple[Array, Array, Array, Array]:
        """Return normal and actual death rates [year, sex, age], normal and actual TFR [year]."""
        years = len(self.layout.years)
        since = jnp.arange(years) - float(self.crisis[0])
        anchored = jnp.arange(years) - float(self.anchor)
        trend = _child_adult(u["mortality_trend_child"] * anchored, u["mortality_trend_adult"] * anchored)
        normal = jnp.log(data["figures"]["mortality"]) + self.normal_ages(u) + trend[:, None, :]
        shock = self.shock(u, data) @ SHOCK_GROUPS
        quiet = jnp.zeros((years, 2)).at[self.quiet].set(u["mortality_year"])
        apart = _child_adult(quiet[:, 0], quiet[:, 1]).at[self.crisis].add(shock)
        usual = u["fertility_level"] + u["fertility_trend"] * since
        births = usual + u["fertility_year"] - u["fertility_hunger"] * self.lagged(u["shock_year"])
        births = births + u["fertility_social"] * self.layout.mark(self.layout.spec.social_decline)
        births = births.at[self.answering].add(u["fertility_crisis"])
        births = births.at[self.rebound].add(u["fertility_rebound"])
        return jnp.exp(normal), jnp.exp(normal + apart[:, None, :]), jnp.exp(usual), jnp.exp(births)

    def normal_ages(self, u: Mapping[str, Array]) -> Array:
        """Return the log of normal death rates over the pattern, in the pattern's year [sex, age]."""
        level = _child_adult(u["mortality_level_child"], u["mortality_level_adult"])
        return _bend(u["mortality_age"], PATTERN_KNOTS) + level

    def shock(self, u: Mapping[str, Array], data: Mapping[str, Any]) -> Array:
        """Return the log of crisis over normal death rates [crisis year, group].

        `shock_year` is that of all deaths, at the shares groups have in normal deaths of the first people;
        groups lie about it in proportion. So the size of the shock is separate from its pattern by age.
        """
        normal = data["figures"]["mortality"] * data["figures"]["start"]
        shares = jnp.log(SHOCK_GROUPS @ normal.sum(0)) - jnp.log(normal.sum())
        all_ages = u["shock_year"][:, None]
        apart = all_ages * (u["shock_age"] + u["shock_year_age"])
        return all_ages + apart - jax.nn.logsumexp(apart + shares, axis=-1, keepdims=True)

    def lagged(self, shock: Array) -> Array:
        """Return the shock as conceptions answered it, by year of birth [year]."""
        hunger = jnp.zeros(len(self.layout.years)).at[self.crisis].set(shock)
        before = jnp.concatenate([jnp.zeros(1), hunger[:-1]])
        return CONCEIVED_BEFORE * before + (1 - CONCEIVED_BEFORE) * hunger

    def people(self, u: Mapping[str, Array], data: Mapping[str, Any]) -> Array:
        """Return people at the start [sex, age]: the given ages, loosened by sex and by cohort."""
        curve = _bend(u["start_ages"], tuple(range(0, START_STEP * START_KNOTS, START_STEP)))
        cohort = _bend(u["start_cohort"], tuple(range(0, COHORT_STEP * COHORT_KNOTS, COHORT_STEP)))
        return data["figures"]["start"] * jnp.exp(u["start_total"] + curve + cohort)

    def project(
        self, people: Array, rates: Array, fertility: Array, moved: Moves, data: Mapping[str, Any]
    ) -> tuple[Array, Step]:
        """Return stocks on 1 January [year + 1, sex, age] and the steps of the years."""
        by_age = data["figures"]["fertility"]

        def year(now: Array, given: tuple[Array, ...]) -> tuple[Array, tuple[Array, Step]]:
            hazard, tfr, usual, crisis, persons = given
            kept = lexis.survival(hazard)
            net = net_rates(moved, usual, crisis, persons, now)
            done = step(now, kept, tfr * by_age, net, GIRLS)
            return done.people, (now, done)

        flows = (rates, fertility, moved.usual, moved.crisis, moved.persons)
        last, (stocks, steps) = jax.lax.scan(year, people, flows)
        return jnp.concatenate([stocks, last[None]]), steps

    def wear(self, h: Mapping[str, Any], u: Mapping[str, Array]) -> Array:
        """Return the hazard cohorts of the last stock have passed by each later year [year, sex, age].

        A cohort's hazards lie on a diagonal of age and time, so that no year has to wait for another. Those
        who leave later wear a cohort down as deaths do.
        """
        fall = _child_adult(u["mortality_decline_later_child"], u["mortality_decline_later_adult"])
        fall = fall + _bend(u["mortality_decline_later_age"], LATER_KNOTS)
        log = jnp.log(h["normal"][-1])
        years = jnp.arange(self.layout.horizon, dtype=log.dtype)
        ages = np.minimum(np.arange(AGES) + np.arange(self.layout.horizon)[:, None], AGES - 1)
        middle = jnp.concatenate([(log[:, :-1] + log[:, 1:]) / 2, log[:, -1:]], axis=-1)
        hazard = jnp.exp(middle[:, ages] - fall[:, ages] * (years[:, None] + 1))
        hazard = hazard - later_rates(h["moves"], h["stocks"][-1])[:, ages]
        return jnp.cumsum(hazard, axis=1).swapaxes(0, 1)

    def histories(self, u: Mapping[str, Array], data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the history as it was: rates, people, steps, deaths by age at death [year, sex, age]."""
        normal, actual, usual, fertility = self.rates(u, data)
        people, moved = self.people(u, data), moves(self.layout, u, data)
        stocks, steps = self.project(people, actual, fertility, moved, data)
        deaths = lexis.by_age(steps.deaths, actual)
        return {"normal": normal, "actual": actual, "usual": usual, "fertility": fertility, "people": people,
                "moves": moved, "stocks": stocks, "steps": steps, "deaths": deaths}  # fmt: skip


def _child_adult(child: Array, adult: Array) -> Array:
    """Return two values (or two of each year) spread over ages [..., age]."""
    child, adult = jnp.atleast_1d(child), jnp.atleast_1d(adult)
    return child[:, None] * CHILD + adult[:, None] * (1 - CHILD)


def _bend(values: Array, knots: tuple[int, ...]) -> Array:
    """Return a curve by age [..., age] that is straight between its values at the knots [..., knot]."""
    at = np.interp(np.arange(AGES), knots, np.arange(len(knots)))
    low = np.minimum(np.floor(at).astype(int), len(knots) - 2)
    part = at - low
    return values[..., low] * (1 - part) + values[..., low + 1] * part


def _forms(given: list[Prior | None]) -> Any:
    """Return (mean, sd, tail) of normal priors [prior, 3]."""
    return np.array([prior_form(p) for p in given if p is not None], float).reshape(-1, 3)
