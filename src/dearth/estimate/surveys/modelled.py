"""Model-based rates of a survey: which clusters enter the model, when it is refused, and what it says."""

from dataclasses import dataclass

import numpy as np

from dearth.estimate.surveys.cluster_model import Clusters, modelled_rates, summary
from dearth.estimate.surveys.losses import DISSOLVED, Loss
from dearth.estimate.surveys.persons import Persons
from dearth.estimate.surveys.rates import Flags
from dearth.numerics.interval import Floats, Interval
from dearth.numerics.random_streams import stream

THRESHOLDS = {"crude": 2.0, "under_five": 4.0}  # per 10,000 a day, of a famine (ipc2016)
UNEVEN = 3.0  # 95th over 5th percentile of the weights within a district above which it is refused (assumed)
FEWEST = 5  # clusters of a district, without which its rate is hardly more than the prior (assumed)


@dataclass(frozen=True)
class WithDissolved:
    """A model-based rate with the deaths of dissolved households, which no household of the survey reports.

    Attributes
    ----------
    share : of all deaths, those whose household dissolved: its prior, which the survey cannot change
    rate, p_above : as those of `ModelledRate`
    """

    share: Interval
    rate: Interval
    p_above: float


@dataclass(frozen=True)
class LossPart:
    """One loss of a survey.

    Attributes
    ----------
    name : key of `losses.TITLES`
    share : its prior, which the survey cannot change
    factor : rate with what was lost over the rate without
    rate : per 10,000 a day, with this loss alone
    """

    name: str
    share: Interval
    factor: Interval
    rate: Interval


@dataclass(frozen=True)
class WithLosses:
    """A model-based rate with every declared loss together; `rate` and `p_above` as of `ModelledRate`."""

    parts: tuple[LossPart, ...]
    rate: Interval
    p_above: float


@dataclass(frozen=True)
class ModelledRate:
    """A rate by the model: its posterior, and the probability that it is `threshold` or more.

    Attributes
    ----------
    rate : per 10,000 a day, median and central 95 %
    threshold, p_above : per 10,000 a day, and the probability of that rate or a higher one
    cluster_cv : coefficient of variation of the clusters' rates
    with_dissolved : with the deaths of dissolved households, where the case has a prior of their share
    with_losses : with all declared losses, where the case declares others than dissolved households
    """

    rate: Interval
    threshold: float
    p_above: float
    cluster_cv: Interval
    with_dissolved: WithDissolved | None = None
    with_losses: WithLosses | None = None


def refusal(persons: Persons) -> str:
    """Return why the survey has no model-based rates, or an empty text."""
    for name, inside in _districts(persons).items():
        low, high = np.quantile(persons.weight[inside], [0.05, 0.95])
        where = "" if name is None else f" in {name.replace(':', ' ')}"
        if high > UNEVEN * low:
            return (f"weights differ {high / low:.1f}-fold{where}, and the model of clusters has no weights; "
                    "read the design-based rates")  # fmt: skip
        if len(np.unique(persons.cluster[inside])) < FEWEST:
            return f"fewer than {FEWEST} clusters{where}; read the design-based rates"
    return ""


def modelled(
    persons: Persons,
    deaths: Floats,
    at_risk: Flags,
    outcome: str,
    seed: int,
    losses: tuple[Loss, ...] = (),
) -> dict[str | None, ModelledRate]:
    """Return the model-based rates of an outcome: of every district, and under None of all people.

    Parameters
    ----------
    deaths : deaths of the outcome (N,)
    at_risk : persons that the rate is about (N,); those without person-time are left out
    losses : declared losses, with as many draws as the model has
    """
    timed = at_risk & ~np.isnan(persons.person_days)
    names, clusters, shares = [], [], []
    for name, inside in _districts(persons).items():
        use = timed & inside
        time = np.bincount(persons.cluster[use], persons.person_days[use])
        died = np.bincount(persons.cluster[use], deaths[use], len(time))
        if (time > 0).any():
            names.append(name)
            has = time > 0
            clusters.append(Clusters(died[has].astype(float), time[has].astype(float)))
            shares.append(float((persons.weight[use] * persons.person_days[use]).sum()))
    found = modelled_rates(clusters, np.array(shares) / sum(shares), stream(seed, "survey model", outcome))
    limit, cv = THRESHOLDS[outcome], summary(found.cv)
    of = {None: found.whole} | {
        name: found.districts[at] for at, name in enumerate(names) if name is not None
    }
    return {
        name: ModelledRate(
            summary(draws), limit, float((draws >= limit).mean()), cv, _with_dissolved(draws, losses, limit),
            _with_losses(draws, [one for one in losses if name is None or one.everywhere], limit),
        )
        for name, draws in of.items()
    }  # fmt: skip


def _with_dissolved(draws: Floats, losses: tuple[Loss, ...], limit: float) -> WithDissolved | None:
    """Return the rate ``r / (1 - s)``, where s is the share of the deaths that nobody reports."""
    one = next((one for one in losses if one.name == DISSOLVED), None)
    if one is None:
        return None
    whole = draws * one.factor
    return WithDissolved(summary(one.share), summary(whole), float((whole >= limit).mean()))


def _with_losses(draws: Floats, losses: list[Loss], limit: float) -> WithLosses | None:
    if all(one.name == DISSOLVED for one in losses):
        return None
    whole = draws * np.prod([one.factor for one in losses], axis=0)
    parts = tuple(
        LossPart(one.name, summary(one.share), summary(one.factor), summary(draws * one.factor))
        for one in losses
    )
    return WithLosses(parts, summary(whole), float((whole >= limit).mean()))


def _districts(persons: Persons) -> dict[str | None, Flags]:
    """Return the persons of each district, else of each stratum, else all of them."""
    for column in ("district", "stratum"):
        found: dict[str | None, Flags] = {
            name: inside for name, inside in persons.groups.items() if name.startswith(f"{column}:")
        }
        if found:
            return found
    return {None: np.ones(len(persons.deaths), bool)}
