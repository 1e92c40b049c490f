"""Fields of ``case.yaml`` under the names they had in the first version; they are still read."""

from typing import Any

RECONSTRUCTION = {"readings": "scenarios", "parts": "subpopulations"}
SCENARIO = {
    "deaths": "completeness",
    "late_booking": "late_registration",
    "names_booked_as_deaths": "removals_registered_as_deaths",
}
CENSUS = {"rung": "evidence_source"}
SOLDIERS = {"sex": "male", "ages_from": 18, "ages_to": 35, "why": "soldiers in service"}
BIRTHS = {"regained": "recovered"}
TRANSFER = {"booked": "registered", "happened": "occurred", "booked_as_deaths": "registered_as_deaths"}
TRANSFER_KINDS = {"late_booking": "late_registration", "roll_cleanup": "register_cleanup"}


def with_present_names(content: Any) -> Any:
    """Return the content of ``case.yaml`` with every old field name replaced by its present one.

    A field given under both names keeps both, so that validation reports the old one as unknown.
    """
    if not isinstance(content, dict):
        return content
    found = dict(content)
    if isinstance(found.get("births"), dict):
        found["births"] = _renamed(found["births"], BIRTHS)
    if isinstance(found.get("transfers"), dict):
        found["transfers"] = {name: _transfer(one) for name, one in found["transfers"].items()}
    if isinstance(found.get("places"), list):
        found["places"] = [_place(one) for one in found["places"]]
    if isinstance(found.get("reconstruction"), dict):
        found["reconstruction"] = _reconstruction(found["reconstruction"])
    return found


def _renamed(part: Any, names: dict[str, str]) -> Any:
    if not isinstance(part, dict):
        return part
    return {key if names.get(key, key) in part else names.get(key, key): value for key, value in part.items()}


def _place(part: Any) -> Any:
    """Return a place whose `label` alone was, in the first version, the short label of its tile."""
    return _renamed(part, {"label": "short"}) if isinstance(part, dict) and "short" not in part else part


def _transfer(part: Any) -> Any:
    found = _renamed(part, TRANSFER)
    if isinstance(found, dict) and isinstance(found.get("kind"), str):
        found["kind"] = TRANSFER_KINDS.get(found["kind"], found["kind"])
    return found


def _census(part: Any) -> Any:
    found = _renamed(part, CENSUS)
    if (
        isinstance(found, dict)
        and isinstance(found.get("without_soldiers"), bool)
        and "left_out" not in found
    ):
        found["left_out"] = [SOLDIERS] if found.pop("without_soldiers") else []
    return found


def _reconstruction(part: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _renamed(part, RECONSTRUCTION)
    if isinstance(found.get("scenarios"), dict):
        found["scenarios"] = {name: _renamed(one, SCENARIO) for name, one in found["scenarios"].items()}
    if isinstance(found.get("censuses"), list):
        found["censuses"] = [_census(one) for one in found["censuses"]]
    return found
