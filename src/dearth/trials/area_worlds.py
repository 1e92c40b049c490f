"""Districts whose true death rates are known, surveyed as those of a case: same places, recalls and errors.

Deaths follow the true rate of each group of people in each month. A survey finds the log of the mean rate
over its recall (deaths over person-time, not a mean of logs) with its sampling error.
"""

from dataclasses import dataclass, replace

import numpy as np

from dearth.estimate.small_areas.group_rates import mean_factor
from dearth.estimate.small_areas.inputs import SmallAreaInputs
from dearth.estimate.small_areas.rate_model import (
    COMMON_MONTHS,
    OWN_MONTHS,
    SurveyedRates,
    correlation,
)
from dearth.numerics.interval import Floats

PLACES, MONTHS, CELLS, ERRORS, SLOPE = 0.3, 0.2, 0.2, 0.15, 0.15  # sds of the log rate, and a slope (assumed)
OFFSET, OWN_OFFSET = 0.5, 0.2  # sds of the log rate of a group, in all and in one district (assumed)
HIT, TIMES, LASTING = 0.25, 3.0, 4  # outbreaks: share of districts, rate over the usual, months (assumed)
RISE = 1.0  # crisis: rise of the log rate of all districts in the last third of the months (assumed)
Rng = np.random.Generator


@dataclass(frozen=True)
class AreaWorld:
    """One kind of population.

    Attributes
    ----------
    name, label : identifier, and what readers see
    outbreaks : a quarter of the districts has three times the rate for four months
    crisis : the rate of all districts rises over the last third of the months
    slope : of the log rate with the first predictor
    sought : surveys are made in the districts that are worst in that month
    wrong : the true sampling error over the one that surveys state
    """

    name: str
    label: str
    outbreaks: bool = False
    crisis: bool = False
    slope: float = SLOPE
    sought: bool = False
    wrong: float = 1.0


WORLDS = (
    AreaWorld("usual", "districts and months differ as assumed"),
    AreaWorld("unrelated", "predictors say nothing", slope=0.0),
    AreaWorld("crisis", "all districts rise 2.7-fold", crisis=True),
    AreaWorld("outbreaks", "outbreaks in a quarter of the districts", outbreaks=True),
    AreaWorld("sought", "outbreaks; the worst districts are surveyed", outbreaks=True, sought=True),
    AreaWorld("wrong", "surveys err by half as much again", wrong=1.5),
)  # slopes and errors: assumed


@dataclass(frozen=True)
class TrueRates:
    """True death rates per 10,000 a day.

    Attributes
    ----------
    others : of the people in no group with counts, (P, T)
    offsets : log rate of each group less that, (P, G)
    whole : of all people of a district, (P, T)
    """

    others: Floats
    offsets: Floats
    whole: Floats


def true_rates(world: AreaWorld, inputs: SmallAreaInputs, level: float, rng: Rng) -> TrueRates:
    """Return the true rates of a population with the districts, months, people and predictors of a case.

    Parameters
    ----------
    level : usual rate, per 10,000 a day
    """
    x = inputs.predictors.values
    p, t = x.shape[:2]
    roots = [np.linalg.cholesky(correlation(t, length)) for length in (COMMON_MONTHS, OWN_MONTHS)]
    log_rate = np.log(level) + PLACES * rng.standard_normal((p, 1))
    log_rate = log_rate + MONTHS * (roots[0] @ rng.standard_normal(t))
    log_rate = log_rate + CELLS * rng.standard_normal((p, t)) @ roots[1].T
    if x.shape[-1]:
        log_rate = log_rate + world.slope * x[..., 0]
    if world.crisis:
        log_rate = log_rate + RISE * np.clip((np.arange(t) - 2 * t / 3) / (t / 6), 0, 1)
    if world.outbreaks:
        log_rate = log_rate + np.log(TIMES) * _outbreaks(p, t, rng)
    size = len(inputs.groups)
    offsets = OFFSET * rng.standard_normal(size) + OWN_OFFSET * rng.standard_normal((p, size))
    shares = next(iter(inputs.people.values())).shares
    factor = mean_factor(shares, offsets[None, :, : shares.shape[-1]])[0]
    return TrueRates(np.exp(log_rate), offsets, np.exp(log_rate) * factor)


def _outbreaks(places: int, months: int, rng: Rng) -> Floats:
    """Return 1 in the months of outbreaks of the districts that have one, (P, T)."""
    found = np.zeros((places, months))
    for place in np.flatnonzero(rng.random(places) < HIT):
        start = int(rng.integers(0, max(1, months - LASTING + 1)))
        found[place, start : start + LASTING] = 1.0
    return found


def surveyed_rates(world: AreaWorld, inputs: SmallAreaInputs, truth: TrueRates, rng: Rng) -> SurveyedRates:
    """Return what surveys with the recalls, groups and errors of the case find in a population."""
    s = inputs.surveys
    place = s.place
    if world.sought:
        place = _worst(s, truth, rng)
    shares = next(iter(inputs.people.values())).shares
    groups = s.groups.copy()
    whole = (groups < 1).all(1)  # surveys of all people of a district: the shares are those of its groups
    groups[whole, : shares.shape[-1]] = np.einsum("nt,ntg->ng", s.shares, shares[place])[whole]
    others = (s.shares * truth.others[place]).sum(1)
    rate = others * (1 + (groups * np.expm1(truth.offsets[place])).sum(1))
    error = np.hypot(world.wrong * s.error, ERRORS)
    found = np.log(rate) + error * rng.standard_normal(len(rate))
    return replace(s, log_rate=found, place=place, groups=groups)


def _worst(s: SurveyedRates, truth: TrueRates, rng: Rng) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return for each survey a district among the worst tenth of the months that it asks about."""
    rates = truth.whole @ s.shares.T  # (P, N)
    count = max(1, len(rates) // 10)
    worst = np.argsort(-rates, axis=0)[:count]
    return np.asarray(worst[rng.integers(0, count, rates.shape[1]), np.arange(rates.shape[1])])
