"""The verdicts as one JSON object: written here and nowhere else."""

import math
from typing import Any

from dearth.claims.results import Alternative, Claims, Verdicts
from dearth.claims.verdict import DECIDES
from dearth.numerics.interval import Interval

SCHEMA = "dearth/claims/v1"


def to_document(made: Claims) -> dict[str, Any]:
    """Return the JSON object of ``dearth claims --json``."""
    return {
        "schema": SCHEMA, "case": made.case.name, "version": made.file.version,
        "date": made.file.date.isoformat(), "seed": made.seed, "sha256": made.sha256, "decides": DECIDES,
        "published_counting_the_unborn": made.unborn,
        "claims": [_claim(one, made) for one in made.results],
    }  # fmt: skip


def _claim(one: Verdicts, made: Claims) -> dict[str, Any]:
    claim = one.claim
    return {
        "id": claim.id, "statement": claim.statement, "by": [said.model_dump() for said in claim.by],
        "position": claim.position, "kind": claim.kind, "verdict": str(one.verdict), "reason": one.reason,
        "probability": one.probability, "value": None if one.value is None else _value(one.value),
        "unit": claim.test.unit if claim.test else None, "test": one.test or None,
        "undecided_if": claim.undecided_if, "flips": one.flips, "recalled": one.recalled,
        "counts_unborn": claim.counts_unborn, "mixes_births_and_deaths": one.mixes,
        "date": claim.date.isoformat(), "version": claim.version, "note": claim.note,
        "tested_with": _tested_with(one),
        "alternatives": [_alternative(a) for a in one.alternatives],
        "evidence": [
            {"file": row.file, "line": row.line, "series": row.series, "variable": row.variable,
             "place": row.place or made.case.settings.place, "year": row.year, "value": row.value,
             "unit": row.unit, "quality": row.quality, "source_id": row.source_id}
            for row in one.rows
        ],
        "published": [row["key"] for row in one.published],
    }  # fmt: skip


def _tested_with(one: Verdicts) -> list[str]:
    """Return what kinds of records the test used."""
    if one.claim.test is None:
        return []
    return list(dict.fromkeys(q.kind for q in one.claim.test.all))


def _alternative(one: Alternative) -> dict[str, Any]:
    return {"assumption": one.assumption, "verdict": str(one.verdict), "probability": one.probability,
            "value": _value(one.value), "decides": one.decides}  # fmt: skip


def _value(figure: Interval) -> dict[str, float | None]:
    """Return an interval; a value that cannot be computed is null."""
    found = figure.document()
    return {key: None if v is None or not math.isfinite(v) else v for key, v in found.items()}
