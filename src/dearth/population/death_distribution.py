"""Completeness of death registration by every method for two censuses, never by one alone.

Each method is applied with and without net migration, and to every range of at least eight age groups. The
lowest and the highest result over the ranges show how much the choice of ages matters. They are no
confidence interval: the published comparisons with known populations find errors of about 20 %.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dearth.population.census_interval import CensusInterval
from dearth.population.extinct_generations import SPAN as GENERATIONS_SPAN
from dearth.population.extinct_generations import (
    balance_then_generations,
    extinct_generations,
    extinct_generations_with_delta,
)
from dearth.population.growth_balance import SPAN as BALANCE_SPAN
from dearth.population.growth_balance import growth_balance
from dearth.population.open_age_expectation import FAMILY

PUBLISHED_ERROR = 0.20
"""Share of completeness: about the 95 % range of error of these methods (Murray et al. 2010)."""
SHORTEST = 8
"""Fewest age groups of a range (the default of the R package DDM)."""
WIDEST = {"growth_balance": (5, 80), "other": (15, 75)}
"""Ages within which ranges are formed: those of the fit, and the default of the R package DDM."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Method:
    """A method as it is printed and computed.

    Attributes
    ----------
    name, title, formula : as the report prints it
    span : ages fitted unless others are asked for
    sources : keys of the bibliography
    compute : completeness from the interval, the sex, the ages, the family and the ages of the growth balance
    """

    name: str
    title: str
    formula: str
    span: Span
    sources: tuple[str, ...]
    compute: Callable[[CensusInterval, str, Span, str, Span], float]


@dataclass(frozen=True)
class MethodResult:
    """Completeness by one method on one treatment of migration.

    Attributes
    ----------
    method, title : of the method
    migration : whether the given net migrants entered
    completeness : by the method's own ages; nan where it is refused
    ages : first and last age of that fit
    low, high : over all ranges of ages that could be fitted; nan where none could
    ranges, tried : ranges of ages that could be fitted, and all ranges
    refused : why there is no result, or an empty text
    """

    method: str
    title: str
    migration: bool
    completeness: float
    ages: Span
    low: float
    high: float
    ranges: int
    tried: int
    refused: str = ""


METHODS: tuple[Method, ...] = (
    Method(
        "growth_balance", "Generalised growth balance", "b(a+) - r(a+) + m(a+) = k + d(a+) / c",
        BALANCE_SPAN, ("hill1987", "hill_you_choi2009", "moultrie2013"),
        lambda interval, sex, span, family, balance: growth_balance(interval, span).completeness,
    ),
    Method(
        "extinct_generations", "Synthetic extinct generations", "c = mean of N_deaths(a) / N_censuses(a)",
        GENERATIONS_SPAN, ("bennett_horiuchi1981", "bennett_horiuchi1984", "moultrie2013"),
        lambda interval, sex, span, family, balance: (
            extinct_generations(interval, sex, span, family).completeness
        ),
    ),
    Method(
        "extinct_generations_delta", "Synthetic extinct generations with delta",
        "the same, growth r(a) + delta, delta so that the ratios are level",
        GENERATIONS_SPAN, ("bennett_horiuchi1981", "moultrie2013"),
        lambda interval, sex, span, family, balance: (
            extinct_generations_with_delta(interval, sex, span, family).completeness
        ),
    ),
    Method(
        "balance_then_generations", "Growth balance, then extinct generations",
        "the first census divided by its relative coverage, then extinct generations",
        GENERATIONS_SPAN, ("hill_you_choi2009", "moultrie2013"),
        lambda interval, sex, span, family, balance: (
            balance_then_generations(interval, sex, balance, span, family).completeness
        ),
    ),
)  # fmt: skip


def all_methods(
    interval: CensusInterval,
    sex: str,
    family: str = FAMILY,
    balance: Span = BALANCE_SPAN,
    generations: Span = GENERATIONS_SPAN,
    over_ranges: bool = True,
) -> tuple[MethodResult, ...]:
    """Return completeness by every method, with net migration (where given) and without.

    Parameters
    ----------
    interval
        Two censuses with deaths and net migrants.
    sex
        ``female`` or ``male``.
    family
        Coale-Demeny family for the open age group.
    balance, generations
        First and last age fitted by the growth balance, and of the mean of extinct generations.
    over_ranges
        Fit every range of ages too; without it `low` and `high` are the result itself.

    Returns
    -------
    tuple of MethodResult
        In the order of `METHODS`. A method that cannot be applied has the reason in `refused`.
    """
    treatments = [(True, interval)] if interval.has_migration else []
    treatments.append((False, interval.closed()))
    found = []
    for method in METHODS:
        span = balance if method.name == "growth_balance" else generations
        for migration, used in treatments:

            def compute(ages: Span, method: Method = method, used: CensusInterval = used) -> float:
                return method.compute(used, sex, ages, family, balance)

            open_age = int(interval.ages[-1])
            ranges = age_ranges(method.name, open_age) if over_ranges else []
            found.append(_result(method, migration, compute, span, ranges, open_age))
    return tuple(found)


def _result(
    method: Method,
    migration: bool,
    compute: Callable[[Span], float],
    span: Span,
    ranges: list[Span],
    open_age: int,
) -> MethodResult:
    nan = float("nan")
    try:
        value = compute(span)
    except ValueError as error:
        return MethodResult(
            method.name, method.title, migration, nan, span, nan, nan, 0, len(ranges), str(error)
        )
    values = []
    for ages in ranges:
        try:
            values.append(compute(ages))
        except ValueError:  # `ranges` and `tried` of the result say how many could not be fitted
            continue
    ends = (min([value, *values]), max([value, *values]))
    fitted_to = (span[0], min(span[1], open_age - 5))
    return MethodResult(
        method.name, method.title, migration, value, fitted_to, *ends, len(values), len(ranges)
    )


def age_ranges(method: str, open_age: int) -> list[Span]:
    """Return all ranges (first and last age) of at least `SHORTEST` five-year groups below the open group."""
    first, last = WIDEST.get(method, WIDEST["other"])
    last = min(last, open_age - 5)
    return [
        (start, end)
        for start in range(first, last + 1, 5)
        for end in range(start + 5 * (SHORTEST - 1), last + 1, 5)
    ]


def spread(results: tuple[MethodResult, ...]) -> tuple[float, float] | None:
    """Return the lowest and the highest completeness over methods and treatments; None without a result."""
    values = [one.completeness for one in results if not one.refused]
    return (min(values), max(values)) if values else None


def range_with_published_error(results: tuple[MethodResult, ...]) -> tuple[float, float] | None:
    """Return the spread, widened by the published error of the methods (20 % on either side).

    References
    ----------
    murray2010
    """
    ends = spread(results)
    return None if ends is None else (ends[0] * (1 - PUBLISHED_ERROR), ends[1] * (1 + PUBLISHED_ERROR))
