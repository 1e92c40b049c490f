"""Death rates of a survey by district and month: districts and months learn from each other.

The log rate of a district in a part of the recall is a common level plus a part of the month, of the district
and of both; months are correlated in time. Deaths are Poisson, deaths and person-time divided by the design
effect of the survey. The sds lie on a grid; given them the posterior is sampled as in `monthly_model`.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise, product
from typing import Any

import numpy as np

from dearth.estimate.surveys.cluster_model import summary
from dearth.estimate.surveys.monthly_model import (
    DRAWS,
    FEWEST_EFFECTIVE,
    MONTHS,
    SPREAD,
    Parts,
    fit_parts,
)
from dearth.estimate.surveys.persons import Persons
from dearth.estimate.surveys.rates import DeathRate
from dearth.estimate.surveys.recall_spans import SPAN, recall_spans, spans_of_group
from dearth.numerics.interval import Floats, Interval
from dearth.numerics.random_streams import stream

FEWEST_PARTS, FEWEST_DEATHS = 2, 20  # without which the rows say hardly more than the prior (assumed)
MOST_CELLS = 200  # districts times months
OWN_MONTHS = 2.0  # parts of 30 days over which a district's own part is correlated (assumed)
MONTH_SDS, PLACE_SDS, CELL_SDS = (0.05, 0.3, 0.7, 1.2), (0.05, 0.3, 0.7, 1.1), (0.1, 0.3, 0.6, 1.0)  # assumed
SD_SCALE = 0.5  # of the half-normal prior of each sd (assumed)
FAMINE_RATE = 2.0  # per 10,000 a day (ipc2016)


@dataclass(frozen=True)
class DistrictMonthRate:
    """One district in one part of the recall.

    Attributes
    ----------
    group : ``district:NAME``, or ``stratum:NAME`` where the file has no districts
    start, end : first and last day as dates, or days since the start of recall as text
    rate : per 10,000 a day, as reported
    p_above_2 : probability that it is 2 or more
    """

    group: str
    start: str
    end: str
    deaths: int
    person_days: float
    rate: Interval
    p_above_2: float

    @property
    def document(self) -> dict[str, Any]:
        """The row as it stands in the JSON document."""
        named = {name: value for name, value in vars(self).items() if name != "group"}
        return {**named, "rate": self.rate.document()}


def district_months(
    name: str, persons: Persons, start: date | None, crude: DeathRate, seed: int
) -> tuple[DistrictMonthRate, ...]:
    """Return the rates by district and month; none where the file does not allow them.

    Parameters
    ----------
    crude : the rate of the whole recall, whose design effect is taken for every row
    """
    groups = _groups(persons)
    spans = recall_spans(persons, start)
    if spans is None or len(groups) < 2:
        return ()
    size = len(spans.deaths)
    if size < FEWEST_PARTS or spans.deaths.sum() < FEWEST_DEATHS or size * len(groups) > MOST_CELLS:
        return ()
    found = [spans_of_group(persons, persons.groups[one], spans.edges) for one in groups]
    deaths, rate, time = (np.concatenate([one[at] for one in found]) for at in range(3))
    effective = time / max(1.0, crude.design_effect or 1.0)
    middle = (spans.edges[1:] + spans.edges[:-1]) / 2 / SPAN
    parts = Parts(rate * effective, effective, np.tile(middle, len(groups)), np.zeros(len(deaths)))
    drawn, worth = _draws(parts, len(groups), stream(seed, "survey district months", name))
    if worth < FEWEST_EFFECTIVE:
        return ()
    days = spans.dates(start) or [(f"{a:g}", f"{b:g}") for a, b in pairwise(spans.edges)]
    rates = np.exp(drawn)
    return tuple(
        DistrictMonthRate(
            groups[at // size], *days[at % size], int(deaths[at]), float(time[at]), summary(rates[:, at]),
            float((rates[:, at] >= FAMINE_RATE).mean()),
        )
        for at in range(len(deaths)) if time[at] > 0
    )  # fmt: skip


def _groups(persons: Persons) -> list[str]:
    """Return the districts of a survey, or else its strata."""
    for column in ("district", "stratum"):
        found = [name for name in persons.groups if name.startswith(f"{column}:")]
        if found:
            return found
    return []


def _draws(parts: Parts, groups: int, rng: np.random.Generator) -> tuple[Floats, float]:
    """Return draws of the log rates per 10,000 a day (S, D x M), and how many they are worth."""
    cells = len(parts.middle)
    place = np.repeat(np.arange(groups), cells // groups)
    same = place[:, None] == place
    apart = np.abs(parts.middle[:, None] - parts.middle)
    time, own = np.exp(-apart / MONTHS), np.exp(-apart / OWN_MONTHS) * same
    grid = list(product(MONTH_SDS, PLACE_SDS, CELL_SDS))
    fits = [
        fit_parts(parts, SPREAD**2 + month**2 * time + place_sd**2 * same + cell**2 * own
                  + 1e-6 * np.eye(cells), 0.0)
        for month, place_sd, cell in grid
    ]  # fmt: skip
    prior = np.array([-0.5 * sum((sd / SD_SCALE) ** 2 for sd in one) for one in grid])
    log_weight = prior + np.array([one.evidence for one in fits])
    weight = np.exp(log_weight - log_weight.max())
    chosen = rng.choice(len(grid), size=DRAWS, p=weight / weight.sum())
    drawn, logs = np.empty((DRAWS, cells)), np.empty(DRAWS)
    for at in np.unique(chosen):
        rows = np.flatnonzero(chosen == at)
        drawn[rows], logs[rows] = fits[at].draw(parts, 0.0, len(rows), rng)
    ratio = np.exp(logs - logs.max())
    worth = float(ratio.sum() ** 2 / (ratio**2).sum())
    return drawn[rng.choice(DRAWS, size=DRAWS, p=ratio / ratio.sum())], worth
