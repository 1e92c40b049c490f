"""One account of the whole and its places: their deaths and births add up in every draw.

Draws of the whole and of its places come from two fits. Where both are about normal, drawing them jointly
under the account

    whole = sum of the places + people in no place + difference of definition

is the same as moving each draw along its covariance with the gap of that account (Matheron's rule; Wilson and
others 2021). The part in no place is never negative: it is a share of the whole's own deaths. The difference
of definition (boundaries, soldiers, scope) is an unknown with a prior, and is printed.

References
----------
wilson2021
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.interval import interval
from dearth.reconstruction.posterior_tables import Coherence

Floats = NDArray[np.float64]
DEFINITION_SD = 0.03  # sd of the difference of definition over the whole's deaths; assumed
REST_SD = 0.3  # sd of the log of the death rate of people in no place over the whole's; assumed


@dataclass(frozen=True)
class Account:
    """Draws of one quantity that add up: whole = places.sum + rest + discrepancy, each draw.

    Attributes
    ----------
    whole : [draw]
    places : [draw, place]
    rest : of people in no place [draw], never negative
    discrepancy : difference of definition [draw]
    gap_sd : mean gap of the account before, in its standard deviations
    """

    whole: Floats
    places: Floats
    rest: Floats
    discrepancy: Floats
    gap_sd: float


def reconciled(whole: Floats, places: Floats, outside: float, rng: np.random.Generator) -> Account:
    """Return draws that satisfy the account.

    Parameters
    ----------
    whole, places
        Deaths (or births) of the whole [draw] and of each place [draw, place], persons, paired.
    outside
        Share of the whole's people who are in no place.
    """
    many = len(whole)
    rest = outside * np.exp(REST_SD * rng.standard_normal(many))
    discrepancy = DEFINITION_SD * whole.mean() * rng.standard_normal(many)
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


def coherence(
    scenario: str, deaths: Account, excess: tuple[Floats, Floats], before: tuple[Floats, Floats]
) -> Coherence:
    """Return whether places and whole agree, as printed.

    Parameters
    ----------
    deaths
        The reconciled deaths of the window.
    excess
        Excess deaths of the whole [draw] and of the places [draw, place] before; normal deaths stay.
    before
        Deaths of the whole and of the places before.
    """
    whole = excess[0] + deaths.whole - before[0]
    places = (excess[1] + deaths.places - before[1]).sum(1)
    return Coherence(
        scenario, interval(places), interval(whole), interval(deaths.discrepancy), interval(deaths.rest),
        interval(excess[1].sum(1)), interval(excess[0]), deaths.gap_sd,
    )  # fmt: skip
