"""What a result rests on: figures by quality, the sources behind each register, and the works named."""

from collections.abc import Iterable
from dataclasses import dataclass

from dearth.bibliography.citations import complete
from dearth.bibliography.works import Work
from dearth.case.read import Case
from dearth.case.schema import Census, Completeness, Prior, Schedule, StartingAges, completeness_option


@dataclass(frozen=True)
class EvidenceQuality:
    """How many figures of one variable, series and quality a case has, and of which years."""

    variable: str
    series: str
    quality: str
    rows: int
    first_year: int
    last_year: int


def evidence_quality(case: Case) -> tuple[EvidenceQuality, ...]:
    """Return the figures of a case, counted by variable, series and quality."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row in case.evidence:
        groups.setdefault((row.variable, row.series, row.quality), []).append(row.year)
    return tuple(
        EvidenceQuality(*key, len(years), min(years), max(years)) for key, years in sorted(groups.items())
    )


def works_named(case: Case, text: str, also: Iterable[str] = ()) -> tuple[Work, ...]:
    """Return the works behind a result, in the order of their keys.

    They are those that published estimates and rows of sources.csv name, those that the `text` of the
    result cites, and those of the keys `also` that are works.
    """
    more = {key for key in also if key in case.works}
    named = {row["work"] for row in case.published} | {row.get("work", "") for row in case.sources.values()}
    return complete(named | more, text, case.works)


def register_sources(case: Case) -> dict[str, tuple[str, ...]]:
    """Return the ids of the sources of each register's figures, and of the ``reconstruction``."""
    found: dict[str, tuple[str, ...]] = {}
    for name, spec in case.settings.registers.items():
        references = {v for v in spec.model_dump().values() if isinstance(v, str) and "/" in v}
        ids = {row.source_id for row in case.evidence if f"{row.series}/{row.variable}" in references}
        found[name] = tuple(sorted(ids))
    given = case.settings.reconstruction
    if given is not None:
        deaths = [given.deaths_by_age] if given.deaths_by_age else []
        parts: list[StartingAges | Schedule | Census] = [given.start, given.mortality, given.fertility]
        used = {(part.series, part.variable) for part in (*parts, *given.censuses, *deaths)}
        by_age = {row.source_id for row in case.evidence if (row.series, row.variable) in used}
        named = [given.register_name, *([given.subpopulations.register_name] if given.subpopulations else [])]
        priors = {p.source for p in _priors(case) if p.source in case.sources}
        ids = by_age.union(priors, *(found[name] for name in named))
        found["reconstruction"] = tuple(sorted(ids))
    return found


def _priors(case: Case) -> list[Prior]:
    """Return the declared priors of the scenarios' completeness and of births."""
    given = case.settings.reconstruction
    assert given is not None
    options = [completeness_option(case.settings, scenario) for scenario in given.scenarios.values()]
    parts = [p for o in options if isinstance(o, Completeness) for p in (o.normal, o.crisis)]
    return [p for p in [*parts, given.birth_completeness] if isinstance(p, Prior)]
