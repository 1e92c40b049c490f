"""Mortality from indirect questions: an estimator of records that have no dates of death."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dearth.case.indirect_file import Columns, read_answers
from dearth.case.periods import decimal_year
from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.case.schema_indirect import IndirectQuestions
from dearth.estimate.progress import Progress
from dearth.population.child_survival import child_survival
from dearth.population.one_census_growth_balance import one_census_balance
from dearth.population.orphanhood import parent_survival
from dearth.population.relational_survival import adult_mortality
from dearth.population.sibling_survival import START, sibling_survival


@dataclass(frozen=True)
class IndirectEstimate:
    """One figure from one age group of answers.

    Attributes
    ----------
    name, title, kind : of the block in ``case.yaml``
    age : first age of the people asked; None for household deaths
    measure : what `value` is: ``q(5)``, ``l(60)/l(25)``, ``completeness``
    value : a probability, a survival ratio or a share
    year : to which it refers, as a decimal year; nan where none can be given
    adult_mortality : probability of dying between 15 and 60 by the declared standard, or nan
    """

    name: str
    title: str
    kind: str
    age: int | None
    measure: str
    value: float
    year: float
    adult_mortality: float = float("nan")


@dataclass(frozen=True)
class IndirectResult:
    """What the indirect questions of a case say; `RecordResult` of the JSON key ``indirect``."""

    estimates: tuple[IndirectEstimate, ...]
    warnings: tuple[str, ...]
    key: str = "indirect"
    gives_excess: bool = False

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row an age group of answers."""
        return [
            {
                "name": one.name, "title": one.title, "kind": one.kind, "age": one.age,
                "measure": one.measure,
                "estimate": {"median": one.value, "low": None, "high": None, "level": None},
                "year": _known(one.year), "adult_mortality": _known(one.adult_mortality),
            }
            for one in self.estimates
        ]  # fmt: skip

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence a question: its figures with the years to which they refer."""
        names = dict.fromkeys(one.name for one in self.estimates)
        return tuple(_sentence([one for one in self.estimates if one.name == name]) for name in names)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the questions assume."""
        kinds = {one.kind for one in self.estimates}
        said = ["no sampling error is known for the answers, so indirect estimates have no interval"]
        if kinds & {"children", "mothers", "fathers", "brothers", "sisters"}:
            said.append(
                "mortality changed smoothly: an indirect estimate is a mean over years and hides a crisis; "
                "the dead are reported by survivors, and families that died out are in no answer"
            )
        if "household_deaths" in kinds:
            said.append("household deaths: the population is stable and closed, completeness is equal by age")
        return tuple(said)


@dataclass(frozen=True)
class _Indirect:
    name: str = "indirect-questions"
    title: str = "Indirect questions"
    formula: str = (
        "children: q(x) = (a + b P1/P2 + c P2/P3) D; parents: l(base+n)/l(base) = a + b M + c S(n-5) "
        "[+ d S(n)]; siblings: l(n)/l(15) = a + b S(n-5); household deaths: b(a+) = r + d(a+)/c"
    )
    text: str = (
        "D is the share of children dead, P mean children ever born by age of mother, S the share alive of "
        "parents or siblings, M the mean age at childbearing. Coefficients are published regressions on "
        "model life tables."
    )
    sources: tuple[str, ...] = (
        "manual_x1983", "timaeus1992", "timaeus_zaba_ali2001", "brass1975", "moultrie2013",
    )  # fmt: skip
    needs: str = "answers about children, parents, siblings or deaths in the household, by age"

    def fits(self, case: Case) -> bool:
        return bool(case.settings.indirect_questions)

    def problems(self, case: Case) -> list[Problem]:
        """Return the mistakes of the files of indirect questions, and what reading them needed."""
        try:
            return indirect_estimates(case)[1]
        except CaseError as error:
            return list(error.problems)

    def estimate(self, case: Case, *, seed: int, quick: bool, progress: Progress) -> IndirectResult:
        progress("indirect questions")
        found, notices = indirect_estimates(case)
        return IndirectResult(found, tuple(one.for_readers for one in notices))


INDIRECT = _Indirect()


