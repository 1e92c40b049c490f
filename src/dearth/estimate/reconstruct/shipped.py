"""Posteriors that ship with the bundled cases, used while their inputs are unchanged. Imports no JAX."""

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from dearth.case.read import Case

# a shipped posterior is of this model: a change of any of these files asks for a refit
PARTS = (
    *(f"estimate/reconstruct/{name}.py" for name in (
        "candidates", "counts", "fit", "gates", "hangs", "inputs", "measure", "model", "names", "observe",
        "parts", "parts_summary", "patterns", "placebo", "prior_check", "priors", "records",
        "ridge", "scales", "summary",
    )),
    *(f"population/{name}.py" for name in ("lexis", "projection", "register", "registration", "standards")),
)  # fmt: skip


# what a reconstruction reads of case.yaml besides its own block
SETTINGS = ("window", "births", "completeness", "registers", "places", "holdouts", "reconstruction")


def inputs_hash(case: Case) -> str:
    """Return the hash of what a reconstruction reads: settings, figures, and the model's source.

    Figures of other series and texts of sources may change without a refit.
    """
    settings = case.settings.model_dump(mode="json", include=set(SETTINGS))
    wanted = set(_references(settings["registers"])) | set(_references(settings["reconstruction"]))
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for row in case.evidence:
        if (row.series, row.variable) in wanted:
            figure = (row.place, row.year, row.series, row.variable, row.base, row.unit, row.quality,
                      row.scope, row.sex, row.age_from, row.age_to)  # fmt: skip
            digest.update(repr(figure).encode())
    for part in PARTS:
        digest.update(files("dearth").joinpath(part).read_bytes())
    return digest.hexdigest()


def _references(part: Any) -> Iterator[tuple[str, str]]:
    """Yield every series and variable a part of the settings names."""
    if isinstance(part, dict):
        if part.get("series") and part.get("variable"):
            yield part["series"], part["variable"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _references(inner)
    if isinstance(part, str) and part.count("/") == 1:
        series, variable = part.split("/")
        yield series, variable


def shipped(case: Case) -> tuple[dict[str, Any] | None, str]:
    """Return the posterior that ships with `case` and "", or None and why it cannot be used."""
    if case.settings.reconstruction is None:
        return None, ""
    place = files("dearth").joinpath("posteriors", f"{case.name}.json")
    if not place.is_file():
        return None, "no posterior ships with this case; fit it with --reconstruct"
    held: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    if held.pop("inputs_sha256") != inputs_hash(case):
        return (
            None,
            "the case or the model has changed since its posterior was made; fit it again with --reconstruct",
        )
    return held, ""
