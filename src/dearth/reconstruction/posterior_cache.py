"""Posteriors fitted here, kept in the user's cache and used while inputs are unchanged. Imports no JAX."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dearth.case.atomic_files import write_file
from dearth.case.problems import CaseError
from dearth.case.read import Case
from dearth.numerics.cache_folder import cache_folder
from dearth.reconstruction.identity import identify
from dearth.reconstruction.joint_draws import from_bytes
from dearth.reconstruction.posterior import Posterior
from dearth.reconstruction.posterior_document import from_document, to_document

Asked = dict[str, Any]  # how a fit was asked for, as JSON: compared as a whole, never read


def _place(case: Case) -> Path | None:
    folder = cache_folder()
    return (
        None if folder is None else folder / "posteriors" / f"{case.name}-{identify(case).sha256[:24]}.json"
    )


def keep(case: Case, asked: Asked, posterior: Posterior) -> None:
    """Keep a posterior with how it was asked for; one that is refused in every scenario is not kept.

    A cache that cannot be written to is passed over: the fit itself has succeeded.
    """
    place = _place(case)
    if place is None or not posterior.printed:
        return
    try:
        if posterior.draws is not None:
            write_file(place.with_suffix(".npz"), posterior.draws.to_bytes(identify(case).sha256))
        write_file(place, json.dumps({"asked": asked, "posterior": to_document(posterior)}))
    except (OSError, CaseError):
        return


def kept(case: Case, draws: bool = False) -> tuple[Posterior | None, Asked | None]:
    """Return the posterior kept of these inputs and how it was asked for, or None twice.

    Parameters
    ----------
    draws : read its thinned draws too
    """
    place = _place(case)
    if place is None or not place.is_file():
        return None, None
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
        found, asked = from_document(content["posterior"]), content["asked"]
        if draws and place.with_suffix(".npz").is_file():
            found = replace(found, draws=from_bytes(place.with_suffix(".npz").read_bytes()))
    except (OSError, ValueError, KeyError, ValidationError):
        return None, None
    return found, asked
