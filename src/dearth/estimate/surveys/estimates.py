"""The rates of one survey: every outcome and group, with the excess deaths of each baseline."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from dearth.case.problems import CaseError, mistake
from dearth.case.schema_surveys import SurveyFile
from dearth.estimate.surveys.baseline_rates import compared, lacking
from dearth.estimate.surveys.bootstrap import ClusterSums, bootstrap_interval
from dearth.estimate.surveys.cluster_model import DRAWS
from dearth.estimate.surveys.district_months import DistrictMonthRate, district_months
from dearth.estimate.surveys.excess import SurveyExcess
from dearth.estimate.surveys.losses import losses_of, missing_columns
from dearth.estimate.surveys.modelled import ModelledRate, modelled, refusal
from dearth.estimate.surveys.monthly import MonthlyRates, monthly_rates
from dearth.estimate.surveys.persons import Persons
from dearth.estimate.surveys.plausibility import People, PlausibilityCheck, plausibility
from dearth.estimate.surveys.rates import (
    LEVEL,
    PER_DAY,
    DeathRate,
    Flags,
    Sample,
    clusters_at_risk,
    death_rate,
    design,
)
from dearth.numerics.interval import Floats, Interval

CRUDE, UNDER_FIVE = "crude", "under_five"
WITH_TIME = "with person-time"
ALL = "all recorded"
AS_CODED = "every row with the cause and person-time"


@dataclass(frozen=True)
class SurveyRate:
    """A death rate of a survey.

    Attributes
    ----------
    outcome : ``crude``, ``under_five`` or ``cause:CODE``
    label : the outcome as readers see it
    domain : ``column:group``, None for all people
    counted : which deaths: those with person-time, all recorded ones, or every row with the cause
    bootstrap : of the clusters, a check of the interval; None where no death was reported
    model : of the Gamma-Poisson model, for all people and districts; None for other rows or where refused
    """

    outcome: str
    label: str
    domain: str | None
    counted: str
    estimate: DeathRate
    bootstrap: Interval | None
    excess: tuple[SurveyExcess, ...] = ()
    model: ModelledRate | None = None


@dataclass(frozen=True)
class SurveyEstimates:
    """What one survey says."""

    name: str
    title: str
    persons: int
    households: int
    rates: tuple[SurveyRate, ...]
    plausibility: tuple[PlausibilityCheck, ...]
    weighted: bool
    recall: float
    without_time: int
    no_model: str = ""  # why there are no model-based rates
    monthly: MonthlyRates | None = None
    no_months: str = ""  # why there are no rates by month
    district_months: tuple[DistrictMonthRate, ...] = ()
    left_out: tuple[str, ...] = ()  # outcomes and groups with time at risk in one cluster alone, or in none

    def whole(self, outcome: str) -> SurveyRate | None:
        """Return the first rate of an outcome over all people."""
        return next((one for one in self.rates if one.outcome == outcome and one.domain is None), None)


def survey_estimates(
    name: str, spec: SurveyFile, persons: Persons, *, seed: int, quick: bool
) -> SurveyEstimates:
    """Return every rate of a survey.

    Deaths of persons without person-time are left out of a ratio, as survey packages do, or counted over the
    time of the others. Both rates are given where they differ: with weights the ratio first, without weights
    the plain division of all deaths by all person-days.

    Raises
    ------
    CaseError
        When the design allows no variance, or a group of the post-stratification has no person.
    """
    sample = check_design(name, spec, persons)
    clusters = ClusterSums(sample)
    factors = clusters.factors(seed, quick)
    rates, left_out = [], []
    why = refusal(persons)
    models = {} if why else _models(spec, persons, seed)
    for outcome, label, inside, deaths, domain in _outcomes(spec, persons):
        for counted, used, counts in _variants(persons, outcome, deaths, inside):
            one = replace(sample, deaths=counts * used, person_days=sample.person_days)
            if clusters_at_risk(one, inside & used) < 2:
                left_out.append(f"{label}{'' if domain is None else f' ({domain})'}")
                continue
            estimate = death_rate(one, inside & used)
            checked = bootstrap_interval(one, inside & used, factors, clusters) if estimate.deaths else None
            found = SurveyRate(outcome, label, domain, counted, estimate, checked)
            if outcome == CRUDE and domain is None:
                found = replace(found, excess=tuple(_excess(spec, persons, one, estimate.rate)))
            if counted == WITH_TIME and (outcome, domain) in models:
                found = replace(found, model=models[outcome, domain])
            rates.append(found)
    crude = next(one for one in rates if one.outcome == CRUDE)
    people = People(
        persons.sex, persons.age, persons.deaths, persons.household.astype(float),
        clusters.number.astype(float), sample.person_days, persons.joined, persons.left,
    )  # fmt: skip
    months = monthly_rates(name, persons, spec.recall_start, crude.estimate, seed)
    checks = plausibility(people, crude.estimate.rate.median, spec.expected_under_five)
    return SurveyEstimates(
        name, spec.title, len(persons.deaths), int(persons.household.max()) + 1, tuple(rates), tuple(checks),
        persons.weighted, persons.recall, int(np.isnan(persons.person_days).sum()),
        why, None if isinstance(months, str) else months, months if isinstance(months, str) else "",
        district_months(name, persons, spec.recall_start, crude.estimate, seed),
        tuple(dict.fromkeys(left_out)),
    )  # fmt: skip


def _models(spec: SurveyFile, persons: Persons, seed: int) -> dict[tuple[str, str | None], ModelledRate]:
    """Return the model-based rates of all deaths and of children under five, by outcome and group."""
    found: dict[tuple[str, str | None], ModelledRate] = {}
    for outcome, at_risk in ((CRUDE, np.ones(len(persons.deaths), bool)), (UNDER_FIVE, persons.age < 5)):
        if np.nansum(persons.person_days[at_risk]) > 0:
            losses = losses_of(spec, persons, persons.deaths, at_risk, DRAWS, seed)
            made = modelled(persons, persons.deaths, at_risk, outcome, seed, losses)
            found |= {(outcome, domain): rate for domain, rate in made.items()}
    return found


def check_design(name: str, spec: SurveyFile, persons: Persons) -> Sample:
    """Return the sample of a survey whose design allows a variance.

    Raises
    ------
    CaseError
        When it does not; a declared loss or baseline needs what the file lacks; the groups of its
        post-stratification are not those of the file.
    """
    wrong = [*missing_columns(name, spec, persons), *lacking(name, spec, persons)]
    if wrong:
        raise CaseError(wrong)
    sample = _sample(name, spec, persons, persons.deaths)
    try:
        design(sample)
    except CaseError as error:
        raise CaseError([replace(one, file=spec.file) for one in error.problems]) from None
    return sample


def _sample(name: str, spec: SurveyFile, persons: Persons, deaths: Floats) -> Sample:
    groups, totals = None, None
    if spec.post_strata is not None:
        by, labels = spec.post_strata.by, {"1": "male", "2": "female"}
        wanted = {f"{by}:{labels.get(one, one) if by == 'sex' else one}": count
                  for one, count in spec.post_strata.totals.items()}  # fmt: skip
        present = {key for key in persons.groups if key.startswith(f"{by}:")}
        if set(wanted) != present:
            raise mistake(
                "case.yaml", f"the survey has the groups {', '.join(sorted(present)) or 'none'}; totals has "
                f"{', '.join(sorted(wanted))}", field=f"surveys.{name}.post_strata.totals",
            )  # fmt: skip
        groups, totals = np.full(len(deaths), -1), np.array(list(wanted.values()))
        for number, key in enumerate(wanted):
            groups[persons.groups[key]] = number
        if (groups < 0).any():
            raise mistake("case.yaml", f"{int((groups < 0).sum()):,} persons have no {by}, so they belong to "
                          "no group", field=f"surveys.{name}.post_strata.by")  # fmt: skip
    time = np.nan_to_num(persons.person_days)
    return Sample(deaths, time, persons.weight, persons.cluster, persons.stratum, groups, totals)


def _outcomes(spec: SurveyFile, persons: Persons) -> Iterator[tuple[str, str, Flags, Floats, str | None]]:
    """Yield outcome, label, who is at risk, who died of it, and the group."""
    everyone = np.ones(len(persons.deaths), bool)
    yield CRUDE, "all deaths", everyone, persons.deaths, None
    under_five = persons.age < 5
    if under_five.any():
        yield UNDER_FIVE, "children under five", under_five, persons.deaths, None
    for code in sorted(set(persons.cause[persons.cause != ""])):
        label = spec.causes.get(str(code), f"cause {code}" if code.isdigit() else str(code))
        yield f"cause:{code}", label, everyone, persons.deaths * (persons.cause == code), None
    for group, inside in persons.groups.items():
        yield CRUDE, "all deaths", inside, persons.deaths, group
        if (under_five & inside).any() and not group.startswith("sex:"):
            yield UNDER_FIVE, "children under five", under_five & inside, persons.deaths, group


def _variants(
    persons: Persons, outcome: str, deaths: Floats, inside: Flags
) -> Iterator[tuple[str, Flags, Floats]]:
    """Yield which deaths count, whose rows are used, and the deaths."""
    timed = ~np.isnan(persons.person_days)
    variants = [(WITH_TIME, timed, deaths)]
    if (deaths * ~timed)[inside].any():
        whole = (ALL, np.ones(len(deaths), bool), deaths)
        variants = [*variants, whole] if persons.weighted else [whole, *variants]
    if outcome.startswith("cause:"):
        coded = (persons.cause == outcome.removeprefix("cause:")).astype(float)
        if (coded != deaths).any():
            variants.append((AS_CODED, timed, coded))
    yield from variants


def _excess(spec: SurveyFile, persons: Persons, sample: Sample, rate: Interval) -> Iterator[SurveyExcess]:
    for name, one in spec.baselines.items():
        assert spec.population is not None
        found = compared(spec, one, persons, sample, rate)
        days = float(spec.days or found.days or round(persons.recall))
        factor = spec.population * days / PER_DAY
        difference = found.difference
        low, high = difference.ends
        deaths = Interval(factor * difference.median, factor * low, factor * high, LEVEL)
        yield SurveyExcess(name, one.title, found.rate, found.baseline, spec.population, days, deaths)
