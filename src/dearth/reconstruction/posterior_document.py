"""A posterior to JSON and back: the only place where it is a dictionary. Imports no JAX."""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from dearth.reconstruction.posterior import Posterior

_ADAPTER = TypeAdapter(Posterior)


def to_document(posterior: Posterior) -> dict[str, Any]:
    """Return the ``reconstruction`` part of ``estimate --json``."""
    found: dict[str, Any] = _ADAPTER.dump_python(
        replace(posterior, draws=None), mode="json", by_alias=True, exclude={"draws"}
    )
    return found


def from_document(document: dict[str, Any]) -> Posterior:
    """Return the posterior of a document that `to_document` wrote.

    Raises
    ------
    pydantic.ValidationError
        When it is of another form.
    """
    return _ADAPTER.validate_python(document)
