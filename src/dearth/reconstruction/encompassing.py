"""What the encompassing scenario says of the others: did registration fall, and which do the records support.

Inside one wide prior the evidence for a region is its posterior mass over its prior mass (the encompassing
prior of Wetzels and others 2010). The region of a scenario is the central 90 % of each of its own priors of
completeness, normal and in the crisis.

References
----------
wetzels2010
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from dearth.reconstruction.posterior_tables import Encompassing, RegionEvidence
from dearth.reconstruction.priors import ShareForm
from dearth.reconstruction.scenarios import Registration

Floats = NDArray[np.float64]
CENTRAL = 0.9
Region = tuple[tuple[float, float], tuple[float, float]]  # of completeness normal and in the crisis


def encompassing(
    scenario: str, prior: tuple[Floats, Floats], posterior: tuple[Floats, Floats],
    others: Mapping[str, Registration],
) -> Encompassing:  # fmt: skip
    """Return the evidence for every other scenario inside the encompassing one.

    Parameters
    ----------
    scenario
        Name of the encompassing scenario.
    prior, posterior
        Its draws of completeness in normal years and in the crisis, each [draw].
    others
        The registration of every other scenario.
    """
    found = {}
    for name, registration in others.items():
        region = region_of(registration)
        masses = [float(np.mean(_inside(draws, region))) for draws in (prior, posterior)]
        ratio = masses[1] / masses[0] if masses[0] > 0 else None
        found[name] = RegionEvidence(ratio, masses[0], masses[1], [list(ends) for ends in region])
    fell = [float(np.mean(crisis < normal)) for normal, crisis in (prior, posterior)]
    return Encompassing(scenario, fell[1], fell[0], found)


def region_of(registration: Registration) -> Region:
    """Return the central 90 % of a scenario's priors of completeness, normal and in the crisis."""
    normal = registration.completeness_normal
    return _central(normal), _central(registration.completeness_crisis or normal)


def _central(form: ShareForm) -> tuple[float, float]:
    low, mode, high, centre, sd = form
    ends = np.array([(1 - CENTRAL) / 2, (1 + CENTRAL) / 2])
    if sd > 0:
        found = expit(centre + sd * ndtri(ends))
    elif mode < 0:
        found = low + (high - low) * ends
    else:
        cut = (mode - low) / (high - low)
        rising, falling = np.sqrt(ends * cut), 1 - np.sqrt((1 - ends) * (1 - cut))
        found = low + (high - low) * np.where(ends < cut, rising, falling)
    return float(found[0]), float(found[1])


def _inside(draws: tuple[Floats, Floats], region: Region) -> NDArray[np.bool_]:
    normal, crisis = draws
    (a, b), (c, d) = region
    return (normal >= a) & (normal <= b) & (crisis >= c) & (crisis <= d)


def prior_of_shares(form: ShareForm, rng: np.random.Generator, draws: int) -> Floats:
    """Return draws [draw] of a share whose log odds are normal, or of an even one."""
    low, mode, high, centre, sd = form
    if sd > 0:
        return np.asarray(expit(centre + sd * rng.standard_normal(draws)))
    if mode >= 0:
        return np.asarray(rng.triangular(low, mode, high, draws))
    return np.asarray(rng.uniform(low, high, draws))
