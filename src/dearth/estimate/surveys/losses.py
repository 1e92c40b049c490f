"""Deaths that a table of persons cannot have, as factors of its death rate with the priors of the case.

Each factor is the true rate over the rate without the loss, given one draw of its prior and the table:

* dissolved households: ``1 / (1 - s)``, s the share of all deaths whose household dissolved;
* bereaved households that left: a household with a death stands for ``1 / (1 - q)`` households, so deaths
  grow by that and person-time by what these households have of it;
* forgotten deaths: a death g days before the interview stands for ``exp(d g)`` deaths;
* newborns: ``s / (1 - s)`` deaths are missed for each that is reported, their number being Gamma(n + 1/2);
* places without access: ``1 + a (rho - 1)``, a their share of the people and rho the ratio of the rates.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dearth.case.problems import Problem
from dearth.case.schema_base import Prior
from dearth.case.schema_surveys import SurveyFile
from dearth.estimate.completeness import draw_share
from dearth.estimate.surveys.persons import Persons
from dearth.estimate.surveys.rates import Flags
from dearth.numerics.interval import Floats
from dearth.numerics.random_streams import stream

DISSOLVED, LEFT, FORGOTTEN, NEWBORNS, ACCESS = (
    "dissolved_households", "bereaved_left", "forgotten", "newborns", "without_access",
)  # fmt: skip
TITLES = {
    DISSOLVED: "dissolved households", LEFT: "bereaved households that left", FORGOTTEN: "forgotten deaths",
    NEWBORNS: "newborns whose death nobody reports", ACCESS: "places without access",
}  # fmt: skip


@dataclass(frozen=True)
class Loss:
    """One loss of a survey.

    Attributes
    ----------
    name : key of `TITLES`
    share : draws of its prior (S,): a share, or of forgotten deaths a decay a day
    factor : true rate over the rate without it (S,)
    """

    name: str
    share: Floats
    factor: Floats

    @property
    def everywhere(self) -> bool:
        """Whether it concerns the people whom the survey reached, and so each district."""
        return self.name != ACCESS


def missing_columns(name: str, spec: SurveyFile, persons: Persons) -> Iterator[Problem]:
    """Yield a mistake for each declared loss that needs columns that the file does not have."""
    if spec.losses is None:
        return
    field = f"surveys.{name}.losses"
    if spec.losses.forgotten is not None and _days_before(persons) is None:
        yield Problem(
            "case.yaml", f"forgotten deaths need days of deaths and interviews, which {spec.file} lacks",
            field=f"{field}.{FORGOTTEN}",
        )  # fmt: skip
    if spec.losses.newborns is not None and persons.born is None:
        yield Problem("case.yaml", f"deaths of newborns need the column born, which {spec.file} lacks",
                      field=f"{field}.{NEWBORNS}")  # fmt: skip


def losses_of(
    spec: SurveyFile, persons: Persons, deaths: Floats, at_risk: Flags, count: int, seed: int
) -> tuple[Loss, ...]:
    """Return the declared losses of a survey; none where the case declares none.

    Parameters
    ----------
    deaths : of the outcome (N,)
    at_risk : persons that the rate is about (N,)
    count : draws S
    """
    found: list[Loss] = []
    if spec.dissolved_households is not None:
        share = _draws(spec.dissolved_households, DISSOLVED, count, seed)
        found.append(Loss(DISSOLVED, share, 1 / (1 - share)))
    declared = spec.losses
    if declared is None:
        return tuple(found)
    died = deaths * at_risk * persons.weight
    if declared.bereaved_left is not None:
        share = _draws(declared.bereaved_left, LEFT, count, seed)
        found.append(Loss(LEFT, share, left_factor(share, _bereaved_time(persons, at_risk))))
    if declared.forgotten is not None:
        share = _draws(declared.forgotten, FORGOTTEN, count, seed)
        before = _days_before(persons)
        assert before is not None
        known = np.isfinite(before) & (died > 0)
        found.append(Loss(FORGOTTEN, share, forgotten_factor(share, before[known], died[known])))
    if declared.newborns is not None and persons.born is not None:
        share = _draws(declared.newborns, NEWBORNS, count, seed)
        reported = float(((persons.born == 1) & at_risk & (deaths > 0)).sum())
        seen = stream(seed, "survey losses", "newborn deaths").gamma(reported + 0.5, 1.0, count)
        everybody = max(float((deaths * at_risk).sum()), 0.5)
        found.append(Loss(NEWBORNS, share, 1 + share / (1 - share) * seen / everybody))
    if declared.without_access is not None:
        share = _draws(declared.without_access.people, ACCESS, count, seed)
        ratio = _draws(declared.without_access.rate_ratio, "rate ratio", count, seed)
        found.append(Loss(ACCESS, share, 1 + share * (ratio - 1)))
    return tuple(found)


def left_factor(share: Floats, bereaved_time: float) -> Floats:
    """Return the factor of bereaved households that left.

    Parameters
    ----------
    share : of the bereaved households that left (S,)
    bereaved_time : share of the person-time that bereaved households have
    """
    more = 1 / (1 - share)
    return np.asarray(more / (1 + (more - 1) * bereaved_time))


def forgotten_factor(decay: Floats, before: Floats, died: Floats) -> Floats:
    """Return the factor of forgotten deaths.

    Parameters
    ----------
    decay : share of the deaths forgotten a day (S,)
    before : days from each reported death to the interview (D,)
    died : weight of each (D,)
    """
    if died.sum() == 0:
        return np.ones(len(decay))
    return np.asarray(np.exp(decay[:, None] * before) @ died / died.sum())


def _bereaved_time(persons: Persons, at_risk: Flags) -> float:
    """Return the share of the weighted person-time at risk that is in households with a death."""
    time = np.nan_to_num(persons.person_days) * persons.weight * at_risk
    bereaved = np.bincount(persons.household, persons.deaths) > 0
    return float(time[bereaved[persons.household]].sum() / max(time.sum(), 1e-9))


def _days_before(persons: Persons) -> Floats | None:
    """Return days from the end of each person's time at risk to the interview; None without days."""
    if persons.end is None or persons.interview is None:
        return None
    return np.maximum(persons.interview - persons.end, 0.0)


def _draws(prior: Prior, name: str, count: int, seed: int) -> Floats:
    key = ("survey model", "crude", "dissolved") if name == DISSOLVED else ("survey losses", name)
    return draw_share(prior, count, stream(seed, *key))
