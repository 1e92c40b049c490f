"""Completeness of death registration from two censuses: every method, never one alone."""

from dataclasses import dataclass
from typing import Any

from dearth.case.periods import DAYS_A_YEAR
from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.case.schema_two_censuses import TwoCensuses
from dearth.case.two_censuses_file import CensusTable, read_two_censuses
from dearth.estimate.progress import Progress
from dearth.population.census_interval import CensusInterval, census_interval
from dearth.population.death_distribution import (
    METHODS,
    PUBLISHED_ERROR,
    MethodResult,
    all_methods,
    range_with_published_error,
    spread,
)


@dataclass(frozen=True)
class CensusPair:
    """Completeness of one place and sex between two censuses, by every method.

    Attributes
    ----------
    name, title : of the block in ``case.yaml``
    table : as read
    interval : with deaths and migrants a year
    results : of every method, with and without net migration
    """

    name: str
    title: str
    table: CensusTable
    interval: CensusInterval
    results: tuple[MethodResult, ...]

    @property
    def of(self) -> str:
        """Which place and sex, for sentences."""
        place = f"{self.table.place}, " if self.table.place else ""
        return f"{self.title} ({place}{self.table.sex}s, {self.table.dates[0]} to {self.table.dates[1]})"


@dataclass(frozen=True)
class TwoCensusResult:
    """What the pairs of censuses of a case say; `RecordResult` of the JSON key ``completeness``."""

    pairs: tuple[CensusPair, ...]
    notices: tuple[str, ...]
    key: str = "completeness"
    gives_excess: bool = False

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a pair, method and treatment of migration."""
        return [_row(pair, one) for pair in self.pairs for one in pair.results]

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence a pair: the spread over the methods, and what the methods are known to miss by."""
        return tuple(_sentence(pair) for pair in self.pairs)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What all methods assume."""
        said = [
            "the share of deaths registered is the same at all ages from 5 on (deaths of small children are "
            "not measured by two censuses)",
            "each census covers the same share of the people at all ages, and ages are reported correctly",
        ]
        closed = [pair.of for pair in self.pairs if not pair.interval.has_migration]
        if closed:
            said.append(
                f"nobody came or left between the censuses, or as many at each age: {'; '.join(closed)}"
            )
        return tuple(said)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Methods that were refused, results above 1, and what the file needed."""
        return (*self.notices, *(text for pair in self.pairs for text in _warnings(pair)))


@dataclass(frozen=True)
class _TwoCensuses:
    name: str = "two-censuses"
    title: str = "Completeness of registration from two censuses"
    formula: str = "; ".join(f"{method.title}: {method.formula}" for method in METHODS)
    text: str = (
        "b is the rate of reaching age a, r the growth rate above it, m net migration, d registered deaths "
        "over persons, c completeness, k the difference in coverage of the censuses. Every method is applied "
        "with and without net migration, and to all ranges of at least eight age groups. Errors of about "
        "20 % are published for these methods."
    )
    sources: tuple[str, ...] = (
        "hill1987", "bennett_horiuchi1981", "bennett_horiuchi1984", "hill_you_choi2009", "murray2010",
        "moultrie2013",
    )  # fmt: skip
    needs: str = "two censuses by age and sex, and the deaths between them by age and sex"

    def fits(self, case: Case) -> bool:
        return bool(case.settings.two_censuses)

    def problems(self, case: Case) -> list[Problem]:
        """Return the mistakes of the files of two censuses, and what reading them needed."""
        try:
            return read_all(case)[1]
        except CaseError as error:
            return list(error.problems)

    def estimate(self, case: Case, *, seed: int, quick: bool, progress: Progress) -> TwoCensusResult:
        progress("completeness from two censuses")
        tables, notices = read_all(case)
        pairs = tuple(
            pair_of(name, case.settings.two_censuses[name], table) for name, found in tables.items()
            for table in found
        )  # fmt: skip
        return TwoCensusResult(pairs, tuple(one.for_readers for one in notices))


