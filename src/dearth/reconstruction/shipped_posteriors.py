"""Posteriors that ship with the bundled cases and are used while their identity holds. Imports no JAX."""

import json
from dataclasses import asdict, replace
from importlib.resources import files

from dearth.case.read import Case
from dearth.reconstruction.identity import identify
from dearth.reconstruction.joint_draws import JointDraws, from_bytes
from dearth.reconstruction.posterior import Posterior
from dearth.reconstruction.posterior_document import from_document

CHANGES = {
    "model_version": "the model",
    "data_sha256": "the figures it reads",
    "specification_sha256": "the settings or priors of the case",
}


def shipped(case: Case, draws: bool = False) -> tuple[Posterior | None, str]:
    """Return the posterior that ships with `case` and "", or None and the reason why it cannot be used.

    Parameters
    ----------
    draws : read its thinned draws too
    """
    if case.settings.reconstruction is None:
        return None, ""
    place = files("dearth").joinpath("posteriors", f"{case.name}.json")
    if not place.is_file():
        return None, "no posterior ships with this case; fit it with --reconstruct"
    content = json.loads(place.read_text(encoding="utf-8"))
    theirs, ours = content.pop("identity"), asdict(identify(case))
    changed = [what for key, what in CHANGES.items() if theirs.get(key) != ours[key]]
    if changed:
        return None, (
            f"{' and '.join(changed)} changed after the shipped posterior was made; "
            "fit it again with --reconstruct"
        )
    found = from_document(content)
    return (replace(found, draws=_draws(case)) if draws else found), ""


def _draws(case: Case) -> JointDraws | None:
    """Return the thinned draws that ship with `case`; None where none do, or those of another fit."""
    place = files("dearth").joinpath("posteriors", f"{case.name}.npz")
    if not place.is_file():
        return None
    draws = from_bytes(place.read_bytes())
    return draws if draws.identity == identify(case).sha256 else None
