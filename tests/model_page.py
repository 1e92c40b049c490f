"""Sections 8 to 11 of docs/model.md written out a second time, with loops, from the page alone.

The people and their births and deaths are those of `model_page_people`.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import gammaln

from model_page_people import OLDEST, History, W, average, line, schedule

Array = Any


class Page(History):
    """What the records should show of one history, and how well they fit it."""

    # 8
    def completeness(self) -> tuple[Array, Array]:
        """Return k(t,s,x) and lambda(t)."""
        u = self.u
        k, lam = np.zeros((self.years, 2, 101)), np.zeros(self.years)
        mean = np.mean([np.exp(self.s_of(t)) for t in self.crisis])
        for t in range(self.years):
            kappa = u["completeness_normal"]
            if self.inside[t]:
                load = np.exp(self.s_of(t)) - mean
                kappa = moved(u["completeness_crisis"], -u["completeness_overload"] * load)
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
        u, spec = self.u, self.spec
        k, lam = self.completeness()
        late_from, late_in = self.years_of(spec.late_from), self.years_of(spec.late_in) or self.crisis
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
        at = date - self.layout.years[0]
        low, part = int(at), at - int(at)
        return self.on_january(low) * (1 - part) + (self.on_january(low + 1) * part if part else 0)

    def on_january(self, t: int) -> Array:
        if t <= self.years:
            return self.stocks[t]
        u, log, out = self.u, np.log(self.normal[-1]), np.zeros((2, 101))
        net = np.zeros((2, 101))
        if self.spec.migration.kind == "unknown":
            usual = schedule(0.6)
            net = (self.mu[-5:].mean() + u["migration_later"]) * usual / average(usual, self.stocks[-1])
        for s in range(2):
            for x in range(101):
                risk = 0.0
                for j in range(1, t - self.years + 1):
                    y = min(x + j - 1, OLDEST)
                    middle = (log[s, y] + log[s, min(y + 1, OLDEST)]) / 2
                    fall = W[y] * u["mortality_decline_later_child"]
                    fall += (1 - W[y]) * u["mortality_decline_later_adult"]
                    fall += line(u["mortality_decline_later_age"][s], (0, 20, 50, 80), y)
                    risk += np.exp(middle - j * fall) - net[s, y]
                out[s, min(x + t - self.years, OLDEST)] += self.stocks[-1][s, x] * np.exp(-risk)
        return out

    # 11
    def log_likelihood(self) -> float:
        held, spec, u = self.figures, self.spec, self.u
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
        held = self.figures.deaths_by_age
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
        total, tables = 0.0, 0
        for census, observed in zip(self.layout.censuses, self.figures.counted, strict=True):
            people, sd = self.people_on(census.spec.date), census.spec.group_sd
            expected = np.array([(people * one).sum() for one in census.groups])
            if census.shares:
                total += normal(observed[:-1], (expected / people.sum())[:-1], np.full(len(observed) - 1, sd))
                continue
            expected *= self.u["coverage"][self.layout.counts.index(census.name)]
            if census.spec.relative is not None:
                expected *= self.u["coverage_relative"][tables]
                tables += 1
            total += log_normal(observed, expected, np.sqrt(sd**2 + 1 / observed))
        return total

    def comparison_of_places(self, struck: Array) -> float:
        implied, sd = self.figures.placebo
        if np.isnan(implied):
            return 0.0
        people = self.stocks.sum((1, 2))
        after = self.years_of(self.spec.placebo.after)
        removals = sum(struck[t] for t in after) / sum((people[t] + people[t + 1]) / 2 for t in after)
        return normal(np.array([implied]), np.array([removals]), np.array([sd]))


def moved(share: float, log_odds: float) -> float:
    """Return the share whose logit is that of `share` plus `log_odds`."""
    if share == 1:
        return 1.0
    return float(1 / (1 + np.exp(-(np.log(share / (1 - share)) + log_odds))))


def soft(y: Array, v: float) -> Array:
    return v * np.logaddexp(0, y / v)


def normal(seen: Array, expected: Array, sd: Array) -> float:
    apart = (seen - expected) / sd
    return float((-0.5 * apart**2 - np.log(sd)).sum())


def log_normal(seen: Array, expected: Array, sd: Array) -> float:
    held = np.isfinite(seen)
    return normal(np.log(seen[held]), np.log(expected[held]), sd[held])
