"""Posteriors fitted here, kept in the user's cache and used while inputs are unchanged. Imports no JAX."""

import json
from pathlib import Path
from typing import Any

from dearth.case.atomic_files import write_cache_file
from dearth.case.read import Case
from dearth.numerics.cache_folder import cache_folder
from dearth.reconstruction.identity import identify

LOST = "The posterior is not kept; the next command must fit it again. Set DEARTH_CACHE to another folder."


def _place(case: Case) -> Path | None:
    folder = cache_folder()
    return (
        None if folder is None else folder / "posteriors" / f"{case.name}-{identify(case).sha256[:24]}.json"
    )


def keep(case: Case, asked: dict[str, Any], posterior: dict[str, Any]) -> None:
    """Keep a posterior with how it was asked for; one that is refused in every scenario is not kept.

    A cache that cannot be written to is a warning: the fit itself has succeeded.
    """
    place = _place(case)
    if place is None or all(scenario["refused"] for scenario in posterior["scenarios"]):
        return
    write_cache_file(place, json.dumps({"asked": asked, "posterior": posterior}), LOST)


def kept(case: Case) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the posterior kept of these inputs and how it was asked for, or None twice."""
    place = _place(case)
    if place is None or not place.is_file():
        return None, None
    try:
        held = json.loads(place.read_text(encoding="utf-8"))
        return held["posterior"], held["asked"]
    except (OSError, ValueError, KeyError):
        return None, None
