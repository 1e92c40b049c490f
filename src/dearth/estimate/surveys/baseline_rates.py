"""Normal death rates of a survey: as given, of World Population Prospects, of neighbours, before the crisis.

A rate of the survey itself comes from the same clusters as the rate that is compared with it. The variance of
their difference is then that of the differences of their linearised values by cluster.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student

from dearth.case.periods import DAYS_A_YEAR
from dearth.case.problems import CaseError, Problem, name_hint
from dearth.case.read import Case
from dearth.case.schema_survey_baselines import SurveyBaseline, WppRate
from dearth.case.schema_surveys import SurveyFile
from dearth.case.wpp import read_wpp
from dearth.case.years import parse_years
from dearth.estimate.surveys.excess import excess_deaths
from dearth.estimate.surveys.persons import Persons
from dearth.estimate.surveys.rates import LEVEL, PER_DAY, Sample, death_rate, design, weights_of
from dearth.numerics.interval import NORMAL_95, Floats, Interval


@dataclass(frozen=True)
class Compared:
    """A rate beside its baseline.

    Attributes
    ----------
    rate, baseline, difference : per 10,000 a day; the interval of the difference joins both
    days : over which the rate holds; None for the mean recall
    """

    rate: Interval
    baseline: Interval
    difference: Interval
    days: float | None = None


def looked_up(case: Case, spec: SurveyFile) -> SurveyFile:
    """Return the survey with the rates of World Population Prospects as figures.

    Raises
    ------
    CaseError
        A file that is none of World Population Prospects, or lacks the place or the years.
    """
    found = {
        name: one if one.wpp is None else _of_wpp(case, one, one.wpp) for name, one in spec.baselines.items()
    }
    return spec.model_copy(update={"baselines": found})


def _of_wpp(case: Case, one: SurveyBaseline, at: WppRate) -> SurveyBaseline:
    try:
        rates = read_wpp(case.folder / at.file, at.location).get("CDR", {})
    except CaseError as error:
        raise CaseError([Problem(at.file, p.message, p.line, p.field) for p in error.problems]) from None
    years = parse_years(at.years)
    absent = [str(year) for year in years if year not in rates]
    if absent:
        raise CaseError(Problem(at.file, f"has no CDR of '{at.location}' in {', '.join(absent[:8])}"))
    yearly = np.array([rates[year] for year in years]) * PER_DAY / 1000 / DAYS_A_YEAR
    mean = float(yearly.mean())
    between = float(yearly.std(ddof=1)) if len(yearly) > 1 else 0.0
    half = NORMAL_95 * float(np.hypot(between, at.spread * mean))
    return one.model_copy(
        update={"rate_per_10000_day": mean, "low": max(0.0, mean - half), "high": mean + half}
    )


def compared(
    spec: SurveyFile, one: SurveyBaseline, persons: Persons, sample: Sample, crude: Interval
) -> Compared:
    """Return the rate of a survey beside one of its baselines.

    Parameters
    ----------
    crude : rate of all people over the whole recall
    """
    if one.neighbours is not None:
        beside = np.any([persons.groups[key] for key in one.neighbours], axis=0)
        others = replace(sample, deaths=sample.deaths * beside, person_days=sample.person_days * beside)
        baseline = death_rate(sample, beside).rate
        return Compared(crude, baseline, _difference(sample, others, crude, baseline))
    if one.before is not None:
        return _before(spec, one, persons, sample)
    assert one.rate_per_10000_day is not None
    level = None if one.low is None else LEVEL
    baseline = Interval(one.rate_per_10000_day, one.low, one.high, level)
    return Compared(crude, baseline, excess_deaths(crude, baseline, PER_DAY, 1.0))


def _before(spec: SurveyFile, one: SurveyBaseline, persons: Persons, sample: Sample) -> Compared:
    """Return the rate from the day after `one.before` on, beside that of the recall up to it."""
    split = _split(one, spec)
    assert persons.start is not None
    assert persons.end is not None
    assert persons.interview is not None
    known = np.isfinite(persons.start) & np.isfinite(persons.end)
    start, end = (np.where(known, at, 0.0) for at in (persons.start, persons.end))
    died = sample.deaths * known
    early = replace(sample, deaths=died * (end < split),
                    person_days=np.clip(np.minimum(end, split) - start, 0, None))  # fmt: skip
    late = replace(sample, deaths=died * (end >= split),
                   person_days=np.clip(end - np.maximum(start, split), 0, None))  # fmt: skip
    rate, baseline = death_rate(late).rate, death_rate(early).rate
    days = float(np.average(np.maximum(persons.interview[known] - split, 0), weights=sample.weight[known]))
    return Compared(rate, baseline, _difference(late, early, rate, baseline), round(days))


def _difference(first: Sample, second: Sample, rate: Interval, baseline: Interval) -> Interval:
    """Return the difference of two rates of the same clusters, with its interval.

    Where one of them has no death, its linearised values are all zero: then the ends of both are joined.

    References
    ----------
    sarndal1992, donner_zou2012
    """
    if not (first.deaths.any() and second.deaths.any()):
        return excess_deaths(rate, baseline, PER_DAY, 1.0)
    number, clusters, strata = design(first)
    z = np.bincount(number, _linearised(first) - _linearised(second))
    stratum = np.bincount(number, first.stratum) / np.maximum(np.bincount(number), 1)
    present = np.bincount(number) > 0
    variance = 0.0
    for one in np.unique(stratum[present]):
        mine = z[present & (stratum == one)]
        variance += len(mine) * float(mine.var(ddof=1))
    half = PER_DAY * float(student.ppf(0.5 + LEVEL / 2, clusters - strata)) * variance**0.5
    middle = rate.median - baseline.median
    return Interval(middle, middle - half, middle + half, LEVEL)


def _linearised(sample: Sample) -> Floats:
    """Return the linearised values ``w (d - R t) / sum(w t)`` of the rate of a sample, (N,)."""
    weight = weights_of(sample)
    time = float((weight * sample.person_days).sum())
    ratio = float((weight * sample.deaths).sum()) / time
    return np.asarray(weight * (sample.deaths - ratio * sample.person_days) / time)


def lacking(name: str, spec: SurveyFile, persons: Persons) -> Iterator[Problem]:
    """Yield a mistake for each baseline that the survey itself cannot give."""
    for key, one in spec.baselines.items():
        field = f"surveys.{name}.baselines.{key}"
        for group in one.neighbours or ():
            if group not in persons.groups:
                hint = name_hint(group, persons.groups, "group")
                why = f"'{group}' is no group of {spec.file}{hint}"
                yield Problem("case.yaml", why, field=f"{field}.neighbours")
        if one.before is None:
            continue
        if spec.recall_start is None or persons.start is None or persons.end is None:
            yield Problem("case.yaml", "a rate before the crisis needs recall_start and days of events",
                          field=f"{field}.before")  # fmt: skip
        elif not 0 < _split(one, spec) < float(np.nanmax(persons.end)):
            yield Problem("case.yaml", f"{one.before} lies outside of the recall, which starts on "
                          f"{spec.recall_start}", field=f"{field}.before")  # fmt: skip


def _split(one: SurveyBaseline, spec: SurveyFile) -> float:
    """Return the first day of the crisis, in days since the start of recall."""
    assert one.before is not None
    assert spec.recall_start is not None
    return float((one.before - spec.recall_start).days + 1)