TWO_CENSUSES = _TwoCensuses()


def read_all(case: Case) -> tuple[dict[str, tuple[CensusTable, ...]], list[Problem]]:
    """Return the tables of every pair of censuses of a case, and the notices of reading them.

    Raises
    ------
    CaseError
        Every mistake of every file.
    """
    tables: dict[str, tuple[CensusTable, ...]] = {}
    notices: list[Problem] = []
    problems: list[Problem] = []
    for name, block in case.settings.two_censuses.items():
        try:
            tables[name] = read_two_censuses(case.folder / block.file, block.file, block.dates, notices)
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return tables, notices


def pair_of(name: str, block: TwoCensuses, table: CensusTable) -> CensusPair:
    """Return completeness of one place and sex by every method."""
    years = (table.dates[1] - table.dates[0]).days / DAYS_A_YEAR
    times = 1.0 if block.deaths_cover == "interval" else years
    migrants = None if table.migrants is None else [times * value for value in table.migrants]
    interval = census_interval(
        table.ages, table.first, table.second, [times * value for value in table.deaths], years, migrants
    )
    spans = block.ages
    results = all_methods(interval, table.sex, block.family, spans.growth_balance, spans.extinct_generations)
    return CensusPair(name, block.title, table, interval, results)


def _row(pair: CensusPair, one: MethodResult) -> dict[str, Any]:
    ends, wide = spread(pair.results), range_with_published_error(pair.results)
    return {
        "name": pair.name, "title": pair.title, "place": pair.table.place or None, "sex": pair.table.sex,
        "start": pair.table.dates[0].isoformat(), "end": pair.table.dates[1].isoformat(),
        "method": one.method, "method_title": one.title, "migration": one.migration,
        "completeness": None if one.refused else {
            "median": one.completeness, "low": one.low, "high": one.high, "level": None,
        },
        "low_high": f"lowest and highest over {one.ranges} of {one.tried} ranges of ages; no probability",
        "ages": list(one.ages), "refused": one.refused or None,
        "spread": None if ends is None else {"low": ends[0], "high": ends[1]},
        "with_published_error": None if wide is None else {"low": wide[0], "high": wide[1]},
    }  # fmt: skip


def _sentence(pair: CensusPair) -> str:
    ends, wide = spread(pair.results), range_with_published_error(pair.results)
    if ends is None or wide is None:
        return f"{pair.of}: no method could be applied, so the completeness of registration is not known."
    used = [one for one in pair.results if not one.refused]
    treated = "with and without net migration" if pair.interval.has_migration else "without net migration"
    methods = len({one.method for one in used})
    return (
        f"{pair.of}: completeness of death registration from age 5 is between {100 * ends[0]:.0f} % and "
        f"{100 * ends[1]:.0f} %, by {methods} methods {treated}. The methods are known to err by about "
        f"{100 * PUBLISHED_ERROR:.0f} % (Murray et al. 2010), which makes it {100 * wide[0]:.0f}-"
        f"{100 * wide[1]:.0f} %."
    )


def _warnings(pair: CensusPair) -> list[str]:
    refused: dict[str, list[str]] = {}
    for one in pair.results:
        if one.refused:
            refused.setdefault(one.refused, []).append(one.title)
    said = [
        f"{pair.of}: {', '.join(dict.fromkeys(titles))} could not be applied: {why}"
        for why, titles in refused.items()
    ]
    above = [one for one in pair.results if not one.refused and one.completeness > 1]
    if above:
        highest = max(above, key=lambda one: one.completeness)
        said.append(
            f"{pair.of}: completeness above 100 % ({highest.title}, {100 * highest.completeness:.0f} %) is "
            "impossible. It means that the second census missed more people than the first, that migrants or "
            "ages are wrong, or that the method fails here"
        )
    if not pair.interval.has_migration:
        said.append(
            f"{pair.of}: the file has no net migrants; where people came or left, every method is wrong"
        )
    return said
