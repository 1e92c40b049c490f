"""Populations whose death rate is known, surveyed with the clusters, households and recall of a case.

Deaths of a person fall at a constant risk that differs between clusters or between households. The most at
risk die first, so that the true rate of a recall, deaths over person-time, lies a little below the mean risk.
"""

from dataclasses import dataclass
from math import log1p

import numpy as np

from dearth.estimate.surveys.persons import Persons
from dearth.estimate.surveys.rates import PER_DAY, Indices, Sample
from dearth.numerics.interval import Floats

FORGOTTEN = 0.003  # a day: reported deaths fall as exp(-FORGOTTEN days before the interview) (assumed)
Rng = np.random.Generator


@dataclass(frozen=True)
class SurveyWorld:
    """One population.

    Attributes
    ----------
    name, label : identifier, and what readers see
    clusters, households : coefficient of variation of the risk between clusters, and between households
    loss : ``dissolved`` (a household with two deaths or more is not interviewed), ``forgotten`` (early deaths
        are forgotten), ``moved`` (half of the bereaved households left the area), or empty
    """

    name: str
    label: str
    clusters: float = 0.0
    households: float = 0.0
    loss: str = ""


WORLDS = (
    SurveyWorld("even", "the same risk"),
    SurveyWorld("clustered", "clusters differ, 50 %", clusters=0.5),
    SurveyWorld("outbreaks", "clusters differ, 100 %", clusters=1.0),
    SurveyWorld("dissolved", "dissolved households", households=2.0, loss="dissolved"),
    SurveyWorld("moved", "bereaved households left", households=2.0, loss="moved"),
    SurveyWorld("forgotten", "forgotten deaths", households=2.0, loss="forgotten"),
)  # sizes of the differences: assumed


def true_rate(world: SurveyWorld, risk: float, recall: float) -> float:
    """Return deaths over person-time of the population, per 10,000 a day.

    Parameters
    ----------
    risk : mean risk, per 10,000 a day
    recall : days
    """
    spread = max(world.clusters, world.households)
    if spread == 0:
        return risk
    shape = 1 / spread**2
    scale = risk / PER_DAY / shape
    deaths = 1 - (1 + scale * recall) ** -shape
    if abs(shape - 1) < 1e-9:
        time = log1p(scale * recall) / scale
    else:
        time = ((1 + scale * recall) ** (1 - shape) - 1) / (scale * (1 - shape))
    return float(PER_DAY * deaths / time)


@dataclass(frozen=True)
class Surveyed:
    """A survey of a made population.

    Attributes
    ----------
    household : of each person in the sample (N,)
    before : days from the end of the time at risk to the interview (N,)
    """

    sample: Sample
    household: Indices
    before: Floats


def surveyed(world: SurveyWorld, persons: Persons, risk: float, rng: Rng) -> Surveyed:
    """Return a survey of the population with the clusters, strata, households and weights of `persons`."""
    recall, household = persons.recall, persons.household
    both = persons.stratum * (int(persons.cluster.max()) + 1) + persons.cluster
    cluster = np.unique(both, return_inverse=True)[1]
    own = risk * _gamma(world.clusters, int(cluster.max()) + 1, rng)[cluster]
    own = own * _gamma(world.households, int(household.max()) + 1, rng)[household]
    day = rng.exponential(PER_DAY / np.maximum(own, 1e-9))
    died = day < recall
    there = np.ones(len(day), bool)
    deaths = np.bincount(household, died)
    if world.loss == "dissolved":
        there = (deaths < 2)[household]
    if world.loss == "moved":
        there = ((deaths == 0) | (rng.random(len(deaths)) < 0.5))[household]
    time = np.minimum(day, recall)
    if world.loss == "forgotten":
        died = died & (rng.random(len(day)) < np.exp(-FORGOTTEN * (recall - time)))
    sample = Sample(
        died[there].astype(float), time[there], persons.weight[there], persons.cluster[there],
        persons.stratum[there],
    )  # fmt: skip
    return Surveyed(sample, household[there], (recall - time)[there])


def _gamma(spread: float, count: int, rng: Rng) -> Floats:
    if spread == 0:
        return np.ones(count)
    shape = 1 / spread**2
    return rng.gamma(shape, 1 / shape, count)
