"""One account of the whole and its places: their excess deaths, and births, add up in every draw.

Draws of the whole and of its places come from two fits. Where both are about normal, drawing them jointly
under the account

    whole = sum of the places + people in no place + difference of definition

is the same as moving each draw along its covariance with the gap of that account (Matheron's rule; Wilson and
others 2021). People in no place die in excess as the whole does, give or take: their part is never negative
where the whole's is not. The difference of definition (boundaries, soldiers, scope) is an unknown with a
prior, and is printed.

References
----------
wilson2021
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.case.read import Case
from dearth.numerics.interval import interval
from dearth.population.vital_registration import read_register
from dearth.reconstruction.joint_draws import JointDraws
from dearth.reconstruction.posterior_tables import BirthsAccount, Coherence

Floats = NDArray[np.float64]
DEFINITION_SD = 0.03  # sd of the difference of definition over the deaths, or births, of the window; assumed
REST_SD = 0.3  # sd of the log of the excess death rate of people in no place over the whole's; assumed


@dataclass(frozen=True)
class Account:
    """Draws of excess deaths, or of births, that add up: whole = places.sum + rest + discrepancy, each draw.

    Attributes
    ----------
    whole : [draw]
    places : [draw, place]
    rest : of people in no place [draw], not negative where the whole is not
    discrepancy : difference of definition [draw]
    gap_sd : mean gap of the account before, in its standard deviations
    """

    whole: Floats
    places: Floats
    rest: Floats
    discrepancy: Floats
    gap_sd: float


def reconciled(
    whole: Floats, places: Floats, outside: float, definition_sd: float, rng: np.random.Generator
) -> Account:
    """Return draws that satisfy the account.

    Parameters
    ----------
    whole, places
        Excess deaths (or births) of the whole [draw] and of each place [draw, place], persons, paired.
    outside
        Share of the whole's people who are in no place.
    definition_sd
        Standard deviation of the difference of definition, persons or births.
    """
    many = len(whole)
    rest = outside * np.exp(REST_SD * rng.standard_normal(many))
    discrepancy = definition_sd * rng.standard_normal(many)
    gap = whole * (1 - rest) - places.sum(1) - discrepancy
    apart, variance = gap - gap.mean(), float(gap.var())
    if variance == 0:
        return Account(whole, places, rest * whole, discrepancy, 0.0)

    def moved(values: Floats) -> Floats:
        slope = (apart[:, None] * (values - values.mean(0))).mean(0) / variance
        return np.asarray(values - slope * gap[:, None])

    column = np.column_stack([whole, places, discrepancy])
    found = moved(column)
    # what the linear move leaves of the account, of second order in the rest's own spread, is of definition
    whole_now, places_now = found[:, 0], found[:, 1:-1]
    left = whole_now * (1 - rest) - places_now.sum(1)
    return Account(whole_now, places_now, rest * whole_now, left, float(gap.mean() / gap.std()))


def coherence(case: Case, draws: JointDraws, scenario: str, seed: int) -> Coherence | None:
    """Return whole and places of one scenario under one account; None where no place is printed.

    Parameters
    ----------
    draws
        Whole draws of the posterior, in which places are paired with the whole.
    """
    spec = case.settings.reconstruction
    if spec is None or spec.subpopulations is None or "place" not in draws.coordinates:
        return None
    at = draws.coordinates["scenario"].index(scenario)
    crisis = [draws.coordinates["year"].index(year) for year in draws.coordinates["crisis_year"]]
    names = draws.coordinates["place"]
    whole = np.asarray(draws["excess_deaths"][at], float).reshape(-1)
    places = np.asarray(draws["excess_deaths_by_place"][at], float).reshape(len(whole), len(names))
    deaths = np.asarray(draws["deaths"][at], float)[..., crisis].sum(-1)
    people = float(np.asarray(draws["people"][at], float)[..., crisis].mean())
    years = [int(year) for year in draws.coordinates["crisis_year"]]
    held = sum(_people(case, spec.subpopulations.register_name, name, years) for name in names)
    outside = max(0.0, 1 - held / people)
    rng = np.random.default_rng(seed)
    made = reconciled(whole, places, outside, DEFINITION_SD * float(deaths.mean()), rng)
    return Coherence(
        scenario, interval(made.places.sum(1)), interval(made.whole), interval(made.discrepancy),
        interval(made.rest), interval(places.sum(1)), interval(whole), made.gap_sd,
        _births(draws, at, crisis, outside, rng),
    )  # fmt: skip


def _births(
    draws: JointDraws, at: int, crisis: list[int], outside: float, rng: np.random.Generator
) -> BirthsAccount | None:
    """Return the births of the crisis years under the account."""
    if "births_by_place" not in draws.variables:
        return None
    whole = np.asarray(draws["births"][at], float)[..., crisis].sum(-1).reshape(-1)
    places = np.asarray(draws["births_by_place"][at], float).reshape(len(whole), -1)
    made = reconciled(whole, places, outside, DEFINITION_SD * float(whole.mean()), rng)
    return BirthsAccount(interval(made.places.sum(1)), interval(made.whole), interval(made.discrepancy),
                         interval(made.rest), made.gap_sd)  # fmt: skip


def _people(case: Case, register: str, place: str, years: list[int]) -> float:
    """Return the registered people of a place, the mean of the crisis years."""
    found = read_register(case, register, place)
    return float(np.mean([found.person_years[found.index[year]] for year in years]))
