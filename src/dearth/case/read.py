"""A case folder read into one value, or refused with every mistake it holds."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from dearth.bibliography.works import Work, works
from dearth.case.evidence import Evidence, Row
from dearth.case.evidence_rows import RowReader, read_sources
from dearth.case.old_names import with_present_names
from dearth.case.problems import CaseError, Problem, did_you_mean, mistake, unknown_source
from dearth.case.published import Published, read_published
from dearth.case.schema import CaseFile
from dearth.case.schema_records import record_files
from dearth.case.units import Unit, UnitTable
from dearth.case.works_file import FILE as WORKS_FILE
from dearth.case.works_file import read_works
from dearth.case.yamlfile import read_yaml, validate

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Case:
    """A place and a period: its settings, evidence, sources and published estimates.

    `sha256` is the hash of every input file, in the order of their names; `own_works` has the publications
    of the case's ``works.json`` by key; `notices` say how files were read that are not as the format says.
    """

    folder: Path
    settings: CaseFile
    evidence: Evidence
    sources: dict[str, dict[str, str]]
    published: tuple[Published, ...]
    inputs: tuple[str, ...]
    sha256: str
    own_works: Mapping[str, Work] = field(default_factory=dict)
    notices: tuple[Problem, ...] = ()

    @property
    def works(self) -> dict[str, Work]:
        """The publications that the case may name: those of the package, and its own before them."""
        return {**works(), **self.own_works}

    @property
    def source_names(self) -> frozenset[str]:
        """What a field named source may hold besides the word assumed: rows of sources.csv and works."""
        return frozenset(self.sources) | frozenset(self.works)

    @property
    def units(self) -> UnitTable:
        """The units of the package and those of the case."""
        return _units(self.settings)

    @property
    def name(self) -> str:
        """The case's name."""
        return self.settings.name

    def __repr__(self) -> str:
        s = self.settings
        return f"Case({s.name!r}: {s.title}; {len(self.evidence):,} figures, window {s.window})"


def bundled() -> dict[str, Path]:
    """Return the cases that come with dearth, by name."""
    root = Path(str(files("dearth") / "cases"))
    return {p.parent.name: p.parent for p in sorted(root.glob("*/case.yaml"))}


def find(name_or_path: str | Path) -> Path:
    """Return the folder of a bundled case or of the user's own; the user's own wins, with a warning.

    Raises
    ------
    CaseError
        When there is neither; names the bundled case spelt alike.
    """
    text = str(name_or_path)
    path = Path(text).expanduser()
    if text in bundled():
        if not (path / "case.yaml").is_file():
            return bundled()[text]
        _warn_of_namesake(text, path.absolute())
    if path.is_file() and path.name == "case.yaml":
        path = path.parent
    if (path / "case.yaml").is_file():
        return path
    if path.is_dir():
        raise mistake(text, "the folder holds no case.yaml; 'dearth new NAME' makes a template")
    hint = did_you_mean(text, bundled())
    raise mistake(text, f"is neither a folder nor a bundled case{hint}")


@cache
def _warn_of_namesake(name: str, folder: Path) -> None:
    """Warn, once a process, that a folder has the name of a bundled case."""
    log.warning(
        "warning: %s: the folder %s is read, not the bundled case of that name. To read the bundled case, "
        "rename the folder or work in another one. To avoid this message, write ./%s",
        name, folder, name,
    )  # fmt: skip


def _inside(folder: Path, path: Path) -> str:
    """Return `path` relative to the case; refuse links that lead out of it."""
    name = path.relative_to(folder).as_posix()
    if not path.resolve().is_relative_to(folder.resolve()):
        raise mistake(name, "leads outside the case folder; copy the file into the case")
    return name


def _input_files(folder: Path) -> list[Path]:
    evidence = [p for p in sorted(folder.glob("evidence/*.csv")) if not p.name.startswith("_")]
    return [folder / "case.yaml", folder / "sources.csv", *evidence]


