"""A survey of a case as arrays: persons with their time at risk, deaths, groups and weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import Problem, mistake, unknown_source
from dearth.case.read import Case
from dearth.case.schema_surveys import SurveyFile
from dearth.case.surveys.columns import BY_NAME, EVENTS
from dearth.case.surveys.read import read_survey
from dearth.case.surveys.table import SurveyTable, found_at
from dearth.estimate.surveys.rates import Flags, Indices
from dearth.numerics.interval import Floats
from dearth.numerics.optional_packages import needed
from dearth.population.person_time import UNKNOWN_DAY, Events, person_time

GROUPS = ("sex", "district", "stratum")  # columns whose groups get rates of their own
SEXES = {1.0: "male", 2.0: "female"}


@dataclass(frozen=True)
class Persons:
    """A survey: N persons.

    Attributes
    ----------
    person_days : time at risk (N,); NaN where an event has no day
    deaths : deaths of household members (N,), 0 or 1
    age : years (N,), NaN where not known
    cause : code of the cause (N,), empty without
    weight, household, cluster, stratum : (N,); numbers from 0 but for the weight
    groups : persons of each group, by ``column:group``
    start, end, interview : first and last day at risk and day of the interview (N,), days since the start of
        recall; None where the file does not say
    joined, left, born : 1 for persons who did so in the recall (N,); None where the file does not say
    recall : days of recall, mean over the persons
    weighted : whether the file has weights
    notices : what a reader must know
    """

    person_days: Floats
    deaths: Floats
    sex: Floats
    age: Floats
    cause: NDArray[np.str_]
    weight: Floats
    household: Indices
    cluster: Indices
    stratum: Indices
    groups: dict[str, Flags]
    joined: Floats | None
    left: Floats | None
    recall: float
    weighted: bool
    notices: tuple[Problem, ...]
    start: Floats | None = None
    end: Floats | None = None
    interview: Floats | None = None
    born: Floats | None = None


def persons_of(case: Case, spec: SurveyFile) -> Persons:
    """Return the persons of a survey of a case.

    Raises
    ------
    CaseError
        When its file has mistakes: every one of them.
    """
    return to_persons(read_survey(case.folder / spec.file, spec.file), spec.file)


def unknown_sources(case: Case) -> list[Problem]:
    """Return every source of baselines, population and groups that the case does not know."""
    known, found = case.source_names, []
    for name, spec in case.settings.surveys.items():
        given = {f"baselines.{key}.source": one.source for key, one in spec.baselines.items() if one.source}
        if spec.population is not None:
            given["population_source"] = spec.population_source
        if spec.post_strata is not None:
            given["post_strata.source"] = spec.post_strata.source
        if spec.dissolved_households is not None:
            given["dissolved_households.source"] = spec.dissolved_households.source
        if spec.losses is not None:
            given |= {f"losses.{key}.source": one.source for key, one in spec.losses.declared.items()}
        found += [
            Problem(
                "case.yaml", unknown_source(source, sorted(case.sources)), field=f"surveys.{name}.{field}"
            )
            for field, source in given.items()
            if source not in known | {"assumed"}
        ]
    return found


def to_persons(table: SurveyTable, file: str) -> Persons:
    """Return a table of persons as arrays, with person-time by the rules."""
    frame, has = table.frame, set(table.columns)
    n = frame.height
    days, deaths, ends, recall, notices = _time(table, file)
    interview = _floats(table, "interview_day", np.full(n, np.nan)) if "interview_day" in has else None
    stratum = _numbers(table, "stratum") if "stratum" in has else np.zeros(n, np.int64)
    cluster = _numbers(table, "stratum", "cluster") if "stratum" in has else _numbers(table, "cluster")
    nothing = np.full(n, np.nan)
    return Persons(
        person_days=days, deaths=deaths,
        sex=_floats(table, "sex", nothing), age=_floats(table, "age", nothing),
        cause=frame["died_cause"].fill_null("").to_numpy().astype(str) if "died_cause" in has
        else np.full(n, ""),
        weight=_floats(table, "weight", np.ones(n)), household=_numbers(table, "cluster", "household"),
        cluster=cluster, stratum=stratum, groups=_groups(table),
        joined=_floats(table, "joined", nothing) if "joined" in has else None,
        left=_floats(table, "left", nothing) if "left" in has else None,
        recall=recall, weighted="weight" in has, notices=(*table.notices, *notices),
        start=None if ends is None else ends[0], end=None if ends is None else ends[1],
        interview=interview if interview is not None else None if ends is None
        else np.full(n, float(np.nanmax(ends[1]))),
        born=_floats(table, "born", nothing) if "born" in has else None,
    )  # fmt: skip


def _floats(table: SurveyTable, name: str, absent: Floats) -> Floats:
    if name not in table.columns:
        return absent
    found: Floats = table.frame[name].fill_null(float("nan")).to_numpy()
    return found


def _numbers(table: SurveyTable, *names: str) -> Indices:
    """Return persons numbered from 0 by the distinct values of columns."""
    polars = needed("polars")
    number = np.zeros(table.frame.height, np.int64)
    for name in names:
        codes = table.frame[name].cast(polars.Categorical).to_physical().to_numpy().astype(np.int64)
        _, codes = np.unique(codes, return_inverse=True)
        number = number * (int(codes.max()) + 1) + codes
    found: Indices = np.unique(number, return_inverse=True)[1]
    return found


def _time(
    table: SurveyTable, file: str
) -> tuple[Floats, Floats, tuple[Floats, Floats] | None, float, list[Problem]]:
    """Return person-days, deaths, first and last days where known, mean recall and what to say of them.

    A column person_days stands before the dates; rows where both differ are named.
    """
    frame, has = table.frame, set(table.columns)
    died: Floats = frame["died"].to_numpy()
    given = _floats(table, "person_days", np.full(frame.height, np.nan))
    ends: tuple[Floats, Floats] | None = None
    if {"start_day", "end_day"} <= has:
        start, end = (_floats(table, name, given) for name in ("start_day", "end_day"))
        computed, deaths, ends = end - start, died, (start, end)
    elif "interview_day" in has:
        events = Events(_floats(table, "interview_day", given), *(_days(table, name) for name in EVENTS))
        found = person_time(events)
        computed, deaths, ends = found.days, found.deaths, (found.start, found.end)
        if "died_day" not in has:
            deaths, ends = died, None
    else:
        computed, deaths = given, died
    days = np.where(np.isnan(given), computed, given) if "person_days" in has else computed
    if np.isnan(days).all():
        raise mistake(
            file, "no person has person-time; give days or dates of the events", field="person_days"
        )
    longest = _floats(table, "interview_day", days) if "interview_day" in has else days
    both = np.flatnonzero(np.abs(given - computed) > 0.5)
    notices = []
    if len(both):
        lines = frame["line"].to_numpy()[both].tolist()
        message = (
            f"{len(both):,} persons have person_days that differ from their dates, by "
            f"{float(np.abs(given - computed)[both].sum()):,.0f} days together; the column is used"
        )
        notices.append(found_at(file, "person_days", message, lines, severity="warning"))
    return days, deaths, ends, float(np.nanmean(longest)), notices


def _days(table: SurveyTable, event: str) -> Floats:
    """Return the days of an event: NaN for none, `UNKNOWN_DAY` for one without a day."""
    nothing = np.full(table.frame.height, np.nan)
    if event not in table.columns:
        return nothing
    happened, day = _floats(table, event, nothing) == 1, _floats(table, f"{event}_day", nothing)
    return np.where(happened, np.where(np.isnan(day), UNKNOWN_DAY, day), np.nan)


def _groups(table: SurveyTable) -> dict[str, Flags]:
    found: dict[str, Flags] = {}
    for column in GROUPS:
        if column not in table.columns:
            continue
        values = table.frame[column]
        for value in values.drop_nulls().unique().sort().to_list():
            label = SEXES[value] if BY_NAME[column].kind == "sex" else value
            found[f"{column}:{label}"] = (values == value).fill_null(False).to_numpy()
    return found if len(found) > 1 else {}
