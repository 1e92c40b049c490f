"""The estimator of birth histories: child mortality of periods before a survey."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dearth.case.birth_file import read_births
from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.case.schema_birth_histories import BirthHistories
from dearth.estimate.progress import Progress
from dearth.numerics.interval import NORMAL_95, Interval
from dearth.population.birth_history import Births, child_mortality, segment_sums

LEVEL = 0.95  # as the guide to the surveys prints it (rutstein_rojas2006)
JANUARY_1900 = 1900 - 1 / 12  # the decimal year of century month 0


@dataclass(frozen=True)
class PeriodMortality:
    """One measure of one period.

    Attributes
    ----------
    start, end : of the period, decimal years, mean over the interviews
    months_before : from the end of the period to the interview
    deaths_per_1000 : children, with the 95 % interval
    births : children who were exposed in the period, without weights
    """

    name: str
    title: str
    measure: str
    start: float
    end: float
    months_before: int
    deaths_per_1000: Interval
    standard_error: float
    births: int


@dataclass(frozen=True)
class BirthHistoriesResult:
    """Child mortality of a case; `RecordResult` of the JSON key ``births``."""

    rates: tuple[PeriodMortality, ...]
    warnings: tuple[str, ...]
    key: str = "births"
    gives_excess: bool = False

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a period and measure."""
        return [{**vars(one), "deaths_per_1000": one.deaths_per_1000.document()} for one in self.rates]

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence a period: under-five and infant mortality."""
        found = []
        for young in self.rates:
            if young.measure == "under_five":
                of = (young.name, young.months_before, "infant")
                infant = next(one for one in self.rates if (one.name, one.months_before, one.measure) == of)
                found.append(
                    f"{young.title}: from {young.start:.1f} to {young.end:.1f} {_text(young)} of 1000 "
                    f"children died before age five, and {_text(infant)} before age one."
                )
        return tuple(found)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the method assumes."""
        return (
            "birth histories: only living mothers report; children of mothers who died are in no answer",
            "birth histories: births and deaths are dated well; deaths of long ago are forgotten more often",
        )


class BirthHistoriesEstimator:
    """Child mortality from birth histories; fulfils the contract of `record_estimators.RecordEstimator`."""

    name = "birth-histories"
    title = "Birth histories"
    formula = "q = 1 - prod_i (1 - d_i / e_i) over segments of age i"
    text = (
        "d_i are deaths and e_i children exposed in an age segment of a period. Children who pass the "
        "segment at an end of the period count by half; deaths of the last ones fully where the period ends "
        "with the interview. The error is that of the jackknife over clusters."
    )
    sources = ("rutstein_rojas2006",)
    needs = "births with month of birth, age at death, month of interview, cluster and weight"

    def fits(self, case: Case) -> bool:
        """Return whether the case names birth histories."""
        return bool(case.settings.birth_histories)

    def problems(self, case: Case) -> list[Problem]:
        """Return the mistakes of the files, and periods that cannot be estimated."""
        try:
            _all(case)
        except CaseError as error:
            return list(error.problems)
        return []

    def estimate(self, case: Case, *, seed: int, quick: bool, progress: Progress) -> BirthHistoriesResult:
        """Return child mortality of every period; nothing is random."""
        progress("birth histories")
        return BirthHistoriesResult(tuple(_all(case)), ())


def _all(case: Case) -> list[PeriodMortality]:
    found: list[PeriodMortality] = []
    problems: list[Problem] = []
    for name, block in case.settings.birth_histories.items():
        try:
            found += _of_block(case, name, block)
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return found


def _of_block(case: Case, name: str, block: BirthHistories) -> list[PeriodMortality]:
    table = read_births(case.folder / block.file, block.file)
    cluster = np.unique(table.cluster, return_inverse=True)[1]
    births = Births(table.born, table.interview, table.age_died, table.weight, cluster)
    asked = float(np.average(table.interview, weights=table.weight))
    found = []
    for at in range(block.periods):
        before = at * block.months
        try:
            rates = child_mortality(segment_sums(births, block.months, before))
        except ValueError as error:
            field = f"birth_histories.{name}.periods"
            raise CaseError(Problem("case.yaml", f"period {at + 1}: {error}; ask for fewer or longer periods",
                                    field=field)) from None  # fmt: skip
        upper = births.interview - before
        exposed = int(((births.born < upper) & (births.born >= upper - block.months - 60)).sum())
        end = JANUARY_1900 + (asked - before) / 12
        for one in rates:
            value, error_ = 1000 * one.probability, 1000 * one.error
            ends = Interval(value, max(0.0, value - NORMAL_95 * error_), value + NORMAL_95 * error_, LEVEL)
            start = end - block.months / 12
            found.append(PeriodMortality(name, block.title, one.measure, start, end, before, ends, error_,
                                         exposed))  # fmt: skip
    return found


def _text(one: PeriodMortality) -> str:
    figure = one.deaths_per_1000
    return f"{figure.median:.0f} (95 % interval {figure.ends[0]:.0f}-{figure.ends[1]:.0f})"
