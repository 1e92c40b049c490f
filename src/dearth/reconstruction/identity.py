"""What identifies a posterior: the version of the model, its data and its specification. Imports no JAX.

A changed comment, name or message leaves the identity as it is, so a posterior stays valid. A changed
figure, prior or model does not.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from dearth.case.read import Case
from dearth.reconstruction.priors import priors

# Raise this number by hand whenever the log density or a generated quantity changes; the test of pinned
# log densities fails when it was forgotten.
MODEL_VERSION = 3

# what a reconstruction reads of case.yaml besides its own block
SETTINGS = ("window", "births", "completeness", "registers", "places", "holdouts", "reconstruction")
# texts for readers, which no figure depends on
TEXTS = {"note", "why", "title", "source", "label", "short", "summary", "tile"}
# fields that came after this version of the model: a case that leaves them out is what it was before
LATER = {"two_censuses"}


@dataclass(frozen=True)
class PosteriorIdentity:
    """The identity of a posterior; two posteriors with equal identities come from the same model and data.

    Attributes
    ----------
    model_version : the version of the model, set by hand
    data_sha256 : hash of every figure the reconstruction reads, in base units
    specification_sha256 : hash of the settings and of every prior in force, declared or default
    """

    model_version: int
    data_sha256: str
    specification_sha256: str

    @property
    def sha256(self) -> str:
        """Return one hash of the whole identity."""
        return _sha256(asdict(self))


def identify(case: Case) -> PosteriorIdentity:
    """Return the identity of the posterior of `case`.

    Raises
    ------
    CaseError
        When the case declares priors that the model does not have.
    """
    settings = case.settings.model_dump(mode="json", include=set(SETTINGS))
    return PosteriorIdentity(MODEL_VERSION, _data(case, settings), _specification(case, settings))


def _data(case: Case, settings: dict[str, Any]) -> str:
    wanted = set(_references(settings["registers"])) | set(_references(settings["reconstruction"]))
    figures = [
        (row.place, row.when, row.series, row.variable, row.base, row.unit, row.quality, row.scope,
         row.sex, row.age_from, row.age_to)
        for row in case.evidence if (row.series, row.variable) in wanted
    ]  # fmt: skip
    return _sha256(sorted(figures, key=repr))


def _specification(case: Case, settings: dict[str, Any]) -> str:
    spec = case.settings.reconstruction
    in_force: dict[str, Any] = {}
    if spec is not None:
        in_force = {
            name: prior.model_dump(mode="json")
            for name, prior in priors(spec, case.settings.place or "").items()
        }
        settings["reconstruction"].pop("priors")
    return _sha256(without_texts({**settings, "priors": in_force}))


def without_texts(part: Any) -> Any:
    """Return settings without the texts that no figure depends on, and without later fields left out."""
    if isinstance(part, dict):
        return {
            key: without_texts(value)
            for key, value in part.items()
            if key not in TEXTS and not (key in LATER and value is None)
        }
    if isinstance(part, list):
        return [without_texts(value) for value in part]
    return part


def _references(part: Any) -> Iterator[tuple[str, str]]:
    """Yield every series and variable that a part of the settings names."""
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


def _sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