def load(name_or_path: str | Path) -> Case:
    """Read a case: a bundled name or a folder.

    Raises
    ------
    CaseError
        With every mistake of every file at once, each with file, line and field.
    """
    folder = find(name_or_path)
    paths = _input_files(folder)
    names = [_inside(folder, path) for path in paths]
    content, lines = read_yaml(paths[0], names[0])
    content = with_present_names(content)
    problems: list[Problem] = []
    own: dict[str, Work] = {}
    try:
        own = read_works(folder / WORKS_FILE)
    except CaseError as error:
        problems += error.problems
    if own:
        names.append(_inside(folder, folder / WORKS_FILE))
    known = {**works(), **own}
    notices: list[Problem] = []
    sources: dict[str, dict[str, str]] = {}
    try:
        sources, wrong = read_sources(paths[1], names[1], known, notices)
        problems += wrong
    except CaseError as error:
        problems += error.problems
    settings: CaseFile | None = None
    try:
        settings = validate(CaseFile, content, names[0], lines)
    except CaseError as error:
        problems = [*error.problems, *problems]
    reader = _reader(settings, content, set(sources))
    rows: list[Row] = []
    for path, name in zip(paths[2:], names[2 : len(paths)], strict=True):
        try:
            rows += reader.read(path, name)
        except CaseError as error:
            problems += error.problems
    problems += [*reader.problems, *reader.overlaps()]
    others = _record_files(folder, settings, set(sources) | set(known), names[0], problems)
    names += others
    if len(paths) == 2 and not others:
        problems.append(Problem("evidence", "holds no CSV file; put the observed series there"))
    published: tuple[Published, ...] = ()
    if (folder / "published.csv").exists():
        names.append(_inside(folder, folder / "published.csv"))
        try:
            published = read_published(folder / "published.csv", names[-1], set(sources), known, notices)
        except CaseError as error:
            problems += error.problems
    if settings is None or problems:
        raise CaseError(problems)
    return Case(
        folder, settings, Evidence(rows), sources, published, tuple(names), _hash(folder, names), own,
        (*notices, *reader.notices),
    )  # fmt: skip


def _record_files(
    folder: Path, settings: BaseModel | None, sources: set[str], file: str, problems: list[Problem]
) -> list[str]:
    """Return the record files that the case names, relative to it; put what is wrong into `problems`."""
    found = []
    for field_, one in record_files(settings) if settings is not None else ():
        if one.source not in sources | {"assumed"}:
            problems.append(Problem(file, unknown_source(one.source, sources), field=f"{field_}.source"))
        for part, name in one.files().items():
            if (folder / name).is_file():
                found.append(_inside(folder, folder / name))
                continue
            why = f"'{name}' is not a file of the case; put it there or correct the path"
            problems.append(Problem(file, why, field=f"{field_}.{part}"))
    return list(dict.fromkeys(found))


def _units(settings: CaseFile) -> UnitTable:
    return UnitTable(Unit(name, u.base, u.factor, u.kind) for name, u in settings.units.items())


def _reader(settings: CaseFile | None, content: Any, sources: set[str]) -> RowReader:
    """Return the reader of evidence rows; where the settings are broken, with what they name."""
    if settings is not None:
        places = {place.name for place in settings.places}
        return RowReader(places, settings.place, set(settings.scopes), sources, _units(settings))
    raw = content if isinstance(content, dict) else {}
    listed = raw.get("places") if isinstance(raw.get("places"), list) else []
    scopes = raw.get("scopes") if isinstance(raw.get("scopes"), dict) else {}
    places = {str(p.get("name")) for p in listed or [] if isinstance(p, dict)}
    declared = raw.get("units") if isinstance(raw.get("units"), dict) else {}
    units = UnitTable(
        Unit(str(name), str(unit["base"]), float(unit["factor"]), unit.get("kind", "level"))
        for name, unit in (declared or {}).items()
        if isinstance(unit, dict) and "base" in unit and isinstance(unit.get("factor"), int | float)
    )
    return RowReader(places, str(raw.get("place", "")), {str(s) for s in scopes or {}}, sources, units)


def _hash(folder: Path, names: list[str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return digest.hexdigest()
