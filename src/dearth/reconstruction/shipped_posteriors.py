"""Posteriors that ship with the bundled cases and are used while their identity holds. Imports no JAX."""

import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from dearth.case.read import Case
from dearth.reconstruction.identity import identify

CHANGES = {
    "model_version": "the model",
    "data_sha256": "the figures it reads",
    "specification_sha256": "the settings or priors of the case",
}


def shipped(case: Case) -> tuple[dict[str, Any] | None, str]:
    """Return the posterior that ships with `case` and "", or None and the reason why it cannot be used."""
    if case.settings.reconstruction is None:
        return None, ""
    place = files("dearth").joinpath("posteriors", f"{case.name}.json")
    if not place.is_file():
        return None, "no posterior ships with this case; fit it with --reconstruct"
    held: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    theirs, ours = held.pop("identity"), asdict(identify(case))
    changed = [what for key, what in CHANGES.items() if theirs.get(key) != ours[key]]
    if changed:
        return None, (
            f"{' and '.join(changed)} changed after the shipped posterior was made; "
            "fit it again with --reconstruct"
        )
    return held, ""
