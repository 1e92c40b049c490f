"""Resolution: the scenario's places merged into counties, provinces or one, or split into communes.

Merging adds people, land and grain; a dated setting holds in a merged place where it held for more than half
of its people, disasters and dated losses are weighted by land. Splitting spreads a place over its number of
communes: people, land per head and yield log-normal, cart distance log-normal too, with totals kept.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import did_you_mean, mistake
from dearth.numerics.streams import stream
from dearth.system.scenario import Scenario
from dearth.system.start import Place

LEVELS = ("place", "country", "province", "county", "commune")
Members = dict[str, list[str]]  # name of a new place -> names of the places in it


def at(scenario: Scenario, level: str, seed: int) -> Scenario:
    """Return the scenario at a resolution; `place` = as it is written.

    Raises
    ------
    CaseError
        For a resolution that does not exist.
    """
    if level not in LEVELS:
        raise mistake("--resolution", f"there is no resolution '{level}'{did_you_mean(level, LEVELS)}")
    if level == "place":
        return scenario
    return _split(scenario, seed) if level == "commune" else _merged(scenario, level)


def _merged(scenario: Scenario, level: str) -> Scenario:
    def area(p: Place) -> str:
        return {"county": p.county or p.province, "province": p.province}.get(level, "") or "whole"

    members: Members = {}
    for p in scenario.places:
        members.setdefault(f"{area(p)} {'towns' if p.kind == 'town' else 'communes'}", []).append(p.name)
    known = {p.name: p for p in scenario.places}
    places = tuple(_sum(name, [known[n] for n in names]) for name, names in members.items())
    return _moved(scenario, places, members)


def _sum(name: str, parts: list[Place]) -> Place:
    """Return the place that is the sum of its parts; distance by people, summer share by grain."""
    people, land = (np.array([getattr(p, k) for p in parts]) for k in ("people", "land_ha"))
    grain = land * np.array([p.yield_kg_ha for p in parts])
    return parts[0].model_copy(
        update={
            "name": name,
            "people": float(people.sum()),
            "land_ha": float(land.sum()),
            "yield_kg_ha": float(grain.sum() / land.sum()) if land.sum() else 0.0,
            "summer_share": _mean([p.summer_share for p in parts], grain),
            "km": _mean([p.km for p in parts], people),
            "communes": sum(p.communes for p in parts),
        }
    )


def _mean(values: list[float], weights: NDArray[np.float64]) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() else float(np.mean(values))


def _moved(scenario: Scenario, places: tuple[Place, ...], members: Members) -> Scenario:
    """Return the scenario with its disasters, events and timeline told of the new places."""
    known = {p.name: p for p in scenario.places}

    def share(names: list[str], chosen: Any, weight: str) -> float:
        if chosen == "all":
            return 1.0
        total = sum(getattr(known[n], weight) for n in names)
        return sum(getattr(known[n], weight) for n in names if n in chosen) / total if total else 0.0

    disasters = []
    for d in scenario.disasters:
        struck = {name: share(names, d.places, "land_ha") for name, names in members.items()}
        disasters += [
            d.model_copy(update={"places": (name,), "share": d.share * part})
            for name, part in struck.items() if part > 0
        ]  # fmt: skip
    events = [
        e.model_copy(update={"place": name, "loss": e.loss * share(names, (e.place,), "land_ha")})
        for e in scenario.events for name, names in members.items() if e.place in names
    ]  # fmt: skip
    timeline = []
    for dated in scenario.timeline:
        where = tuple(n for n, names in members.items() if share(names, dated.places, "people") > 0.5)
        if dated.places == "all" or where:
            timeline.append(dated if dated.places == "all" else dated.model_copy(update={"places": where}))
    return scenario.model_copy(
        update={
            "places": places,
            "disasters": tuple(disasters),
            "events": tuple(events),
            "timeline": tuple(timeline),
        }
    )


def _split(scenario: Scenario, seed: int) -> Scenario:
    places: list[Place] = []
    children: Members = {}
    for p in scenario.places:
        random = stream(seed, "resolution", p.name)
        made = [p] if p.communes == 1 else _children(p, scenario, random)
        children[p.name] = [c.name for c in made]
        places += made

    def spread(chosen: Any) -> Any:
        return chosen if chosen == "all" else tuple(c for name in chosen for c in children[name])

    events = [e.model_copy(update={"place": c}) for e in scenario.events for c in children[e.place]]
    return scenario.model_copy(
        update={
            "places": tuple(places),
            "disasters": tuple(d.model_copy(update={"places": spread(d.places)}) for d in scenario.disasters),
            "events": tuple(events),
            "timeline": tuple(d.model_copy(update={"places": spread(d.places)}) for d in scenario.timeline),
        }
    )


def _children(p: Place, scenario: Scenario, random: np.random.Generator) -> list[Place]:
    """Return the communes of a place, people, land and grain adding up to its own."""
    cv, many = scenario.spread, p.communes

    def shares(sd: float) -> NDArray[np.float64]:
        found = np.exp(random.normal(0, sd, many))
        return np.asarray(found / found.sum())

    people = p.people * shares(cv.people)
    land = people * shares(cv.land)
    land = p.land_ha * (land / land.sum() if land.sum() else shares(0.0))
    grain = land * shares(cv.grain)
    grain = p.land_ha * p.yield_kg_ha * (grain / grain.sum() if grain.sum() else shares(0.0))
    km = p.km * shares(cv.km) * many
    return [
        p.model_copy(
            update={
                "name": f"{p.name} {i + 1}",
                "people": float(people[i]),
                "land_ha": float(land[i]),
                "yield_kg_ha": float(grain[i] / land[i]) if land[i] else 0.0,
                "km": float(km[i]),
                "communes": 1,
            }
        )
        for i in range(many)
    ]
