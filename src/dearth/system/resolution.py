"""Resolution: the scenario's places merged into counties, provinces or one, or split into communes.

Merging adds people, land and grain; a dated setting applies to a merged place if it applied to more than half
of its people, disasters and dated losses are weighted by land. Splitting spreads a place over its number of
communes: people, land per head and yield log-normal, cart distance log-normal too, with totals kept. Where a
place has several counties, consecutive communes form one, and part of the spread is what they have in common.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import did_you_mean, mistake
from dearth.numerics.random_streams import stream
from dearth.system.initial_conditions import Place, Spread
from dearth.system.scenario import FILE, Scenario

LEVELS = ("place", "country", "province", "county", "commune")
Members = dict[str, list[str]]  # name of a new place -> names of the places in it


def at(scenario: Scenario, level: str, seed: int) -> Scenario:
    """Return the scenario at a resolution; `place` = as it is written.

    Raises
    ------
    CaseError
        For a resolution that does not exist, and for counties of a scenario that has none.
    """
    if level not in LEVELS:
        raise mistake("--resolution", f"there is no resolution '{level}'{did_you_mean(level, LEVELS)}")
    if level == "place":
        return scenario
    if level == "commune":
        return _split(scenario, lambda p: _communes(p, scenario.spread, seed))
    if level == "county":
        if not any(p.county or p.counties > 1 for p in scenario.places):
            raise mistake(
                "--resolution",
                f"no place of {FILE} says which county it is or how many it has: give `counties: n` to the "
                "places that are to be split, or `county: NAME` to those that lie in one",
            )
        usual = scenario.calendar.shares
        scenario = _split(scenario, lambda p: _counties(p, scenario.spread, seed, usual))
    return _merged(scenario, level)


def _merged(scenario: Scenario, level: str) -> Scenario:
    def area(p: Place) -> str:
        return {"county": p.county or p.province, "province": p.province}.get(level, "") or "whole"

    provinces: dict[str, set[str]] = {}
    for p in scenario.places:
        provinces.setdefault(area(p), set()).add(p.province)
    members: Members = {}
    for p in scenario.places:
        # counties of two provinces may bear one name
        twice = level == "county" and len(provinces[area(p)]) > 1
        where = f"{p.province} {area(p)}" if twice else area(p)
        members.setdefault(f"{where} {'towns' if p.kind == 'town' else 'communes'}", []).append(p.name)
    known = {p.name: p for p in scenario.places}
    usual = scenario.calendar.shares
    places = tuple(_sum(name, [known[n] for n in names], usual) for name, names in members.items())
    return _moved(scenario, places, members)


def _sum(name: str, parts: list[Place], usual: tuple[float, ...]) -> Place:
    """Return the place, of one county, that is the sum of its parts; km by people, harvest shares by grain.

    `usual` has the shares of the harvests where a place does not give its own.
    """
    people, land = (np.array([getattr(p, k) for p in parts]) for k in ("people", "land_ha"))
    grain = land * np.array([p.yield_kg_ha for p in parts])
    return parts[0].model_copy(
        update={
            "name": name,
            "people": float(people.sum()),
            "land_ha": float(land.sum()),
            "yield_kg_ha": float(grain.sum() / land.sum()) if land.sum() else 0.0,
            "harvest_shares": _harvest_shares(parts, grain, usual),
            "km": _mean([p.km for p in parts], people),
            "communes": sum(p.communes for p in parts),
            "counties": 1,
            "county": _common([p.county for p in parts]),
            "province": _common([p.province for p in parts]),
        }
    )


def _harvest_shares(
    parts: list[Place], grain: NDArray[np.float64], usual: tuple[float, ...]
) -> tuple[float, ...] | None:
    """Return the mean share of each harvest; None where every place has the usual ones."""
    if not any(p.harvest_shares for p in parts):
        return None
    by_harvest = zip(*(p.harvest_shares or usual for p in parts), strict=True)
    return tuple(_mean(list(shares), grain) for shares in by_harvest)


def _common(names: list[str]) -> str:
    """Return the name all parts bear, none where they differ: a whole country is called after no province."""
    return names[0] if len(set(names)) == 1 else ""


def _mean(values: list[float], weights: NDArray[np.float64]) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() else float(np.mean(values))


def _moved(scenario: Scenario, places: tuple[Place, ...], members: Members) -> Scenario:
    """Return the scenario with the places of its disasters, events and timeline replaced."""
    known = {p.name: p for p in scenario.places}

    def share(names: list[str], chosen: Any, weight: str) -> float:
        if chosen == "all":
            return 1.0
        chosen = frozenset(chosen)
        total = sum(getattr(known[n], weight) for n in names)
        return sum(getattr(known[n], weight) for n in names if n in chosen) / total if total else 0.0

    disasters = []
    for d in scenario.disasters:
        if d.places == "all":
            disasters.append(d)
            continue
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


def _split(scenario: Scenario, parts: Callable[[Place], list[Place]]) -> Scenario:
    """Return the scenario with every place in its parts."""
    places: list[Place] = []
    children: Members = {}
    for p in scenario.places:
        made = parts(p)
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


def _counties(p: Place, cv: Spread, seed: int, usual: tuple[float, ...]) -> list[Place]:
    """Return the counties of a place: each is the sum of its communes, the same as at commune resolution."""
    if p.counties == 1:
        return [p]
    parts: dict[str, list[Place]] = {}
    for commune in _communes(p, cv, seed):
        parts.setdefault(commune.county, []).append(commune)
    return [_sum(county, communes, usual) for county, communes in parts.items()]


def _communes(p: Place, cv: Spread, seed: int) -> list[Place]:
    """Return the communes of a place, people, land and grain adding up to its own.

    Between n counties a share `between` of the variance of the logarithms is common to a county's communes; n
    counties show 1 - 1/n of that about their own mean, and what they do not show is left within them, so that
    the spread over all communes is the same for every n.
    """
    many, counties = p.communes, p.counties
    if many == 1:
        return [p]
    random = stream(seed, "resolution", p.name)
    county = np.arange(many) * counties // many  # consecutive blocks, equal but for one commune
    common, own = np.sqrt(cv.between), np.sqrt(1 - cv.between * (1 - 1 / counties))

    def shares(sd: float) -> NDArray[np.float64]:
        logs = random.normal(0, sd * own, many)
        if counties > 1:
            logs += random.normal(0, sd * common, counties)[county]
        found = np.exp(logs)
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
                "county": f"{p.name} county {county[i] + 1}" if counties > 1 else p.county,
                "communes": 1,
                "counties": 1,
            }
        )
        for i in range(many)
    ]
