"""How well the ages of a case's censuses are reported: warnings of `check`, by published indices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dearth.case import labels
from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.estimate.two_censuses import read_all
from dearth.population.age_heaping import myers, whipple, whipple_class
from dearth.population.age_sex_accuracy import age_sex_accuracy
from dearth.reconstruction.age_patterns import span

ROUGH = 125.0  # Whipple's index from which the United Nations call ages rough
INACCURATE = 20.0  # age-sex accuracy index from which they call a census inaccurate
SEXES = ("female", "male")
WIDTH = 5


@dataclass(frozen=True)
class CensusAges:
    """One census by age and sex.

    Attributes
    ----------
    name : as a reader sees it
    file : file and line of its first row
    line : None where the file is one of two censuses
    persons : by sex, then by first age
    open_age : first age of the last group
    """

    name: str
    file: str
    line: int | None
    persons: Mapping[str, Mapping[int, float]]
    open_age: int


def age_quality(case: Case) -> list[Problem]:
    """Return a warning for each census of the case whose ages are rough or whose table is inaccurate."""
    return [problem for census in [*_evidence(case), *_pairs(case)] for problem in _warnings(census)]


def _evidence(case: Case) -> Iterator[CensusAges]:
    """Yield the censuses by age and sex in the evidence, in persons."""
    found: dict[tuple[str, str, str, str], list[tuple[str, int, int, float, str, int]]] = {}
    for row in case.evidence:
        if not row.variable.startswith("population_census") or not row.age_from or row.sex not in SEXES:
            continue
        if row.kind != "count":
            continue
        ages = span(row)
        key = (row.place, row.series, row.variable, row.period.text)
        found.setdefault(key, []).append((row.sex, ages.start, ages.stop, row.base, row.file, row.line))
    names = labels.of(case)
    for (place, series, _, when), rows in found.items():
        persons: dict[str, dict[int, float]] = {sex: {} for sex in SEXES}
        for sex, start, _, value, _, _ in rows:
            persons[sex][start] = persons[sex].get(start, 0.0) + value
        where = f" ({names.place(place)})" if place else ""
        yield CensusAges(
            f"the census of {when} in '{names.series(series)}'{where}", rows[0][4], rows[0][5], persons,
            max(start for _, start, *_ in rows),
        )  # fmt: skip


def _pairs(case: Case) -> Iterator[CensusAges]:
    """Yield both censuses of each pair that has both sexes of a place."""
    try:
        tables, _ = read_all(case)
    except CaseError:  # its mistakes are reported by those who read the file
        return
    for name, found in tables.items():
        block = case.settings.two_censuses[name]
        for place in dict.fromkeys(table.place for table in found):
            sexes = {table.sex: table for table in found if table.place == place}
            if set(sexes) != set(SEXES) or len({table.dates for table in sexes.values()}) > 1:
                continue
            for which in (0, 1):
                when = sexes["male"].dates[which]
                where = f" ({place})" if place else ""
                yield CensusAges(
                    f"the census of {when} in '{block.title}'{where}", block.file, None,
                    {sex: table.as_read[which] for sex, table in sexes.items()},
                    min(max(table.as_read[which]) for table in sexes.values()),
                )  # fmt: skip


def _warnings(census: CensusAges) -> Iterator[Problem]:
    for sex in SEXES:
        single = _single(census.persons.get(sex, {}), census.open_age)
        if len(single) < 63:
            continue
        index = whipple(single)
        if index >= ROUGH:
            more = f"; Myers's index is {myers(single)[0]:.1f}" if len(single) >= 90 else ""
            yield _warning(
                census,
                f"{census.name}: reported ages of {sex}s are {whipple_class(index)}: Whipple's index is "
                f"{index:.0f} (100: no preference for ages that end in 0 or 5){more}; use five-year groups",
            )
    groups = [_groups(census.persons.get(sex, {}), census.open_age) for sex in ("male", "female")]
    if not all(groups) or len(groups[0]) < 10:
        return
    found = age_sex_accuracy(*groups)
    if found.index >= INACCURATE:
        yield _warning(
            census,
            f"{census.name} is {found.words} by age and sex: the index of the United Nations is "
            f"{found.index:.0f} (below 20: accurate). Misreported ages raise it; so do cohorts that a crisis "
            "or migration made small",
        )


def _warning(census: CensusAges, message: str) -> Problem:
    return Problem(census.file, message, census.line, severity="warning", audience="maker")


def _single(persons: Mapping[int, float], open_age: int) -> list[float]:
    """Return persons by single year of age from 0 up to the open group, as far as there is no gap."""
    found: list[float] = []
    while len(found) in persons and len(found) < open_age:
        found.append(persons[len(found)])
    return found if len(persons) > 2 * open_age / WIDTH else []


def _groups(persons: Mapping[int, float], open_age: int) -> list[float]:
    """Return persons in five-year groups, the last one open; nothing where a group has no row or nobody."""
    last = open_age // WIDTH * WIDTH
    sums = dict.fromkeys(range(0, last + 1, WIDTH), 0.0)
    if not persons or any(age not in persons for age in sums):
        return []
    for age, value in persons.items():
        sums[min(age // WIDTH * WIDTH, last)] += value
    return list(sums.values()) if min(sums.values()) > 0 else []
