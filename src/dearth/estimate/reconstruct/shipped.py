"""Posteriors that ship with the bundled cases, used while their inputs are unchanged. Imports no JAX."""

import hashlib
import json
from importlib.resources import files
from typing import Any

from dearth.case.read import Case

# a shipped posterior is of this model: a change of any of these files asks for a refit
PARTS = (
    *(f"estimate/reconstruct/{name}.py" for name in (
        "candidates", "counts", "fit", "gates", "inputs", "measure", "model", "observe", "parts",
        "parts_summary", "patterns", "placebo", "priors", "records", "summary",
    )),
    *(f"population/{name}.py" for name in ("lexis", "projection", "register", "registration", "standards")),
)  # fmt: skip


def inputs_hash(case: Case) -> str:
    """Return the hash of the case's files and of the model's source."""
    digest = hashlib.sha256(case.sha256.encode())
    for part in PARTS:
        digest.update(files("dearth").joinpath(part).read_bytes())
    return digest.hexdigest()


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
