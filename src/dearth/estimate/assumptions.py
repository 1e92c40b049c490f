"""What a result assumes without being asked: dates, projections, shared years, migration."""

import re

from dearth.case import labels
from dearth.case.evidence import Row
from dearth.case.read import Case
from dearth.case.vocabulary import day_of
from dearth.case.years import format_years
from dearth.estimate.measured_completeness import measured_assumptions
from dearth.estimate.one_estimate import Estimate
from dearth.population.vital_registration import migration_references


def assumptions(case: Case, tolls: list[Estimate]) -> list[str]:
    """Return every silent assumption behind the figures of a case, one sentence each."""
    split = [text for toll in tolls for text in toll.split]
    told = [
        *_census_dates(case),
        *_projections(case),
        *_shared(case),
        *_migration(case),
        *_counts(case, tolls),
        *measured_assumptions(case, {toll.choice.completeness.label for toll in tolls}),
    ]
    return list(dict.fromkeys([*told, *split]))


def _census_dates(case: Case) -> list[str]:
    found: dict[str, set[int]] = {}
    for row in case.evidence:
        if not row.dated and not row.place and not row.by_age and day_of(row.variable) == "1 July, assumed":
            found.setdefault(row.series, set()).add(row.year)
    names = labels.of(case)
    return [
        f"the date of the census is not given for '{names.series(series)}' ({format_years(years)}); "
        "it is taken as 1 July"
        for series, years in sorted(found.items())
    ]


def _projections(case: Case) -> list[str]:
    used = _used(case)
    found: dict[str, list[Row]] = {}
    for row in case.evidence:
        if row.quality == "projection" and f"{row.series}/{row.variable}" in used:
            found.setdefault(f"{row.series}/{row.variable}", []).append(row)
    names = labels.of(case)
    return [
        f"{names.reference(reference)}: {format_years(row.year for row in rows)} is projected, not recorded"
        for reference, rows in sorted(found.items())
    ]


def _shared(case: Case) -> list[str]:
    """Name the series of registers with figures that reach over the end of a year."""
    told = []
    for reference in sorted(_used(case)):
        if not case.evidence.has(reference):
            continue
        figures = case.evidence.series(reference).figures
        many = sum(figure.period.start.year != figure.period.end.year for figure in figures)
        if many:
            told.append(
                f"{many} figures of {labels.of(case).reference(reference)} reach over the end of a calendar "
                "year; each is spread evenly over its days"
            )
    return told


def _used(case: Case) -> set[str]:
    """Return the series that the registers name."""
    return {
        value for spec in case.settings.registers.values() for value in spec.model_dump().values()
        if isinstance(value, str) and re.fullmatch(r"[\w.-]+/[\w.-]+", value)
    }  # fmt: skip


def _migration(case: Case) -> list[str]:
    """Name migration that is taken for a register's, and the years in which it is taken as zero."""
    told, names = [], labels.of(case)
    for name, spec in case.settings.registers.items():
        label = names.series(name)
        found = [r for r in migration_references(case, spec) if case.evidence.has(r)]
        if spec.net_migration is None and found:
            used = " and ".join(map(names.reference, found))
            told.append(f"the register '{label}' names no net migration; {used} is taken for it")
        years = {year for reference in found for year in case.evidence.series(reference).years}
        deaths = [r for r in (spec.deaths, spec.death_rate) if r and case.evidence.has(r)]
        lacking = {y for r in deaths for y in case.evidence.series(r).years} - years
        if found and lacking:
            told.append(f"net migration of '{label}' is taken as zero in {format_years(lacking)}")
    return told


def _counts(case: Case, tolls: list[Estimate]) -> list[str]:
    found = dict.fromkeys(toll.choice.series for toll in tolls if toll.counts)
    return [
        f"'{labels.of(case).series(name)}' has no population: the normal number of deaths is taken from "
        "other years, and growth of the population between them is left out"
        for name in found
    ]
