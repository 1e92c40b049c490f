"""What a case rests on: every work and source behind its figures, priors, scenario and mechanisms, graded."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from dearth.bibliography.grade import Basis, Grade
from dearth.bibliography.works import Work
from dearth.case.read import Case
from dearth.case.years import short_years
from dearth.graded_constants import constants_behind
from dearth.reconstruction.priors import priors
from dearth.system.installed import declarations
from dearth.system.levels import Levels
from dearth.system.scenario import FILE as SCENARIO
from dearth.system.scenario import read_scenario

SCHEMA = "dearth/sources/v1"
EVIDENCE = "evidence"
KINDS = {
    EVIDENCE: "Evidence: observed figures",
    "published": "Estimates that others published",
    "settings": "Settings of the case: completeness, transfers, infant mortality",
    "reconstruction": "Priors and settings of the reconstruction",
    "scenario": "Dated settings of the scenario",
    "mechanisms": "Mechanisms: forms and parameters",
    "constants": "Constants of the code",
}
# fields that name a source, and the field beside them whose source it is; none: the whole entry
_SOURCES_OF = {"source": "", "stocks_source": "stocks_sd", "total_fertility_source": "total_fertility_sd"}
# from the best to the weakest; a figure of several sources is as good as its weakest
_ORDER = list(Grade)


@dataclass(frozen=True)
class Use:
    """One figure, setting or form, and what it rests on.

    Attributes
    ----------
    kind : str
        A key of `KINDS`.
    what : str
        Its name as the files have it, for example ``reconstruction.priors.shock_year``.
    grade : Grade
    works : tuple of str
        Keys of the bibliography.
    sources : tuple of str
        Ids of ``sources.csv``.
    note : str
    count : int
        How many figures the entry stands for; more than one for evidence of one source.
    years : str
        Years of the figures, for example ``1953-58, 1964``; empty where the entry is no evidence.
    """

    kind: str
    what: str
    grade: Grade
    works: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""
    count: int = 1
    years: str = ""


@dataclass(frozen=True)
class Provenance:
    """Everything a case rests on; `uses` in the order of `KINDS`."""

    case: Case
    uses: tuple[Use, ...]

    def works(self) -> dict[str, Work]:
        """Return the works that are named, by key, in the order of their keys."""
        named = {key for use in self.uses for key in use.works}
        return {key: work for key, work in sorted(self.case.works.items()) if key in named}

    def sources(self) -> dict[str, dict[str, str]]:
        """Return the rows of ``sources.csv`` that are named, by id."""
        named = {name for use in self.uses for name in use.sources}
        return {name: row for name, row in self.case.sources.items() if name in named}

    def grades(self) -> dict[str, dict[str, int]]:
        """Return how many figures of each kind have each grade; kinds without figures are absent."""
        found = {kind: Counter[str]() for kind in KINDS}
        for use in self.uses:
            found[use.kind][use.grade] += use.count
        return {
            kind: {grade: counted[grade] for grade in Grade} for kind, counted in found.items() if counted
        }

    def document(self) -> dict[str, Any]:
        """Return the object that ``dearth sources --json`` prints."""
        uses = Counter(key for use in self.uses for key in use.works)
        return {
            "schema": SCHEMA,
            "case": self.case.name,
            "definitions": {grade.value: grade.definition for grade in Grade},
            "grades": self.grades(),
            "works": [{**work.document(), "uses": uses[key]} for key, work in self.works().items()],
            "sources": [
                {name: row.get(name, "") for name in _SOURCE_FIELDS} for row in self.sources().values()
            ],
            "uses": [
                {**vars(use), "works": list(use.works), "sources": list(use.sources)} for use in self.uses
            ],
        }


_SOURCE_FIELDS = ("source_id", "author", "year", "title", "where", "reliability_note", "work", "grade")


def provenance(case: Case) -> Provenance:
    """Return what `case` rests on.

    Raises
    ------
    CaseError
        With every mistake of the case's scenario.
    """
    uses = [*_evidence(case), *_published(case), *_settings(case), *_reconstruction(case)]
    simulated = (case.folder / SCENARIO).is_file()
    if simulated:
        scenario = read_scenario(case.folder)
        uses += [_use(case, "scenario", f"{SCENARIO}: {path}", *found) for path, *found in _walk(scenario)]
        uses += _mechanisms(scenario.levels)
    for one in constants_behind(case.settings.reconstruction is not None, simulated):
        what = f"{one.module} ({', '.join(one.names)}): {one.meaning}"
        uses.append(Use("constants", what, one.basis.grade, one.basis.sources, (), one.basis.note))
    return Provenance(case, tuple(uses))


def _use(case: Case, kind: str, what: str, source: str, note: str) -> Use:
    """Return the use of a field named source: works, rows of sources.csv and the word assumed."""
    names = [name.strip() for name in source.split(";") if name.strip()]
    rows = [name for name in names if name in case.sources]
    keys = [name for name in names if name in case.works and name not in case.sources]
    keys += [case.sources[name]["work"] for name in rows if case.sources[name].get("work")]
    graded = [Grade(case.sources[name].get("grade") or Grade.PUBLISHED) for name in rows]
    graded += [Grade.PUBLISHED for name in names if name in case.works and name not in case.sources]
    if len(graded) < len(names) or not names:
        graded.append(Grade.ASSUMED)
    return Use(kind, what, max(graded, key=_ORDER.index), tuple(dict.fromkeys(keys)), tuple(rows), note)


def _evidence(case: Case) -> Iterator[Use]:
    counted = Counter(row.source_id for row in case.evidence)
    years: dict[str, set[int]] = {}
    for row in case.evidence:
        covered = range(row.period.start.year, row.period.end.year + 1)
        years.setdefault(row.source_id, set()).update(covered)
    for name, count in sorted(counted.items()):
        use = _use(case, EVIDENCE, name, name, case.sources[name].get("reliability_note", ""))
        yield replace(use, count=count, years=short_years(years[name]))


def _published(case: Case) -> Iterator[Use]:
    for row in case.published:
        grade = Grade.RECALLED if row["quality"] == "recalled" else Grade.PUBLISHED
        works = (row["work"],) if row["work"] else ()
        note = "read in the work itself" if row["seen"] == "original" else "read in another text"
        yield Use("published", f"published.csv: {row['key']}", grade, works, (row["source_id"],), note)


def _settings(case: Case) -> Iterator[Use]:
    for path, source, note in _walk(case.settings):
        if not path.startswith("reconstruction"):
            yield _use(case, "settings", f"case.yaml: {path}", source, note)


def _reconstruction(case: Case) -> Iterator[Use]:
    spec = case.settings.reconstruction
    if spec is None:
        return
    for path, source, note in _walk(spec, "reconstruction"):
        yield _use(case, "reconstruction", f"case.yaml: {path}", source, note)
    for name, prior in priors(spec, case.settings.place or "").items():
        if name not in spec.priors:
            what = f"default of reconstruction.priors.{name}"
            yield _use(case, "reconstruction", what, prior.source, prior.note)


def _walk(node: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Give the path, the text and the note of every field that names a source."""
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            value = getattr(node, name)
            if name in _SOURCES_OF and isinstance(value, str):
                if value:
                    of = f"{path}.{_SOURCES_OF[name]}".strip(".")
                    yield of, value, str(getattr(node, "note", ""))
            else:
                yield from _walk(value, f"{path}.{name}".lstrip("."))
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _walk(value, f"{path}.{name}".lstrip("."))
    elif isinstance(node, tuple | list):
        for at, value in enumerate(node):
            yield from _walk(value, f"{path}.{at}".lstrip("."))


def _mechanisms(levels: Levels) -> Iterator[Use]:
    for m in declarations(levels):
        yield _based(f"{m.id} (form)", m.form)
        for p in m.parameters:
            yield _based(f"{m.id}.{p.name}", p.basis)


def _based(what: str, basis: Basis) -> Use:
    return Use("mechanisms", what, basis.grade, basis.sources, (), basis.note)
