"""Sections 3 to 7 of docs/model.md written out a second time, with loops, from the page alone.

Names follow the symbols of the page. Nothing of the code of the model is used but the unknowns in their own
units and what was read of the case.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import expit, logit, ndtr
from scipy.stats import triang

Array = Any
OLDEST = 100
GROUPS = (range(1), range(1, 5), range(5, 15), range(15, 40), range(40, 60), range(60, 101))
PEOPLE = [(s, x) for s in range(2) for x in range(101)]  # women are 0
W = 1 / (1 + np.exp(-(15 - np.arange(101)) / 2))


def line(values: Array, knots: Any, age: int) -> float:
    return float(np.interp(age, list(knots), values))


def group(x: int) -> int:
    return next(g for g, ages in enumerate(GROUPS) if x in ages)


# 3
def of_prior(prior: Any, z: Array) -> Array:
    """Return the unknown of a declared prior, or of a fixed number."""
    if prior is None or isinstance(prior, int | float):
        return (prior or 0.0) + 0 * z
    if prior.dist == "normal":
        return prior.mean + prior.sd * z
    if prior.dist == "heavy_tailed":
        return prior.mean + prior.sd * z * np.exp(prior.tail * z**2 / 2)
    if prior.dist == "logit_normal":
        return expit(logit(prior.mean) + prior.sd * z)
    span = prior.high - prior.low
    if prior.dist == "uniform":
        return prior.low + span * ndtr(z)
    return triang.ppf(ndtr(z), (prior.mode - prior.low) / span, prior.low, span)


class History:
    """One draw of the unknowns `u` of the model of a `layout` with its `figures`."""

    def __init__(self, layout: Any, figures: Any, u: Mapping[str, Array], t0: int) -> None:
        self.layout, self.spec, self.figures, self.u, self.t0 = layout, layout.spec, figures, u, t0
        self.inside = np.asarray(layout.crisis) > 0
        self.crisis = np.flatnonzero(self.inside).tolist()
        self.quiet = np.flatnonzero(~self.inside).tolist()
        self.years = len(layout.years)
        self.normal, self.actual = self.death_rates()
        self.usual, self.fertility = self.total_fertility()
        self.mu, self.persons, self.extra = self.migration()
        self.n0 = self.people_at_start()
        self.stocks, self.births, self.deaths, self.excess, self.migrants = self.project(
            self.actual, self.fertility
        )

    def years_of(self, text: str | None) -> list[int]:
        return np.flatnonzero(self.layout.mark(text)).tolist()

    def after_crisis(self) -> list[int]:
        return [t for t in range(self.years) if 1 <= t - self.crisis[-1] <= 4]

    # 4 and 5
    def death_rates(self) -> tuple[Array, Array]:
        u, pattern = self.u, self.figures.mortality
        normal = np.zeros((self.years, 2, 101))
        actual = np.zeros_like(normal)
        for t in range(self.years):
            for s in range(2):
                for x in range(101):
                    child = u["mortality_level_child"] + u["mortality_trend_child"] * (t - self.t0)
                    adult = u["mortality_level_adult"] + u["mortality_trend_adult"] * (t - self.t0)
                    log = np.log(pattern[s, x]) + W[x] * child + (1 - W[x]) * adult
                    log += line(u["mortality_age"][s], (0, 1, 5, 15, 30, 45, 60, 75, 90), x)
                    normal[t, s, x] = np.exp(log)
                    if self.inside[t]:
                        log += self.sigma(t, group(x))
                    else:
                        child, adult = u["mortality_year"][self.quiet.index(t)]
                        log += W[x] * child + (1 - W[x]) * adult
                    actual[t, s, x] = np.exp(log)
        return normal, actual

    def s_of(self, t: int) -> float:
        return float(self.u["shock_year"][self.crisis.index(t)]) if t in self.crisis else 0.0

    def sigma(self, t: int, g: int) -> float:
        at = self.crisis.index(t)
        deaths = (self.figures.mortality * self.figures.start).sum(0)
        pi = [deaths[list(ages)].sum() / deaths.sum() for ages in GROUPS]
        apart = self.s_of(t) * (self.u["shock_age"] + self.u["shock_year_age"][at])
        return float(self.s_of(t) + apart[g] - np.log(np.sum(pi * np.exp(apart))))

    # 6
    def total_fertility(self) -> tuple[Array, Array]:
        u = self.u
        usual, actual = np.zeros(self.years), np.zeros(self.years)
        social, after = self.years_of(self.spec.social_decline), self.after_crisis()
        answering = [t for t in range(self.years) if t in self.crisis or t - 1 in self.crisis]
        for t in range(self.years):
            usual[t] = u["fertility_level"] + u["fertility_trend"] * (t - self.crisis[0])
            actual[t] = usual[t] + u["fertility_year"][t]
            actual[t] -= u["fertility_hunger"] * (0.75 * self.s_of(t - 1) + 0.25 * self.s_of(t))
            actual[t] += u["fertility_social"] * (t in social)
            if t in answering:
                actual[t] += u["fertility_crisis"][answering.index(t)]
            if t in after:
                actual[t] += u["fertility_rebound"][after.index(t)]
        return np.exp(usual), np.exp(actual)

    # 7
    def people_at_start(self) -> Array:
        u, out = self.u, np.array(self.figures.start, float)
        for s in range(2):
            for x in range(101):
                bend = line(u["start_ages"][s], range(0, 101, 10), x)
                bend += line(u["start_cohort"], range(0, 101, 5), x)
                out[s, x] *= np.exp(u["start_total"] + bend)
        return out

    def migration(self) -> tuple[Array, Array, Array]:
        """Return mu(t), J(t) and mu_e(t)."""
        u, none, kind = self.u, np.zeros(self.years), self.spec.migration.kind
        if kind == "closed":
            return none, none, none
        if kind == "known":
            return u["migration"], self.figures.net_migrants, none
        extra, after = none.copy(), self.after_crisis()
        extra[self.crisis] = u["migration_crisis"]
        for t in after:
            extra[t] = -expit(u["migration_return"]) * u["migration_crisis"].sum() / len(after)
        return u["migration_level"] + u["migration"], none, extra

    def crisis_ages(self) -> Array:
        men, work = expit(self.u["migration_crisis_men"]), expit(self.u["migration_crisis_age"])
        workers = schedule(men)
        mean = sum(workers[s, x] for s, x in PEOPLE) / len(PEOPLE)
        out = np.zeros((2, 101))
        for s, x in PEOPLE:
            out[s, x] = work * workers[s, x] / mean + (1 - work) * 2 * (men if s else 1 - men)
        return out

    def net_rates(self, t: int, now: Array) -> Array:
        """Return G(t,s,x) of the people `now`."""
        usual, crisis = schedule(0.6), self.crisis_ages()
        level = self.mu[t] + self.persons[t] / now.sum()
        return level * usual / average(usual, now) + self.extra[t] * crisis / average(crisis, now)

    def project(self, rates: Array, fertility: Array) -> tuple[Array, ...]:
        """Return people on 1 January, births, deaths and excess deaths by age at death, net migrants."""
        migrants = np.zeros(self.years)
        stocks, births = np.zeros((self.years + 1, 2, 101)), np.zeros((self.years, 2))
        deaths, excess = np.zeros((self.years, 2, 101)), np.zeros((self.years, 2, 101))
        stocks[0] = self.n0
        for t in range(self.years):
            now = stocks[t]
            net = self.net_rates(t, now)
            migrants[t], early = (net * now).sum(), now * (1 + net / 2)
            alive = np.zeros((2, 101))
            for s in range(2):
                for x in range(101):
                    dead = self.cohort(t, s, x, early[s, x], rates, deaths, excess)
                    alive[s, min(x + 1, OLDEST)] += early[s, x] - dead
            born = sum(fertility[t] * self.figures.fertility[x] * (early[0, x] + alive[0, x]) / 2
                       for x in range(101))  # fmt: skip
            births[t] = born / 2.06, born * 1.06 / 2.06
            for s in range(2):
                alive[s, 0] = births[t, s] - self.cohort(t, s, -1, births[t, s], rates, deaths, excess)
            stocks[t + 1] = alive + net / 2 * now
        return stocks, births, deaths, excess, migrants

    def cohort(
        self, t: int, s: int, x: int, people: float, rates: Array, deaths: Array, excess: Array
    ) -> float:
        """Share a cohort's deaths over its two ages; x is -1 for the newborn. Return the deaths."""

        def risks(m: Array) -> tuple[float, float]:
            if x == -1:
                return 0.75 * m[0], 0.0
            if x == OLDEST:
                return m[OLDEST], 0.0
            return (0.25 if x == 0 else 0.5) * m[x], 0.5 * m[x + 1]

        early, late = risks(rates[t, s])
        dead = people * (1 - np.exp(-(early + late)))
        over = 1 - sum(risks(self.normal[t, s])) / (early + late)
        for age, part in ((max(x, 0), early), (min(x + 1, OLDEST), late)):
            deaths[t, s, age] += dead * part / (early + late)
            excess[t, s, age] += dead * over * part / (early + late)
        return float(dead)

    # 12
    def twin(self) -> tuple[Array, Array, Array, Array]:
        """Return people, births, deaths and net migrants [year] of the twin history."""
        stocks, births, deaths, _, migrants = self.project(self.normal, self.usual)
        return stocks.sum((1, 2)), births.sum(1), deaths.sum((1, 2)), migrants


def schedule(men: float) -> Array:
    """Return a(s,x; h) [sex, age]."""
    out = np.zeros((2, 101))
    for s, x in PEOPLE:
        young = 0.02 * np.exp(-0.1 * (x + 0.5)) + 0.003
        work = 0.06 * np.exp(-0.1 * (x + 0.5 - 20) - np.exp(-0.4 * (x + 0.5 - 20)))
        out[s, x] = 2 * (men if s else 1 - men) * work + young
    return out


def average(ages: Array, people: Array) -> float:
    return float(sum(ages[s, x] * people[s, x] for s, x in PEOPLE) / people.sum())
