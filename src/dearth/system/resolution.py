"""Resolution: the scenario's places merged into the units of a level or into one, or split into the smallest.

Merging adds people, land and grain; a dated setting applies to a merged place if it applied to more than half
of its people, disasters and dated losses are weighted by land. Splitting spreads a place over its number of
smallest units: people, land per head and yield log-normal, cart distance log-normal too, with totals kept.
Where a place has several units of a level between, consecutive smallest units form one. Part of the spread is
what the smallest units of one unit of the second level have in common.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import did_you_mean, mistake
from dearth.numerics.random_streams import stream
from dearth.system.initial_conditions import Place
from dearth.system.levels import WHOLE, Levels
from dearth.system.scenario import FILE, Scenario

COUNTRY = "country"  # all rural places in one, and all towns
Members = dict[str, list[str]]  # name of a new place -> names of the places in it


def at(scenario: Scenario, level: str, seed: int) -> Scenario:
    """Return the scenario at a resolution; `place` = as it is written.

    Raises
    ------
    CaseError
        For a resolution that does not exist, and for a level of which no place says anything.
    """
    levels = scenario.levels
    known = ("place", COUNTRY, *levels.reporting)
    if level not in (*known, levels.centre):
        raise mistake(
            "--resolution", f"there is no resolution '{level}'{did_you_mean(level, known, len(known))}"
        )
    if level == "place":
        return scenario
    if level == levels.smallest:
        return _split(scenario, lambda p: _smallest(p, scenario, seed))
    if level in (COUNTRY, levels.centre):
        return _merged(scenario, COUNTRY)
    if not any(p.within.get(level) or p.units.get(level, 1) > 1 for p in scenario.places):
        raise mistake(
            "--resolution",
            f"no place of {FILE} says in which {level} it lies or how many it has: give "
            f"`units: {{{level}: n}}` to the places that are to be split, or `within: {{{level}: NAME}}` to "
            "those that lie in one",
        )
    return _merged(_split(scenario, lambda p: _units(p, level, scenario, seed)), level)


def _merged(scenario: Scenario, level: str) -> Scenario:
    members: Members = {}
    for p, area in zip(scenario.places, _areas(scenario, level), strict=True):
        members.setdefault(f"{area} {'towns' if p.kind == 'town' else 'countryside'}", []).append(p.name)
    known = {p.name: p for p in scenario.places}
    places = tuple(_sum(name, [known[n] for n in names], scenario) for name, names in members.items())
    return _moved(scenario, places, members)


def _areas(scenario: Scenario, level: str) -> list[str]:
    """Return the name of the unit of a level that each place lies in; units of one name add those above."""
    if level == COUNTRY:
        return [WHOLE] * len(scenario.places)
    levels = scenario.levels
    depth = (
        levels.many - levels.names.index(level) - 1
    )  # levels from the one asked for up to below the centre
    paths = [levels.path(p.within)[:depth] for p in scenario.places]
    several: dict[str, set[tuple[str, ...]]] = {}
    for path in paths:
        several.setdefault(path[-1], set()).add(path)
    return [path[-1] if len(several[path[-1]]) == 1 else " ".join(dict.fromkeys(path)) for path in paths]


def _sum(name: str, parts: list[Place], scenario: Scenario) -> Place:
    """Return the place that is the sum of its parts; km by people, harvest shares by grain.

    The shares of the harvests are the calendar's where a place does not give its own.
    """
    people, land = (np.array([getattr(p, k) for p in parts]) for k in ("people", "land_ha"))
    grain = land * np.array([p.yield_kg_ha for p in parts])
    return parts[0].model_copy(
        update={
            "name": name,
            "people": float(people.sum()),
            "land_ha": float(land.sum()),
            "yield_kg_ha": float(grain.sum() / land.sum()) if land.sum() else 0.0,
            "harvest_shares": _harvest_shares(parts, grain, scenario.calendar.shares),
            "km": _mean([p.km for p in parts], people),
            "units": {
                level: sum(p.units.get(level, 1) for p in parts) for level in scenario.levels.reporting[:1]
            },
            "within": _common(parts, scenario.levels),
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


def _common(parts: list[Place], levels: Levels) -> dict[str, str]:
    """Return the units that all parts lie in: a whole country is called after no unit of it."""
    named = {level: {p.within.get(level, "") for p in parts} for level in levels.between}
    return {level: min(names) for level, names in named.items() if len(names) == 1 and min(names)}


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


def _units(p: Place, level: str, scenario: Scenario, seed: int) -> list[Place]:
    """Return the units of a level that a place is made of, each the sum of its smallest units."""
    if p.units.get(level, 1) == 1:
        return [p]
    parts: dict[str, list[Place]] = {}
    for part in _smallest(p, scenario, seed):
        parts.setdefault(part.within[level], []).append(part)
    return [_sum(name, inside, scenario) for name, inside in parts.items()]


def _blocks(p: Place, levels: Levels) -> dict[str, NDArray[np.int64]]:
    """Return by level the number of the unit that each smallest unit of a place lies in [smallest unit].

    Consecutive units form one of the level above, all of them equal but for one; nothing for levels of which
    the place has a single unit.
    """
    lower, row = p.units.get(levels.smallest, 1), np.arange(p.units.get(levels.smallest, 1))
    found: dict[str, NDArray[np.int64]] = {}
    for level in levels.between:
        many = p.units.get(level, 1)
        row = row * many // lower
        lower = many
        if many > 1:
            found[level] = row
    return found


def _smallest(p: Place, scenario: Scenario, seed: int) -> list[Place]:
    """Return the smallest units of a place, people, land and grain adding up to its own.

    Between n units of the second level a share `between` of the variance of the logarithms is common to the
    smallest units of each; n such units show 1 - 1/n of that about their own mean, and what they do not show
    is left within them, so that the spread over all smallest units is the same for every n.
    """
    levels, cv = scenario.levels, scenario.spread
    many = p.units.get(levels.smallest, 1)
    if many == 1:
        return [p]
    random = stream(seed, "resolution", p.name)
    blocks = _blocks(p, levels)
    second = levels.names[1]  # of two levels it is the centre, and a place lies in one
    groups = p.units.get(second, 1)
    common, own = np.sqrt(cv.between), np.sqrt(1 - cv.between * (1 - 1 / groups))

    def shares(sd: float) -> NDArray[np.float64]:
        logs = random.normal(0, sd * own, many)
        if groups > 1:
            logs += random.normal(0, sd * common, groups)[blocks[second]]
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
                "within": {
                    **p.within,
                    **{name: f"{p.name} {name} {row[i] + 1}" for name, row in blocks.items()},
                },
                "units": {},
            }
        )
        for i in range(many)
    ]
