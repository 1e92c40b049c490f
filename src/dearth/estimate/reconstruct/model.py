"""The annual reconstruction: from unknowns to rates, to people, to what the records should show.

Normal mortality is a pattern with a level and a trend for children and adults; the crisis multiplies it by
year and age, with a prior on the age pattern and none hard-wired; fertility answers nine months late. The
registration process of `population.registration` stands between what happened and what was booked.
"""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.schema import Prior
from dearth.estimate.reconstruct.inputs import AGES, Inputs
from dearth.estimate.reconstruct.priors import positive, priors, share, shifted
from dearth.numerics.unknowns import Unknowns
from dearth.population import registration
from dearth.population.projection import Step, step

Array = Any
SHOCK_GROUPS = (0, 1, 5, 15, 40, 60)  # first ages
CONCEIVED_BEFORE = 0.75  # of a year's births, conceived in the year before (nine months)
REBOUND_YEARS = 4
GIRLS = 1 / 2.06  # sex ratio at birth 1.06, conventional for East Asia; assumed
RUNGS = ("intercensal_closure", "cohort_survival", "survey_births", "children_counted", "later_mortality")
CHILD = jax.nn.sigmoid((15 - jnp.arange(AGES)) / 2.0)  # smooth share of the child pattern by age
SMOOTH = 1e-4  # of the people, width of the smooth positive part of names struck off


def _groups() -> np.ndarray[Any, Any]:
    ages = np.arange(AGES)
    ends = (*SHOCK_GROUPS[1:], AGES)
    return np.array([(ages >= a) & (ages < b) for a, b in zip(SHOCK_GROUPS, ends, strict=True)], float)


