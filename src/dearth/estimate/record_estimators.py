"""Estimators of records that are not yearly registers: surveys, lists, dated deaths, pairs of censuses.

An estimator says what it needs and returns one result a case. The tuple `RECORD_ESTIMATORS` has all of them,
in the order in which the answer speaks of them. Adding one: one file, one line here.
Estimators of yearly registers stand in `estimators`: the multiverse of choices calls those.
"""

from typing import Any, Protocol

from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.case.schema_records import record_files
from dearth.estimate.birth_histories import BirthHistoriesEstimator
from dearth.estimate.dated_estimator import DATED
from dearth.estimate.described import Described
from dearth.estimate.indirect_questions import INDIRECT
from dearth.estimate.lists.lists_estimator import ListsEstimator
from dearth.estimate.progress import Progress
from dearth.estimate.small_areas.estimator import SmallAreasEstimator
from dearth.estimate.surveys.estimator import SurveyEstimator
from dearth.estimate.two_censuses import TWO_CENSUSES


class RecordResult(Protocol):
    """What an estimator of records found."""

    @property
    def key(self) -> str:
        """Key of the JSON document under which the rows stand: ``surveys``, ``lists``, …."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows as they stand in the JSON document; made here and read by nothing else."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences of the answer."""

    @property
    def gives_excess(self) -> bool:
        """Whether it answers how many died in excess of normal."""

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Silent assumptions, one sentence each."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the result must know."""


class RecordEstimator(Described, Protocol):
    """What the product asks of an estimator of records."""

    def fits(self, case: Case) -> bool:
        """Return whether the case has the records that the estimator needs."""

    def problems(self, case: Case) -> list[Problem]:
        """Return the mistakes and the warnings of the records, each with file, line and field.

        A mistake is what `estimate` would raise; a warning is what it would say. Reads files, fits nothing.
        """

    def estimate(self, case: Case, *, seed: int, quick: bool, progress: Progress) -> RecordResult:
        """Return what the records say.

        Parameters
        ----------
        seed : seed of random draws, where the method has any
        quick : fewer draws; figures without draws stay the same
        progress : called with the step under way, and how far (0-1) where that is known

        Raises
        ------
        CaseError
            When a file of records is wrong: every mistake, with file, row and field.
        """


RECORD_ESTIMATORS: tuple[RecordEstimator, ...] = (
    SurveyEstimator(), DATED, ListsEstimator(), TWO_CENSUSES, SmallAreasEstimator(), INDIRECT,
    BirthHistoriesEstimator(),
)  # fmt: skip
KEYS = (
    "surveys",
    "lists",
    "dated",
    "completeness",
    "districts",
    "indirect",
    "births",
)  # of the JSON document, always present


def assumed_by(results: tuple[RecordResult, ...]) -> tuple[str, ...]:
    """Return the assumptions of all results, each once."""
    return tuple(dict.fromkeys(text for one in results for text in one.assumptions))


def warned_of(results: tuple[RecordResult, ...]) -> tuple[str, ...]:
    """Return the warnings of all results, each once."""
    return tuple(dict.fromkeys(text for one in results for text in one.warnings))


def rows_by_key(results: tuple[RecordResult, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the JSON document under each of `KEYS`."""
    return {key: [row for one in results if one.key == key for row in one.rows] for key in KEYS}


def record_sources(case: Case) -> set[str]:
    """Return the keys that estimators of the records of a case, and its record files, name as sources."""
    used = {source for one in RECORD_ESTIMATORS if one.fits(case) for source in one.sources}
    return used | {one.source for _, one in record_files(case.settings)}


def record_results(case: Case, *, seed: int, quick: bool, progress: Progress) -> tuple[RecordResult, ...]:
    """Return the result of every estimator whose records the case has.

    Raises
    ------
    CaseError
        Every mistake of every file of records.
    """
    found: list[RecordResult] = []
    wrong: list[Problem] = []
    for one in RECORD_ESTIMATORS:
        if one.fits(case):
            try:
                found.append(one.estimate(case, seed=seed, quick=quick, progress=progress))
            except CaseError as error:
                wrong += error.problems
    if wrong:
        raise CaseError(wrong)
    return tuple(found)


def record_problems(case: Case) -> list[Problem]:
    """Return the mistakes and the warnings of every record file of a case."""
    return [problem for one in RECORD_ESTIMATORS if one.fits(case) for problem in one.problems(case)]
