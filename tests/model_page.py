"""The equations of docs/model.md written out a second time, with loops, from the page alone.

Names follow the symbols of the page. Nothing of the code of the model is used but the unknowns in their own
units and what was read of the case.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import gammaln

Array = Any
OLDEST = 100
GROUPS = (range(1), range(1, 5), range(5, 15), range(15, 40), range(40, 60), range(60, 101))
W = 1 / (1 + np.exp(-(15 - np.arange(101)) / 2))


def line(values: Array, knots: Any, age: int) -> float:
    return float(np.interp(age, list(knots), values))


def group(x: int) -> int:
    return next(g for g, ages in enumerate(GROUPS) if x in ages)


class Page:
    """One draw of the unknowns `u` of a model that was `given` records."""

    def __init__(self, given: Any, u: Mapping[str, Array], t0: int) -> None:
        self.given, self.u, self.t0 = given, u, t0
        self.inside = np.asarray(given.crisis) > 0
        self.crisis = np.flatnonzero(self.inside)
        self.years = len(given.years)
        self.normal, self.actual = self.death_rates()
        self.usual, self.fertility = self.total_fertility()
        self.n0 = self.people_at_start()
        self.stocks, self.births, self.deaths, self.excess = self.project(self.actual, self.fertility)

    def years_of(self, text: str | None) -> list[int]:
        return np.flatnonzero(self.given.mark(text)).tolist()

    # 4 and 5
    def death_rates(self) -> tuple[Array, Array]:
        u, pattern = self.u, self.given.records.mortality
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
                        log += W[x] * u["mortality_year"][t, 0] + (1 - W[x]) * u["mortality_year"][t, 1]
                    actual[t, s, x] = np.exp(log)
        return normal, actual

    def s_of(self, t: int) -> float:
        return float(self.u["shock_year"][list(self.crisis).index(t)]) if t in self.crisis else 0.0

    def sigma(self, t: int, g: int) -> float:
        at = list(self.crisis).index(t)
        deaths = (self.given.records.mortality * self.given.records.start).sum(0)
        pi = [deaths[list(ages)].sum() / deaths.sum() for ages in GROUPS]
        apart = self.s_of(t) * (self.u["shock_age"] + self.u["shock_year_age"][at])
        return float(self.s_of(t) + apart[g] - np.log(np.sum(pi * np.exp(apart))))

    # 6
    def total_fertility(self) -> tuple[Array, Array]:
        u = self.u
        usual, actual = np.zeros(self.years), np.zeros(self.years)
        social = self.years_of(self.given.spec.social_decline)
        for t in range(self.years):
            usual[t] = u["fertility_level"] + u["fertility_trend"] * (t - self.crisis[0])
            actual[t] = usual[t] + u["fertility_year"][t]
            actual[t] -= u["fertility_hunger"] * (0.75 * self.s_of(t - 1) + 0.25 * self.s_of(t))
            actual[t] += u["fertility_social"] * (t in social)
            after = t - self.crisis[-1]
            if 1 <= after <= 4:
                actual[t] += u["fertility_rebound"][after - 1]
        return np.exp(usual), np.exp(actual)

    # 7
    def people_at_start(self) -> Array:
        u, out = self.u, np.array(self.given.records.start, float)
        for s in range(2):
            for x in range(101):
                bend = line(u["start_ages"][s], range(0, 101, 10), x)
                bend += line(u["start_cohort"], range(0, 101, 5), x)
                out[s, x] *= np.exp(u["start_total"] + bend)
        return out

    def project(self, rates: Array, fertility: Array) -> tuple[Array, Array, Array, Array]:
        """Return people on 1 January, births, deaths and excess deaths by age at death."""
        stocks, births = np.zeros((self.years + 1, 2, 101)), np.zeros((self.years, 2))
        deaths, excess = np.zeros((self.years, 2, 101)), np.zeros((self.years, 2, 101))
        stocks[0] = self.n0
        for t in range(self.years):
            mu, now = self.u["migration"][t], stocks[t]
            early = now * (1 + mu / 2)
            alive = np.zeros((2, 101))
            for s in range(2):
                for x in range(101):
                    dead = self.cohort(t, s, x, early[s, x], rates, deaths, excess)
                    alive[s, min(x + 1, OLDEST)] += early[s, x] - dead
            born = sum(fertility[t] * self.given.fertility[x] * (early[0, x] + alive[0, x]) / 2
                       for x in range(101))  # fmt: skip
            births[t] = born / 2.06, born * 1.06 / 2.06
            for s in range(2):
                alive[s, 0] = births[t, s] - self.cohort(t, s, -1, births[t, s], rates, deaths, excess)
            stocks[t + 1] = alive + mu / 2 * now
        return stocks, births, deaths, excess

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

    # 8
    def completeness(self) -> tuple[Array, Array]:
        """Return k(t,s,x) and lambda(t)."""
        u = self.u
        k, lam = np.zeros((self.years, 2, 101)), np.zeros(self.years)
        for t in range(self.years):
            kappa = u["completeness_crisis"] if self.inside[t] else u["completeness_normal"]
            lam[t] = moved(u["birth_completeness"], u["birth_completeness_crisis"] * self.inside[t])
            for s in range(2):
                for x in range(101):
                    omega = u["completeness_women"] * (s == 0) + u["completeness_infant"] * (x == 0)
                    omega += u["completeness_child"] * (1 <= x <= 14) + u["completeness_old"] * (x >= 60)
                    k[t, s, x] = moved(kappa, omega)
                k[t, s, 0] *= 1 - u["infant_coupling"] * (1 - lam[t])
        return k, lam

    # 9
    def register(self) -> tuple[Array, Array, Array, Array, Array]:
        """Return expected deaths, births, stocks and mid-year people, and entries registered as deaths."""
        u, spec = self.u, self.given.spec
        k, lam = self.completeness()
        late_from, late_in = self.years_of(spec.late_from), self.years_of(spec.late_in) or list(self.crisis)
        missed = sum(((1 - k[t]) * self.deaths[t]).sum() for t in late_from)
        true = self.stocks.sum((1, 2))
        e = np.cumsum([u["stock_error_start"], *u["stock_error_step"]])
        false = soft(true * (np.exp(e) - 1), spec.false_and_missing_entries * true[0])
        removed = soft(false[:-1] - false[1:], 1e-4 * true[0])
        struck = u["removals_share"] * removed
        late = np.array([u["late_share"] * missed / len(late_in) * (t in late_in) for t in range(self.years)])
        held = true * np.exp(e)
        expected = (k * self.deaths).sum((1, 2)) + late + struck
        return expected, lam * self.births.sum(1), held[1:], (held[1:] + held[:-1]) / 2, struck

    # 10
    def people_on(self, date: float) -> Array:
        at = date - self.given.years[0]
        low, part = int(at), at - int(at)
        return self.on_january(low) * (1 - part) + (self.on_january(low + 1) * part if part else 0)

    def on_january(self, t: int) -> Array:
        if t <= self.years:
            return self.stocks[t]
        u, log, out = self.u, np.log(self.normal[-1]), np.zeros((2, 101))
        for s in range(2):
            for x in range(101):
                risk = 0.0
                for j in range(1, t - self.years + 1):
                    y = min(x + j - 1, OLDEST)
                    middle = (log[s, y] + log[s, min(y + 1, OLDEST)]) / 2
                    fall = W[y] * u["mortality_decline_later_child"]
                    fall += (1 - W[y]) * u["mortality_decline_later_adult"]
                    fall += line(u["mortality_decline_later_age"][s], (0, 20, 50, 80), y)
                    risk += np.exp(middle - j * fall)
                out[s, min(x + t - self.years, OLDEST)] += self.stocks[-1][s, x] * np.exp(-risk)
        return out

    # 11
    def log_likelihood(self) -> float:
        held, spec, u = self.given.records, self.given.spec, self.u
        deaths, births, stocks, midyear, struck = self.register()
        total = log_normal(held.deaths, deaths, np.sqrt(u["deaths_noise"] ** 2 + 1 / held.deaths))
        total += log_normal(held.births, births, np.sqrt(u["births_noise"] ** 2 + 1 / held.births))
        for seen, wanted in ((held.stocks, stocks), (held.midyear, midyear)):
            total += log_normal(seen, wanted, np.full(self.years, spec.stocks_sd))
        total += log_normal(
            held.total_fertility, self.fertility, np.full(self.years, spec.total_fertility_sd)
        )
        return total + self.ages_of_death() + self.censuses() + self.comparison_of_places(struck)

    def ages_of_death(self) -> float:
        first, total = [0, 1, *range(5, 86, 5), 101], 0.0
        held = self.given.records.deaths_by_age
        k, _ = self.completeness()
        for t in np.flatnonzero(np.isfinite(held).any((1, 2))):
            seen = k[t] * self.deaths[t]
            cells = np.array([[seen[s, a:b].sum() for a, b in pairwise(first)]
                              for s in range(2)])  # fmt: skip
            mean = held[t].sum() * cells / cells.sum()
            size = 1 / (self.u["age_noise"] ** 2 + 0.001**2)  # variance mean + mean^2 / size
            n = held[t]
            each = gammaln(n + size) - gammaln(size)
            each += size * np.log(size / (size + mean)) + n * np.log(mean / (size + mean))
            total += each.sum()
        return float(total)

    def censuses(self) -> float:
        total = 0.0
        for at, census in enumerate(self.given.censuses):
            people, sd = self.people_on(census.spec.date), census.spec.group_sd
            expected = np.array([(people * one).sum() for one in census.groups])
            if census.shares:
                apart = (census.observed - expected / people.sum())[:-1] / sd
            else:
                coverage = self.u["coverage"][self.given.counts.index(census.name)]
                expected *= coverage * self.u["coverage_relative"][at]
                apart = np.log(census.observed / expected) / np.sqrt(sd**2 + 1 / census.observed)
            total -= 0.5 * (apart**2).sum()
        return total

    def comparison_of_places(self, struck: Array) -> float:
        found, spec = self.given.placebo, self.given.spec.placebo
        if found is None:
            return 0.0
        people = self.stocks.sum((1, 2))
        after = self.years_of(spec.after)
        share = sum(struck[t] for t in after) / sum((people[t] + people[t + 1]) / 2 for t in after)
        return -0.5 * ((share - found.implied) / found.implied_sd) ** 2

    # 12
    def twin(self) -> tuple[Array, Array, Array]:
        """Return people, births and deaths [year] of the twin history."""
        stocks, births, deaths, _ = self.project(self.normal, self.usual)
        return stocks.sum((1, 2)), births.sum(1), deaths.sum((1, 2))


def moved(share: float, log_odds: float) -> float:
    """Return the share whose logit is that of `share` plus `log_odds`."""
    if share == 1:
        return 1.0
    return float(1 / (1 + np.exp(-(np.log(share / (1 - share)) + log_odds))))


def soft(y: Array, v: float) -> Array:
    return v * np.logaddexp(0, y / v)


def log_normal(seen: Array, expected: Array, sd: Array) -> float:
    held = np.isfinite(seen)
    apart = np.log(seen[held] / expected[held]) / sd[held]
    return float((-0.5 * apart**2 - np.log(sd[held])).sum())