def indirect_estimates(case: Case) -> tuple[tuple[IndirectEstimate, ...], list[Problem]]:
    """Return the estimates of every indirect question of a case, and the notices of reading the files.

    Raises
    ------
    CaseError
        Every mistake of every file, and answers to which the method cannot be applied.
    """
    found: list[IndirectEstimate] = []
    notices: list[Problem] = []
    problems: list[Problem] = []
    for name, block in case.settings.indirect_questions.items():
        try:
            columns = read_answers(case.folder / block.file, block.file, block.kind, notices)
            found += _METHODS[block.kind](name, block, columns)
        except CaseError as error:
            problems += error.problems
        except ValueError as error:
            problems.append(Problem(block.file, str(error)))
    if problems:
        raise CaseError(problems)
    return tuple(found), notices


def _children(name: str, block: IndirectQuestions, columns: Columns) -> list[IndirectEstimate]:
    found = child_survival(columns["women"], columns["children_born"], columns["children_dead"], block.family)
    day = decimal_year(block.day)
    return [
        IndirectEstimate(name, block.title, block.kind, int(age), f"q({x:g})", float(q), day - float(before))
        for age, x, q, before in zip(found.ages, found.x, found.q, found.years_before, strict=True)
    ]


def _parents(name: str, block: IndirectQuestions, columns: Columns) -> list[IndirectEstimate]:
    if block.mean_age is None:  # refused by the schema
        raise ValueError("mean_age is missing")
    share = columns["alive"] / _positive(columns["asked"], "asked")
    found = parent_survival(columns["age_start"], share, block.mean_age, block.kind.removesuffix("s"))
    if not found:
        raise ValueError("no age group of the file has coefficients; ages from 5 to 45 are needed")
    return [
        _survival(name, block, one.age, one.start, one.end, one.survival, one.years_before) for one in found
    ]


def _siblings(name: str, block: IndirectQuestions, columns: Columns) -> list[IndirectEstimate]:
    share = columns["alive"] / _positive(columns["reached_15"], "reached_15")
    return [
        _survival(name, block, one.age, START, one.end, one.survival, one.years_before)
        for one in sibling_survival(columns["age_start"], share)
    ]


def _household(name: str, block: IndirectQuestions, columns: Columns) -> list[IndirectEstimate]:
    found = one_census_balance(columns["age_start"], columns["persons"], columns["deaths"], block.years)
    year = decimal_year(block.day) - block.years / 2
    return [IndirectEstimate(name, block.title, block.kind, None, "completeness", found.completeness, year)]


_METHODS: dict[str, Callable[[str, IndirectQuestions, Columns], list[IndirectEstimate]]] = {
    "children": _children, "mothers": _parents, "fathers": _parents, "brothers": _siblings,
    "sisters": _siblings, "household_deaths": _household,
}  # fmt: skip


def _survival(
    name: str, block: IndirectQuestions, age: int, start: int, end: int, ratio: float, before: float
) -> IndirectEstimate:
    dying = float("nan")
    if block.standard is not None and 0 < ratio < 1:
        dying = adult_mortality(ratio, start, end, block.standard)
    year = decimal_year(block.day) - before
    return IndirectEstimate(name, block.title, block.kind, age, f"l({end})/l({start})", ratio, year, dying)


def _positive(counts: np.ndarray[Any, np.dtype[np.float64]], column: str) -> Any:
    if not (counts > 0).all():
        raise ValueError(f"{column} is zero at some age; leave the row out")
    return counts


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _sentence(estimates: list[IndirectEstimate]) -> str:
    first = estimates[0]
    if first.kind == "household_deaths":
        return (
            f"{first.title}: households reported {100 * first.value:.0f} % of the deaths (about "
            f"{first.year:.1f}), by the growth balance of a stable population."
        )
    if first.kind == "children":
        shown = [one for one in estimates if one.measure in ("q(2)", "q(3)", "q(5)")]
        told = ", ".join(
            f"{1000 * one.value:.0f} before age {one.measure[2:-1]} (about {one.year:.1f})" for one in shown
        )
        return f"{first.title}: deaths of 1000 children born are {told}."
    told = ", ".join(
        f"{one.measure} = {one.value:.3f}" + (f" (about {one.year:.1f})" if np.isfinite(one.year) else "")
        for one in estimates
    )
    return f"{first.title}: survival of {first.kind}: {told}."
