"""The Frictionless descriptor of a case: its CSV files with column types, for other tools to read."""

import csv
import json
import re
from pathlib import Path
from typing import Any

from dearth.case.evidence_rows import OPTIONAL, REQUIRED
from dearth.case.vocabulary import BASES, QUALITIES

NAME = "datapackage.json"
_NO_NAME = re.compile(r"[^a-z0-9._-]+")  # characters that the name of a resource may not have
_TYPES = {"value": "number", "low": "number", "central": "number", "high": "number", "births_lost": "number"}


def _field(name: str, evidence: bool) -> dict[str, Any]:
    if evidence and name in ("year", "age_from", "age_to"):
        return {"name": name, "type": "integer"}
    if evidence and name in ("start", "end"):
        return {"name": name, "type": "date"}
    field: dict[str, Any] = {"name": name, "type": _TYPES.get(name, "string")}
    if name == "quality":
        field["constraints"] = {"enum": list(QUALITIES)}
    if name == "basis":
        field["constraints"] = {"enum": list(BASES)}
    return field


def _resource(folder: Path, path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    evidence = set(REQUIRED) <= set(header) <= set(REQUIRED + OPTIONAL)
    schema: dict[str, Any] = {"fields": [_field(name, evidence) for name in header], "missingValues": [""]}
    if path.name == "sources.csv":
        schema["primaryKey"] = "source_id"
    elif "source_id" in header:
        reference = {"resource": "sources", "fields": "source_id"}
        schema["foreignKeys"] = [{"fields": "source_id", "reference": reference}]
    name = path.relative_to(folder).with_suffix("").as_posix()
    return {
        "name": _NO_NAME.sub("-", name.lower()),
        "profile": "tabular-data-resource",
        "path": path.relative_to(folder).as_posix(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def descriptor(folder: Path, name: str, title: str) -> dict[str, Any]:
    """Return the data package of a case folder (Frictionless Data Package, tabular resources)."""
    tables = [p for p in sorted(folder.glob("evidence/*.csv")) if not p.name.startswith("_")]
    tables += [p for p in (folder / "sources.csv", folder / "published.csv") if p.exists()]
    return {
        "profile": "tabular-data-package",
        "name": name.lower(),
        "title": title,
        "resources": [_resource(folder, path) for path in tables],
    }


def write_descriptor(folder: Path, name: str, title: str) -> None:
    """Write ``datapackage.json`` into a case folder."""
    text = json.dumps(descriptor(folder, name, title), indent=1, ensure_ascii=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")
