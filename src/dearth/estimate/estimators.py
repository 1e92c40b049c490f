"""Estimators of excess deaths from a register: the ones of the package, and those of other packages.

An estimator says what it needs and returns excess deaths by year. The tuple `ESTIMATORS` holds those of the
package. Another package adds one with an entry point of the group ``dearth.estimators``: ``docs/extend.md``.
Case-wide records (two counts without a register, a survey) have estimators of their own, in
`intercensal_balance` and `survey_rate`: they take no register and no baseline.
"""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, runtime_checkable

import numpy as np

from dearth.case.evidence import Floats
from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.estimate.described import Described
from dearth.estimate.methods import Corrected, balance_excess, rate_excess
from dearth.population.vital_registration import VitalRegister, has_population

GROUP = "dearth.estimators"
PARTS = ("name", "title", "formula", "text", "sources", "needs", "uses_births", "whole_years", "fits",
         "lacks", "excess")  # fmt: skip


@runtime_checkable
class Estimator(Described, Protocol):
    """What the multiverse of estimates asks of an estimator.

    Attributes
    ----------
    uses_births : whether births and their completeness enter
    whole_years : whether it needs whole calendar years and cannot take a window of dates
    """

    @property
    def uses_births(self) -> bool: ...  # noqa: D102
    @property
    def whole_years(self) -> bool: ...  # noqa: D102

    def fits(self, case: Case, series: str) -> bool:
        """Return whether the register `series` of the case has what the estimator needs."""

    def lacks(self, register: VitalRegister, at: list[int]) -> str:
        """Return what the register lacks in the years at positions `at`, or an empty text."""

    def excess(self, corrected: Corrected, normal: Floats) -> Floats:
        """Return excess deaths by year.

        Parameters
        ----------
        corrected
            The register after correction for completeness: persons, (D, Y) draws by calendar year.
        normal
            Normal death rate, (D, Y) per 1000 person-years; normal deaths for a register without people.

        Returns
        -------
        numpy.ndarray
            Persons, (D, Y); years that cannot be estimated are nan.
        """


@dataclass(frozen=True)
class _Deaths:
    """Registered deaths less normal deaths: of a register with people, or of deaths alone."""

    name: str
    title: str
    formula: str
    text: str
    needs: str
    population: bool
    sources: tuple[str, ...] = ("preston2001",)
    uses_births: bool = False
    whole_years: bool = False

    def fits(self, case: Case, series: str) -> bool:
        return has_population(case, series) == self.population

    def lacks(self, register: VitalRegister, at: list[int]) -> str:
        return ""

    def excess(self, corrected: Corrected, normal: Floats) -> Floats:
        return rate_excess(corrected, normal)


@dataclass(frozen=True)
class _Balance:
    name: str = "balance"
    title: str = "Balance method"
    formula: str = "E = births + net migration - stock change - normal deaths"
    text: str = (
        "It trusts stocks and births where the rate method trusts registered deaths. The two differ by the "
        "residual of the accounts."
    )
    needs: str = "people on two 31 Decembers and births"
    sources: tuple[str, ...] = ("preston2001",)
    uses_births: bool = True
    whole_years: bool = True

    def fits(self, case: Case, series: str) -> bool:
        return has_population(case, series)

    def lacks(self, register: VitalRegister, at: list[int]) -> str:
        return "" if np.isfinite(register.residual[at]).all() else "stocks of one scope or births"

    def excess(self, corrected: Corrected, normal: Floats) -> Floats:
        return balance_excess(corrected, normal)


RATE = _Deaths(
    "rate", "Rate method", "E = sum_t (CDR_t / k_t - B_t) P_t / 1000",
    "P is the mid-year population (the mean of two year-ends where none is given), k the completeness of "
    "death registration, B the normal death rate by its named baseline, computed on the corrected series "
    "unless the label says mixed basis. Excess deaths are among persons who were born.",
    "deaths and people, or a death rate and people", True,
)  # fmt: skip
COUNT = _Deaths(
    "count", "Count method", "E = sum_t (D_t / k_t - D0_t)",
    "For deaths without a population. D0 is the normal number of deaths a year by its named baseline of "
    "counts; growth of the population is not taken into account.",
    "deaths", False,
)  # fmt: skip
ESTIMATORS: tuple[Estimator, ...] = (RATE, _Balance(), COUNT)


@cache
def estimators() -> dict[str, Estimator]:
    """Return every estimator by name: those of the package, then those of other packages.

    Raises
    ------
    CaseError
        When a package's estimator cannot be loaded, lacks a part of the protocol or has a name that is taken.
    """
    found = {one.name: one for one in ESTIMATORS}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        made = _loaded(point)
        if made.name in found:
            raise _refused(point, f"its name '{made.name}' is taken; give it another")
        found[made.name] = made
    return found


def _loaded(point: EntryPoint) -> Estimator:
    try:
        made = point.load()
    except Exception as error:
        raise _refused(point, f"it cannot be loaded: {type(error).__name__}: {error}") from error
    if isinstance(made, type):
        raise _refused(point, "the entry point names a class; name an object of it")
    if not isinstance(made, Estimator):
        missing = [name for name in PARTS if not hasattr(made, name)]
        raise _refused(point, f"it has no {', '.join(missing)}; see docs/extend.md")
    return made


def _refused(point: EntryPoint, why: str) -> CaseError:
    package = "" if point.dist is None else f" of the package {point.dist.name}"
    return CaseError(
        [Problem("estimators", f"the estimator {point.name}{package}: {why}", field=point.value)]
    )
