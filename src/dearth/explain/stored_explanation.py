"""Explanations on disk: those that ship with a case, and those made here, used while their fit holds."""

import json
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from dearth.case.atomic_files import write_file
from dearth.case.read import Case
from dearth.ensemble.executor import Executor
from dearth.estimate.progress import Progress, quiet
from dearth.explain.explain import Explanation, Wanted, explain
from dearth.explain.explain_document import from_document, to_document
from dearth.explain.fit import Fit
from dearth.explain.fitted import Fitted
from dearth.explain.simulated import usable_fit
from dearth.explain.stored_fit import identity
from dearth.numerics.cache_folder import cache_folder

# Raise this number by hand whenever a share, a counterfactual or the form of a stored explanation changes.
EXPLANATION_VERSION = 1


def explained(
    case: Case, found: Fitted, wanted: Wanted, progress: Progress = quiet, executor: Executor | None = None,
    again: bool = False,
) -> Explanation:  # fmt: skip
    """Return the stored explanation that is asked for; with `again`, or where none is stored, a new one.

    Raises
    ------
    CaseError
        As `explain.explain`.
    """
    stored = None if again else read_explanation(case, found.fit, wanted)
    if stored is not None:
        return stored
    made = explain(case, found.fit, found.draws, wanted, progress, executor)
    keep_explanation(case, made, wanted)
    return made


def stored_explanation(case: Case) -> Explanation | None:
    """Return the stored explanation of a case by its fit, as `explain` without options makes it; else None.

    Raises
    ------
    CaseError
        As `simulated.usable_fit`.
    """
    found = usable_fit(case)
    return None if found is None else read_explanation(case, found, Wanted())


def read_explanation(case: Case, found: Fit, wanted: Wanted) -> Explanation | None:
    """Return the stored explanation that answers `wanted`, or None."""
    name = _name(case, found, wanted)
    for path in (_own_path(name), _shipped(case, found)):
        if path is not None and path.is_file():
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["identity"] == name:
                return from_document(content["document"], found)
    return None


def keep_explanation(case: Case, made: Explanation, wanted: Wanted) -> Path | None:
    """Write an explanation into this user's folder and return the file; None where nothing is cached."""
    name = _name(case, made.fit, wanted)
    path = _own_path(name)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"identity": name, "document": to_document(made, wanted.seed)})
        write_file(path, text)
    return path


def explanation_path(case: Case, found: Fit, wanted: Wanted) -> Path | None:
    """Return where this user's explanation that answers `wanted` lies; None where nothing is cached."""
    return _own_path(_name(case, found, wanted))


def _name(case: Case, found: Fit, wanted: Wanted) -> str:
    """Return what identifies an explanation: the fit, its draws, and what is asked for.

    Raises
    ------
    CaseError
        As `stored_fit.identity`.
    """
    draws = sha256(found.thinned(wanted.draws).astype("float32").tobytes()).hexdigest()
    parts = [EXPLANATION_VERSION, identity(case, found.registration), draws, repr(wanted)]
    return sha256(json.dumps(parts).encode()).hexdigest()


def _own_path(name: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / "explanations" / f"{name}.json"


def _shipped(case: Case, found: Fit) -> Path:
    return Path(str(files("dearth"))) / "fits" / f"{case.name}-{found.registration}.json"
