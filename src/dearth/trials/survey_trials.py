"""Trials of surveys: do the intervals hold the true rate, in populations like theirs, and with losses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dearth.case.problems import CaseError, mistake
from dearth.case.read import Case
from dearth.case.schema_base import Prior
from dearth.estimate.completeness import draw_share
from dearth.estimate.surveys.cluster_model import Clusters, modelled_rates, summary
from dearth.estimate.surveys.estimates import check_design
from dearth.estimate.surveys.losses import forgotten_factor, left_factor
from dearth.estimate.surveys.modelled import refusal
from dearth.estimate.surveys.persons import Persons, persons_of, unknown_sources
from dearth.estimate.surveys.rates import Sample, clusters_at_risk, death_rate
from dearth.numerics.interval import Floats, Interval
from dearth.numerics.random_streams import stream
from dearth.trials.survey_worlds import WORLDS, Surveyed, SurveyWorld, surveyed, true_rate

SCHEMA = "dearth/recover-surveys/v1"
LEAST_RISK = 0.2  # per 10,000 a day: a survey without deaths is tried at a low normal rate (assumed)
# what a case might declare of each loss; wide, and the same whatever a world loses (assumed)
PRIORS = {
    "dissolved": Prior(dist="triangular", low=0.0, mode=0.1, high=0.5, source="assumed"),
    "moved": Prior(dist="uniform", low=0.0, high=0.8, source="assumed"),
    "forgotten": Prior(dist="uniform", low=0.0, high=0.006, source="assumed"),
}  # assumed
Progress = Callable[[str, float | None], None]


@dataclass(frozen=True)
class SurveyTrial:
    """One survey of a made population.

    Attributes
    ----------
    truth : deaths per 10,000 a day
    design, model : rate with its 95 % interval; None where it was refused
    corrected : rate of the model with the loss of the world and the prior of `PRIORS`; None without a loss
    design_effect : None where there is none
    """

    world: str
    truth: float
    design: Interval | None
    model: Interval | None
    corrected: Interval | None
    design_effect: float | None


@dataclass(frozen=True)
class MethodScore:
    """Intervals that one method gave in one world, those that hold the truth, rate and width over truth."""

    given: int
    held: int
    ratio: float | None
    width: float | None


@dataclass(frozen=True)
class SurveyWorldScore:
    """What the replicates of one world say."""

    world: str
    label: str
    replicates: int
    design: MethodScore
    model: MethodScore
    corrected: MethodScore
    design_effect: float | None


@dataclass(frozen=True)
class SurveyTrials:
    """What ``recover`` found of one survey of a case.

    Attributes
    ----------
    risk : mean risk of the made populations, per 10,000 a day: the crude rate of the survey
    no_model : why the model is not tried, or empty
    """

    case: str
    survey: str
    title: str
    seed: int
    risk: float
    recall: float
    no_model: str
    trials: tuple[SurveyTrial, ...]
    scores: tuple[SurveyWorldScore, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The object of ``recover --json``."""
        return {
            "schema": SCHEMA, "case": self.case, "survey": self.survey, "title": self.title,
            "seed": self.seed, "risk_per_10000_day": self.risk, "recall_days": self.recall,
            "no_model": self.no_model or None,
            "worlds": [
                {**vars(one), "design": vars(one.design), "model": vars(one.model),
                 "corrected": vars(one.corrected)}
                for one in self.scores
            ],
        }  # fmt: skip


