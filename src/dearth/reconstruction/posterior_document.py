"""A posterior to JSON and back: the only place where it is a dictionary. Imports no JAX."""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from dearth.reconstruction.posterior import Posterior

_ADAPTER = TypeAdapter(Posterior)
HEAD = ("name", "note", "diagnostics", "refused", "warnings", "checks")  # of a refused scenario


def to_document(posterior: Posterior) -> dict[str, Any]:
    """Return the ``reconstruction`` part of ``estimate --json``."""
    found: dict[str, Any] = _ADAPTER.dump_python(
        replace(posterior, draws=None), mode="json", by_alias=True, exclude={"draws"}
    )
    found["scenarios"] = [_present(one) for one in found["scenarios"]]
    found["settling"] = [measurement_row(row) for row in found["settling"]]
    return found


def _present(scenario: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario without the parts that it does not have: a refused one has no figures."""
    if scenario["refused"]:
        return {key: scenario[key] for key in HEAD}
    absent = [] if scenario["places_sum"] else ["places", "places_sum"]
    measured = [measurement_row(row) for row in scenario["measurements"]]
    return {k: v for k, v in scenario.items() if k not in absent} | {"measurements": measured}


def measurement_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a measurement with its figures, or with the reason why there are none."""
    if row["not_computed"] is None:
        return {key: value for key, value in row.items() if key != "not_computed"}
    return {key: value for key, value in row.items() if value is not None and key != "expected"}


def from_document(document: dict[str, Any]) -> Posterior:
    """Return the posterior of a document that `to_document` wrote.

    Raises
    ------
    pydantic.ValidationError
        When it is of another form.
    """
    return _ADAPTER.validate_python(document)
