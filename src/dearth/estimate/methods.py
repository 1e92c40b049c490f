"""The rate and the balance method, births lost, and the full counterfactual.

All arrays (D, Y): draws by calendar year. Rates per 1000 person-years, everything else persons.
The forms are standard identities of demography (preston2001, chapters 1 and 2).
"""

from dataclasses import dataclass

import numpy as np

from dearth.case.evidence import Floats
from dearth.population.vital_registration import VitalRegister, or_given


@dataclass(frozen=True)
class Corrected:
    """A register corrected for completeness: what happened if the correction is right.

    `deaths_share` and `births_share`, (1 or D, Y), correct the rates of years without a population.
    """

    register: VitalRegister
    deaths: Floats
    births: Floats
    deaths_share: Floats | float = 1.0
    births_share: Floats | float = 1.0

    @property
    def death_rate(self) -> Floats:
        """Crude death rate, corrected."""
        rates = 1000 * self.deaths / self.register.person_years
        return or_given(rates, self.register.given_death_rate, self.deaths_share)

    @property
    def birth_rate(self) -> Floats:
        """Crude birth rate, corrected."""
        rates = 1000 * self.births / self.register.person_years
        return or_given(rates, self.register.given_birth_rate, self.births_share)


def correct(register: VitalRegister, deaths_share: Floats, births_share: Floats) -> Corrected:
    """Divide recorded events by the share recorded, (1 or D, Y)."""
    return Corrected(
        register, register.deaths / deaths_share, register.births / births_share, deaths_share, births_share
    )


def births_from_fertility(
    register: VitalRegister, births_share: Floats, normal_years: tuple[int, ...]
) -> Floats:
    """Return births implied by total fertility, (D, Y).

    ``births = TFR x person-years x g``, where g, the women of fertile age per head over their mean
    age span, is the mean of birth rate over TFR in `normal_years`: the age pattern of women stays
    as it was then, the registers of the crisis are not used.
    """
    at = [register.index[year] for year in normal_years]
    rate = register.births / births_share / register.person_years
    women = (rate[:, at] / register.fertility[at]).mean(axis=1, keepdims=True)
    return np.asarray(women * register.fertility * register.person_years)


def rate_excess(corrected: Corrected, normal: Floats) -> Floats:
    """Excess deaths by year: ``(CDR_t / k_t - B_t) P_t / 1000``."""
    return corrected.deaths - normal * corrected.register.person_years / 1000


def balance_excess(corrected: Corrected, normal: Floats) -> Floats:
    """Excess deaths by year from stocks: births + net migration - stock change - normal deaths.

    It trusts the stocks and the births where the rate method trusts the registered deaths; the two
    differ by the residual of the accounts.
    """
    r = corrected.register
    implied = corrected.births + r.migration - (r.closing - r.opening)
    return implied - normal * r.person_years / 1000


def birth_deficit(corrected: Corrected, normal: Floats) -> Floats:
    """Births short of normal by year, signed: ``(b0 - b) P / 1000``."""
    return normal * corrected.register.person_years / 1000 - corrected.births


@dataclass(frozen=True)
class Counterfactual:
    """The accounts of actual and crisis-free populations over a window, (D,) persons each.

    ``N* - N = (B* - B) + (D - D*) - (M - M*)`` holds to rounding.
    """

    population_gap: Floats
    births_gap: Floats
    deaths_gap: Floats
    migration_gap: Floats

    @property
    def closure(self) -> Floats:
        """Left less right side of the identity; zero except for rounding."""
        return self.population_gap - (self.births_gap + self.deaths_gap - self.migration_gap)


def counterfactual(
    corrected: Corrected, normal_deaths: Floats, normal_births: Floats, weights: Floats
) -> Counterfactual:
    """Carry the crisis-free population through a window; `weights`, (Y,), its share of each year.

    The actual population follows corrected births and deaths, and migration with what else the accounts
    leave open, which is left as it was (M* = M). The crisis-free one has
    normal rates per head, b and d, on its own mean population:
    ``N*' = (N* (1 + (b-d)/2) + M) / (1 - (b-d)/2)``.
    D* holds deaths of the unborn and of survivors, which is why this line is never the headline.
    """
    r, at = corrected.register, np.flatnonzero(weights)
    w = weights[at]
    change = (r.closing - r.opening)[at]
    births, deaths = np.broadcast_arrays(corrected.births[:, at] * w, corrected.deaths[:, at] * w)
    migration = change * w - (births - deaths)
    d, b = np.broadcast_arrays(normal_deaths[:, at] * w / 1000, normal_births[:, at] * w / 1000)
    draws = max(len(deaths), len(d))
    # a July-June window opens at mid-year, half-way between the two stocks
    opening = r.opening[at[0]] + (1 - w[0]) * change[0]
    people = np.full(draws, opening)
    all_births, all_deaths = np.zeros(draws), np.zeros(draws)
    for j in range(len(at)):
        half = (b[:, j] - d[:, j]) / 2
        after = (people * (1 + half) + migration[:, j]) / (1 - half)
        all_births = all_births + b[:, j] * (people + after) / 2
        all_deaths = all_deaths + d[:, j] * (people + after) / 2
        people = after
    actual = opening + (births - deaths + migration).sum(axis=1)
    return Counterfactual(
        people - actual,
        all_births - births.sum(axis=1),
        deaths.sum(axis=1) - all_deaths,
        np.zeros(draws),
    )