class Model:
    """Log density and observables of one case; `data` says the reading and which rungs count."""

    def __init__(self, given: Inputs) -> None:
        self.given = given
        self.priors = priors(given.spec)
        self.crisis = np.flatnonzero(given.crisis)
        years, crisis, groups = len(given.years), len(self.crisis), len(SHOCK_GROUPS)
        after = range(int(self.crisis[-1]) + 1, min(int(self.crisis[-1]) + 1 + REBOUND_YEARS, years))
        self.rebound = np.array(after, int)
        shapes: dict[str, tuple[int, ...]] = {
            "start_total": (), "start_ages": (2, 11), "completeness_normal": (), "completeness_crisis": (),
            "birth_completeness": (), "late_share": (), "names_share": (), "infant_coupling": (),
            "mortality_level_child": (), "mortality_level_adult": (), "mortality_trend_child": (),
            "mortality_trend_adult": (), "mortality_decline_later_child": (),
            "mortality_decline_later_adult": (), "mortality_year": (years,), "shock_year": (crisis,),
            "shock_age": (groups,), "shock_year_age": (crisis, groups), "fertility_level": (),
            "fertility_trend": (), "fertility_year": (years,), "fertility_social": (), "fertility_hunger": (),
            "fertility_rebound": (len(self.rebound),), "migration": (years,), "stock_error_start": (),
            "stock_error_step": (years,), "deaths_noise": (), "births_noise": (),
            "coverage": (len(given.censuses),),
        }  # fmt: skip
        self.unknowns = Unknowns(shapes)

    def named(self, theta: Array, data: Mapping[str, Array]) -> dict[str, Array]:
        """Return every unknown in its own units."""
        z = self.unknowns.split(theta)
        out = {name: shifted(z[name], self.priors[name]) for name in z if name in self.priors}
        for name in ("deaths_noise", "births_noise"):
            out[name] = positive(z[name], self.priors[name])
        for name in ("completeness_normal", "completeness_crisis", "late_share", "names_share"):
            out[name] = share(z[name], data[name])
        out["birth_completeness"] = share(z["birth_completeness"], data["birth_completeness"])
        spec = self.given.spec
        out["start_total"] = spec.start.total_sd * z["start_total"]
        out["start_ages"] = spec.start.group_sd * z["start_ages"]
        coverage = [_mean_sd(c.spec.coverage) for c in self.given.censuses]
        mean, sd = np.array(coverage).T if coverage else np.zeros((2, 0))
        out["coverage"] = mean + sd * z["coverage"]
        return out

    def rates(self, u: Mapping[str, Array]) -> tuple[Array, Array, Array, Array]:
        """Return normal and actual death rates [year, sex, age], normal and actual TFR [year]."""
        given, years = self.given, len(self.given.years)
        since = jnp.arange(years) - float(self.crisis[0])
        level = (u["mortality_level_child"] + u["mortality_trend_child"] * since)[:, None] * CHILD + (
            u["mortality_level_adult"] + u["mortality_trend_adult"] * since
        )[:, None] * (1 - CHILD)
        normal = jnp.log(given.mortality) + level[:, None, :]
        # about their mean: the size of the shock is left to its years
        answer = u["shock_age"] - u["shock_age"].mean() + u["shock_year_age"]
        shock = u["shock_year"][:, None] * jnp.exp(answer) @ _groups()
        quiet = u["mortality_year"] * (1 - given.crisis)
        apart = jnp.broadcast_to(quiet[:, None], (years, AGES)).at[self.crisis].add(shock)
        hunger = jnp.zeros(years).at[self.crisis].set(u["shock_year"])
        before = jnp.concatenate([jnp.zeros(1), hunger[:-1]])
        lagged = CONCEIVED_BEFORE * before + (1 - CONCEIVED_BEFORE) * hunger
        usual = u["fertility_level"] + u["fertility_trend"] * since
        births = usual + u["fertility_year"] - u["fertility_hunger"] * lagged
        births = births + u["fertility_social"] * given.mark(given.spec.social_decline)
        births = births.at[self.rebound].add(u["fertility_rebound"])
        return jnp.exp(normal), jnp.exp(normal + apart[:, None, :]), jnp.exp(usual), jnp.exp(births)

    def people(self, u: Mapping[str, Array]) -> Array:
        """Return people at the start [sex, age]: the given ages, loosened by a smooth curve."""
        knots = np.interp(np.arange(AGES), np.arange(11) * 10.0, np.arange(11))
        low = np.minimum(np.floor(knots).astype(int), 9)
        part = knots - low
        curve = u["start_ages"][:, low] * (1 - part) + u["start_ages"][:, low + 1] * part
        return self.given.start * jnp.exp(u["start_total"] + curve)

    def project(self, people: Array, rates: Array, fertility: Array, migration: Array) -> tuple[Array, Step]:
        """Return stocks on 1 January [year + 1, sex, age] and the steps of the years."""

        def year(now: Array, given: tuple[Array, Array, Array]) -> tuple[Array, tuple[Array, Step]]:
            hazard, tfr, net = given
            done = step(now, survival(hazard), tfr * self.given.fertility, net * jnp.ones_like(now), GIRLS)
            return done.people, (now, done)

        last, (stocks, steps) = jax.lax.scan(year, people, (rates, fertility, migration))
        return jnp.concatenate([stocks, last[None]]), steps

    def wear(self, normal: Array, u: Mapping[str, Array]) -> Array:
        """Return the hazard cohorts of the last stock have passed by each later year [year, sex, age].

        A cohort's hazards lie on a diagonal of age and time, so that no year has to wait for another.
        """
        fall = u["mortality_decline_later_child"] * CHILD + u["mortality_decline_later_adult"] * (1 - CHILD)
        years = jnp.arange(self.given.horizon, dtype=normal.dtype)
        ages = np.minimum(np.arange(AGES) + np.arange(self.given.horizon)[:, None], AGES - 1)
        log = jnp.log(normal[-1])
        middle = jnp.concatenate([(log[:, :-1] + log[:, 1:]) / 2, log[:, -1:]], axis=-1)
        hazard = jnp.exp(middle[:, ages] - fall[ages] * (years[:, None] + 1))
        return jnp.cumsum(hazard, axis=1).swapaxes(0, 1)

    def histories(self, u: Mapping[str, Array]) -> dict[str, Any]:
        """Return the history as it was and the one without the crisis."""
        normal, actual, usual, fertility = self.rates(u)
        people = self.people(u)
        stocks, steps = self.project(people, actual, fertility, u["migration"])
        deaths = steps.deaths[..., :AGES].at[..., -1].add(steps.deaths[..., AGES])
        return {"normal": normal, "actual": actual, "usual": usual, "fertility": fertility, "people": people,
                "stocks": stocks, "steps": steps, "deaths": deaths}  # fmt: skip

    def booked(self, u: Mapping[str, Array], h: Mapping[str, Any]) -> dict[str, Array]:
        """Return what the register should show: deaths, births, stocks [year]."""
        given = self.given
        inside = given.crisis
        overall = u["completeness_normal"] * (1 - inside) + u["completeness_crisis"] * inside
        ratio = registration.infant_ratio(u["birth_completeness"], u["infant_coupling"])
        complete = registration.completeness_by_age(overall, ratio, AGES)
        error = u["stock_error_start"] + jnp.cumsum(jnp.concatenate([jnp.zeros(1), u["stock_error_step"]]))
        true = h["stocks"].sum((-2, -1))
        names = true * (jnp.exp(error) - 1)
        struck = u["names_share"] * registration.names_removed(names, SMOOTH * true[0])
        deaths = registration.book_deaths(
            h["deaths"],
            complete,
            u["late_share"],
            given.mark(given.spec.late_from),
            inside / inside.sum(),
            struck,
        )
        births = registration.book_births(h["steps"].births.sum(-1), u["birth_completeness"])
        return {"deaths": deaths.total, "births": births, "stocks": (true * jnp.exp(error))[1:]}

    def log_density(self, theta: Array, data: Mapping[str, Array]) -> Array:
        """Return the log posterior density up to a constant."""
        u = self.named(theta, data)
        h = self.histories(u)
        seen = self.booked(u, h)
        on = dict(zip(RUNGS, data["rungs"], strict=True))
        total = -0.5 * (theta**2).sum()
        total += _log_normal(self.given.deaths, seen["deaths"], u["deaths_noise"])
        total += _log_normal(self.given.births, seen["births"], u["births_noise"])
        total += _log_normal(self.given.stocks, seen["stocks"], 0.002)
        survey = _log_normal(self.given.total_fertility, h["fertility"], self.given.spec.total_fertility_sd)
        total += on["survey_births"] * survey
        wear = self.wear(h["normal"], u)
        for at, census in enumerate(self.given.censuses):
            total += on[census.spec.rung] * self._census(at, h["stocks"], wear, u["coverage"][at])
        return total

    def _people_on(self, date: float, stocks: Array, wear: Array) -> Array:
        """Return people [sex, age] on a date, straight between two 1 Januaries; the unborn are left out."""
        low = int(date - self.given.years[0])
        part = date - self.given.years[0] - low
        last = len(self.given.years)

        def ends(at: int) -> Array:
            if at <= last:
                return stocks[at]
            alive = stocks[-1] * jnp.exp(-wear[at - last - 1])
            grown = AGES - 1 - (at - last)
            oldest = alive[:, grown:].sum(-1)[:, None]
            return jnp.concatenate([jnp.zeros((2, at - last)), alive[:, :grown], oldest], axis=-1)

        return ends(low) * (1 - part) + ends(low + 1) * part

    def _census(self, at: int, stocks: Array, wear: Array, coverage: Array) -> Array:
        census = self.given.censuses[at]
        people = self._people_on(census.spec.date, stocks, wear)
        groups = (census.groups * people).sum((-2, -1))
        if census.shares:
            return -0.5 * (((groups / people.sum() - census.observed) / census.spec.group_sd) ** 2).sum()
        apart = jnp.log(census.observed) - jnp.log(jnp.maximum(groups * coverage, 1e-6))
        return -0.5 * ((apart / census.spec.group_sd) ** 2).sum()


def survival(hazard: Array) -> Array:
    """Return the proportions surviving a year [.., sex, age + 1] from death rates by age at its end.

    A cohort passes half the year in one age and half in the next; newborn live 0.3 years to their death
    and three quarters of the deaths under one fall in the year of birth (assumed, near observed splits).
    """
    newborn = jnp.exp(-0.75 * hazard[..., :1])
    infants = jnp.exp(-0.25 * hazard[..., :1] - 0.5 * hazard[..., 1:2])
    between = jnp.exp(-(hazard[..., 1:-1] + hazard[..., 2:]) / 2)
    return jnp.concatenate([newborn, infants, between, jnp.exp(-hazard[..., -1:])], axis=-1)


def _log_normal(observed: Any, expected: Array, sd: Array) -> Array:
    held = np.isfinite(observed)
    apart = jnp.log(np.where(held, observed, 1.0)) - jnp.log(jnp.where(held, expected, 1.0))
    return (held * (-0.5 * (apart / sd) ** 2 - jnp.log(sd))).sum()


def _mean_sd(prior: Prior) -> tuple[float, float]:
    assert prior.mean is not None
    assert prior.sd is not None
    return prior.mean, prior.sd
