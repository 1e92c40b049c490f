"""The annual reconstruction: from unknowns to rates, to people.

Normal mortality is a pattern with a level and a trend for children and adults, loosened by age; the crisis
multiplies it by year and age, with a prior on the age pattern and none hard-wired; fertility answers nine
months late. What the records should show of it is in `records.py`.
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
from dearth.reconstruction.age_patterns import AGES, BOYS, groups_of
from dearth.reconstruction.inputs import Inputs
from dearth.reconstruction.priors import priors
from dearth.reconstruction.transforms import positive, share, shifted

Array = Any
SHOCK_AGES = (0, 1, 5, 15, 40, 60)  # first ages of the groups a shock tells apart
SHOCK_GROUPS = groups_of(SHOCK_AGES)
PATTERN_KNOTS = (0, 1, 5, 15, 30, 45, 60, 75, 90)  # ages between which the pattern bends
START_KNOTS, START_STEP = 11, 10  # one every ten years of age, by sex
COHORT_KNOTS, COHORT_STEP = 21, 5  # one every five, women and men alike
LATER_KNOTS = (0, 20, 50, 80)  # ages between which the later decline of mortality bends, by sex
CONCEIVED_BEFORE = 0.75  # of a year's births, conceived in the year before (nine months)
REBOUND_YEARS = 4
GIRLS = 1 / (1 + BOYS)
CHILD = jax.nn.sigmoid((15 - jnp.arange(AGES)) / 2.0)  # smooth share of the child pattern by age
NOISES = ("deaths_noise", "births_noise", "age_noise")
SHARES = ("completeness_normal", "completeness_crisis", "birth_completeness", "late_share", "removals_share")
SHARED = 2  # unknowns of the whole that all its parts have in common: normal and crisis completeness


class Model:
    """Unknowns of one layout and the histories that follow; `data` holds records, scenarios and priors."""

    def __init__(self, given: Inputs, part: bool = False) -> None:
        self.given = given
        self.priors = priors(given.spec)
        self.crisis = np.flatnonzero(given.crisis)
        # levels of mortality are those over the pattern in its own year; of a curve, as the crisis begins
        own = given.spec.mortality.year
        self.anchor = int(self.crisis[0]) if own is None else own - given.years[0]
        years, crisis, groups = len(given.years), len(self.crisis), len(SHOCK_GROUPS)
        after = range(int(self.crisis[-1]) + 1, min(int(self.crisis[-1]) + 1 + REBOUND_YEARS, years))
        self.rebound = np.array(after, int)
        shapes: dict[str, tuple[int, ...]] = {
            "start_total": (), "start_ages": (2, START_KNOTS), "start_cohort": (COHORT_KNOTS,),
            "completeness_normal": (),
            "completeness_crisis": (), "completeness_women": (), "completeness_infant": (),
            "completeness_child": (), "completeness_old": (),
            "birth_completeness": (), "birth_completeness_crisis": (),
            "late_share": (), "removals_share": (), "infant_coupling": (),
            "mortality_level_child": (), "mortality_level_adult": (), "mortality_trend_child": (),
            "mortality_trend_adult": (), "mortality_decline_later_child": (),
            "mortality_decline_later_adult": (), "mortality_decline_later_age": (2, len(LATER_KNOTS)),
            "mortality_age": (2, len(PATTERN_KNOTS)),
            "mortality_year": (years, 2), "shock_year": (crisis,), "shock_age": (groups,),
            "shock_year_age": (crisis, groups), "fertility_level": (), "fertility_trend": (),
            "fertility_year": (years,), "fertility_social": (), "fertility_hunger": (),
            "fertility_rebound": (len(self.rebound),), "migration": (years,), "stock_error_start": (),
            "stock_error_step": (years,), "deaths_noise": (), "births_noise": (), "age_noise": (),
            "coverage": (len(given.counts),), "coverage_relative": (len(given.censuses),),
        }  # fmt: skip
        self.own = Unknowns(shapes)
        # the parts of a whole share two unknowns with it, so that their draws can be paired with its own
        self.unknowns = Unknowns({**shapes, "shared": (SHARED,)}) if part else self.own

    def plain(self) -> dict[str, Array]:
        """Return the placing of unknowns that takes each prior as declared: see `place`."""
        size = self.own.size
        return {"at": np.zeros(size), "by": np.ones(size), "lift": np.zeros((size, SHARED))}

    def place(self, theta: Array, data: Mapping[str, Array]) -> Array:
        """Return standard unknowns [own.size] moved to where `data` centres them and as wide as it says.

        The whole takes its priors as they are (`at` 0, `by` 1); a part takes what the whole has taught.
        """
        size = self.own.size
        own = data["at"] + data["by"] * theta[:size]
        return own + data["lift"] @ theta[size:] if theta.size > size else own

    def named(self, theta: Array, data: Mapping[str, Array]) -> dict[str, Array]:
        """Return every unknown in its own units."""
        z = self.own.split(self.place(theta, data))
        out = {name: shifted(z[name], self.priors[name]) for name in z if name in self.priors}
        for name in NOISES:
            out[name] = positive(z[name], self.priors[name])
        for name in SHARES:
            out[name] = share(z[name], data[name])
        out["completeness_crisis"] = jnp.where(
            data["same_completeness"] > 0, out["completeness_normal"], out["completeness_crisis"]
        )
        spec = self.given.spec
        out["start_total"] = spec.start.total_sd * z["start_total"]
        out["start_ages"] = spec.start.group_sd * z["start_ages"]
        first = {c.name: c.spec.coverage for c in reversed(self.given.censuses) if not c.shares}
        out["coverage"] = _scaled(z["coverage"], [first[name] for name in self.given.counts])
        relative = [c.spec.relative for c in self.given.censuses]
        out["coverage_relative"] = _scaled(z["coverage_relative"], relative)
        return out

    def rates(self, u: Mapping[str, Array], data: Mapping[str, Any]) -> tuple[Array, Array, Array, Array]:
        """Return normal and actual death rates [year, sex, age], normal and actual TFR [year]."""
        given, years = self.given, len(self.given.years)
        since = jnp.arange(years) - float(self.crisis[0])
        anchored = jnp.arange(years) - float(self.anchor)
        level = _child_adult(
            u["mortality_level_child"] + u["mortality_trend_child"] * anchored,
            u["mortality_level_adult"] + u["mortality_trend_adult"] * anchored,
        )
        pattern = jnp.log(data["records"]["mortality"]) + _bend(u["mortality_age"], PATTERN_KNOTS)
        normal = pattern + level[:, None, :]
        shock = self._shock(u, data) @ SHOCK_GROUPS
        quiet = u["mortality_year"] * (1 - given.crisis)[:, None]
        apart = _child_adult(quiet[:, 0], quiet[:, 1]).at[self.crisis].add(shock)
        usual = u["fertility_level"] + u["fertility_trend"] * since
        births = usual + u["fertility_year"] - u["fertility_hunger"] * self._lagged(u["shock_year"])
        births = births + u["fertility_social"] * given.mark(given.spec.social_decline)
        births = births.at[self.rebound].add(u["fertility_rebound"])
        return jnp.exp(normal), jnp.exp(normal + apart[:, None, :]), jnp.exp(usual), jnp.exp(births)

    def _shock(self, u: Mapping[str, Array], data: Mapping[str, Any]) -> Array:
        """Return the log of crisis over normal death rates [crisis year, group].

        `shock_year` is that of all deaths, at the shares groups have in normal deaths of the first people;
        groups lie about it in proportion. So the size of the shock is told apart from its pattern by age.
        """
        normal = data["records"]["mortality"] * data["records"]["start"]
        shares = jnp.log(SHOCK_GROUPS @ normal.sum(0)) - jnp.log(normal.sum())
        all_ages = u["shock_year"][:, None]
        apart = all_ages * (u["shock_age"] + u["shock_year_age"])
        return all_ages + apart - jax.nn.logsumexp(apart + shares, axis=-1, keepdims=True)

    def _lagged(self, shock: Array) -> Array:
        """Return the shock as conceptions answered it, by year of birth [year]."""
        hunger = jnp.zeros(len(self.given.years)).at[self.crisis].set(shock)
        before = jnp.concatenate([jnp.zeros(1), hunger[:-1]])
        return CONCEIVED_BEFORE * before + (1 - CONCEIVED_BEFORE) * hunger

    def people(self, u: Mapping[str, Array], data: Mapping[str, Any]) -> Array:
        """Return people at the start [sex, age]: the given ages, loosened by sex and by cohort."""
        curve = _bend(u["start_ages"], tuple(range(0, START_STEP * START_KNOTS, START_STEP)))
        cohort = _bend(u["start_cohort"], tuple(range(0, COHORT_STEP * COHORT_KNOTS, COHORT_STEP)))
        return data["records"]["start"] * jnp.exp(u["start_total"] + curve + cohort)

    def project(self, people: Array, rates: Array, fertility: Array, migration: Array) -> tuple[Array, Step]:
        """Return stocks on 1 January [year + 1, sex, age] and the steps of the years."""

        def year(now: Array, given: tuple[Array, Array, Array]) -> tuple[Array, tuple[Array, Step]]:
            hazard, tfr, net = given
            kept = lexis.survival(hazard)
            done = step(now, kept, tfr * self.given.fertility, net * jnp.ones_like(now), GIRLS)
            return done.people, (now, done)

        last, (stocks, steps) = jax.lax.scan(year, people, (rates, fertility, migration))
        return jnp.concatenate([stocks, last[None]]), steps

    def wear(self, normal: Array, u: Mapping[str, Array]) -> Array:
        """Return the hazard cohorts of the last stock have passed by each later year [year, sex, age].

        A cohort's hazards lie on a diagonal of age and time, so that no year has to wait for another.
        """
        fall = _child_adult(u["mortality_decline_later_child"], u["mortality_decline_later_adult"])
        fall = fall + _bend(u["mortality_decline_later_age"], LATER_KNOTS)
        years = jnp.arange(self.given.horizon, dtype=normal.dtype)
        ages = np.minimum(np.arange(AGES) + np.arange(self.given.horizon)[:, None], AGES - 1)
        log = jnp.log(normal[-1])
        middle = jnp.concatenate([(log[:, :-1] + log[:, 1:]) / 2, log[:, -1:]], axis=-1)
        hazard = jnp.exp(middle[:, ages] - fall[:, ages] * (years[:, None] + 1))
        return jnp.cumsum(hazard, axis=1).swapaxes(0, 1)

    def histories(self, u: Mapping[str, Array], data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the history as it was: rates, people, steps, deaths by age at death [year, sex, age]."""
        normal, actual, usual, fertility = self.rates(u, data)
        people = self.people(u, data)
        stocks, steps = self.project(people, actual, fertility, u["migration"])
        deaths = lexis.by_age(steps.deaths, actual)
        return {"normal": normal, "actual": actual, "usual": usual, "fertility": fertility, "people": people,
                "stocks": stocks, "steps": steps, "deaths": deaths}  # fmt: skip


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


def _scaled(z: Array, given: list[Prior | None]) -> Array:
    """Return z in the units of normal priors; 1 exactly where none is given."""
    mean = np.array([1.0 if p is None else p.mean for p in given], float)
    sd = np.array([0.0 if p is None else p.sd for p in given], float)
    return mean + sd * z