def recover_surveys(
    case: Case, replicates: int, seed: int = 1, progress: Progress = lambda step, share: None
) -> tuple[SurveyTrials, ...]:
    """Try each survey of a case on populations with its clusters, households, weights and recall.

    Parameters
    ----------
    replicates : of each world

    Raises
    ------
    CaseError
        The case has no surveys, or a survey that cannot be estimated.
    """
    if not case.settings.surveys:
        raise mistake("case.yaml", "has no survey to try; name one in the block surveys")
    wrong = unknown_sources(case)
    if wrong:
        raise CaseError(wrong)
    done = []
    for name, spec in case.settings.surveys.items():
        persons = persons_of(case, spec)
        found = death_rate(check_design(name, spec, persons)).rate.median
        risk, no_model = max(found, LEAST_RISK), refusal(persons)
        trials = tuple(
            _trial(world, persons, risk, not no_model, stream(seed, "survey", name, world.name, str(at)))
            for world, at in _steps(replicates, progress)
        )
        done.append(SurveyTrials(case.name, name, spec.title, seed, risk, persons.recall, no_model, trials,
                                 tuple(_score(world, trials) for world in WORLDS)))  # fmt: skip
    return tuple(done)


def _steps(replicates: int, progress: Progress) -> list[tuple[SurveyWorld, int]]:
    progress("surveys of made populations", None)
    return [(world, at) for world in WORLDS for at in range(replicates)]


def _trial(
    world: SurveyWorld, persons: Persons, risk: float, with_model: bool, rng: np.random.Generator
) -> SurveyTrial:
    made = surveyed(world, persons, risk, rng)
    sample = made.sample
    truth = true_rate(world, risk, persons.recall)
    everyone = np.ones(len(sample.deaths), bool)
    if len(sample.deaths) == 0 or clusters_at_risk(sample, everyone) < 2:
        return SurveyTrial(world.name, truth, None, None, None, None)
    found = death_rate(sample)
    if not with_model:
        return SurveyTrial(world.name, truth, found.rate, None, None, found.design_effect)
    draws = _model(sample, rng)
    corrected = summary(draws * _factor(world, made, len(draws), rng)) if world.loss else None
    return SurveyTrial(world.name, truth, found.rate, summary(draws), corrected, found.design_effect)


def _factor(world: SurveyWorld, made: Surveyed, count: int, rng: np.random.Generator) -> Floats:
    """Return draws of what the loss of a world does to the rate, with the prior of `PRIORS` (count,)."""
    share = draw_share(PRIORS[world.loss], count, rng)
    died = made.sample.deaths
    if world.loss == "dissolved":
        return np.asarray(1 / (1 - share))
    if world.loss == "forgotten":
        return forgotten_factor(share, made.before[died > 0], made.sample.weight[died > 0])
    bereaved = np.bincount(made.household, died) > 0
    time = made.sample.person_days * made.sample.weight
    return left_factor(share, float(time[bereaved[made.household]].sum() / time.sum()))


def _model(sample: Sample, rng: np.random.Generator) -> Floats:
    size = int(sample.cluster.max()) + 1
    number = sample.stratum * size + sample.cluster
    time, died = np.bincount(number, sample.person_days), np.bincount(number, sample.deaths)
    has = time > 0
    made = modelled_rates([Clusters(died[has].astype(float), time[has].astype(float))], np.ones(1), rng)
    return made.whole


def _score(world: SurveyWorld, trials: tuple[SurveyTrial, ...]) -> SurveyWorldScore:
    mine = [one for one in trials if one.world == world.name]
    effects = [one.design_effect for one in mine if one.design_effect is not None]
    return SurveyWorldScore(
        world.name, world.label, len(mine), _method([(one.design, one.truth) for one in mine]),
        _method([(one.model, one.truth) for one in mine]),
        _method([(one.corrected, one.truth) for one in mine]), float(np.mean(effects)) if effects else None,
    )  # fmt: skip


def _method(found: list[tuple[Interval | None, float]]) -> MethodScore:
    given = [(one, truth) for one, truth in found if one is not None]
    if not given:
        return MethodScore(0, 0, None, None)
    held = sum(one.ends[0] <= truth <= one.ends[1] for one, truth in given)
    ratio = float(np.mean([one.median / truth for one, truth in given]))
    width = float(np.mean([(one.ends[1] - one.ends[0]) / truth for one, truth in given]))
    return MethodScore(len(given), held, ratio, width)
