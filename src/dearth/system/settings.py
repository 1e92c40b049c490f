"""Settings by mechanism, month and place, from defaults, dated changes and a regime.

A setting is written ``mechanism.parameter`` or ``mechanism.strength``. Settings that never change stay single
numbers; the others are kept by month and by group of places that share all their changes, so that 26,000
communes under one policy cost one row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import CaseError, Problem, did_you_mean, mistake
from dearth.numerics.plain_float import plain_float
from dearth.system.aliases import ALIASES, canonical
from dearth.system.parameter import Declares, Parameter

Floats = NDArray[np.float64]
STRENGTH = "strength"


@dataclass(frozen=True)
class Change:
    """One setting changed in some months and places.

    Attributes
    ----------
    setting : "mechanism.parameter"
    value : a number, or the name of an option
    first, last : months since the start, both included; None = from the start, to the end
    places : indices of the places; None = all
    where : where the change was written, for messages
    sd : log standard deviation of the value over draws; 0 = as written
    rivals : names of options of which each draw takes one, all alike; a single run takes `value`, the first
    """

    setting: str
    value: float | str
    first: int | None = None
    last: int | None = None
    places: tuple[int, ...] | None = None
    where: str = "--set"
    sd: float = 0.0
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A change as it stands in the table of its setting: months first to last - 1 of the groups."""

    change: Change
    value: float
    low: float
    high: float
    first: int
    last: int
    groups: tuple[int, ...]
    rivals: tuple[float, ...] = ()


@dataclass(frozen=True)
class Settings:
    """Every setting of a run, by mechanism and parameter (and "strength").

    Attributes
    ----------
    fixed : single numbers
    varying : [month, group]
    group : [place] index of the group a place belongs to
    outside : settings beyond the literature's range: such a run is marked `scenario`
    spread : changes of the settings that differ between draws, by mechanism and parameter
    """

    fixed: dict[str, dict[str, Any]]
    varying: dict[str, dict[str, Any]]
    group: NDArray[np.int64]
    outside: tuple[str, ...] = ()
    spread: Mapping[tuple[str, str], tuple[Written, ...]] = field(default_factory=dict)


def _every(order: Sequence[Declares] | None = None) -> Sequence[Declares]:
    """Return `order`, or the mechanisms of a month, which are loaded only when they are asked for."""
    if order is not None:
        return order
    from dearth.system.installed import order as whole_order

    return whole_order()


def find(name: str, file: str, order: Sequence[Declares] | None = None) -> Declares:
    """Return a mechanism by its id or another of its names.

    Raises
    ------
    CaseError
        When there is none; names the one spelt alike, or all there are.
    """
    every = _every(order)
    for mechanism in every:
        if mechanism.id == canonical(name):
            return mechanism
    names = [*(m.id for m in every), *ALIASES]
    hint = did_you_mean(name, names, len(names))
    raise mistake(file, f"there is no mechanism '{name}'{hint}; list: dearth mechanisms")


def parse(
    setting: str, file: str, order: Sequence[Declares] | None = None
) -> tuple[Declares, Parameter | None]:
    """Return mechanism and parameter of a setting; None for its strength.

    Raises
    ------
    CaseError
        For an unknown mechanism or parameter.
    """
    name, dot, parameter = setting.partition(".")
    mechanism = find(name, file, order)
    names = [p.name for p in mechanism.parameters]
    if not dot:
        raise mistake(file, f"'{setting}' names no parameter; write {name}.{[*names, STRENGTH][0]}=…")
    if parameter == STRENGTH:
        return mechanism, None
    if parameter not in names:
        for shared in mechanism.shared:
            if shared.partition(".")[2] == parameter:
                raise mistake(file, f"{mechanism.id} takes '{parameter}' from {shared}; set {shared}")
        hint = did_you_mean(parameter, [*names, STRENGTH])
        raise mistake(file, f"{name} has no parameter '{parameter}'{hint}")
    return mechanism, next(p for p in mechanism.parameters if p.name == parameter)


def number(value: float | str, parameter: Parameter | None, setting: str, file: str) -> float:
    """Return the number that stands for `value` in the run: for a choice, the index of the option.

    Raises
    ------
    CaseError
        For values of the wrong kind, strengths and shares outside [0, 1], amounts below nothing.
    """
    if parameter is not None and parameter.options:
        if str(value) not in parameter.options:
            hint = did_you_mean(str(value), parameter.options)
            raise mistake(file, f"'{value}' is no form of {setting}{hint}")
        return float(parameter.options.index(str(value)))
    try:
        found = plain_float(value)
    except (TypeError, ValueError):
        raise mistake(file, f"{setting} is a number; given '{value}'") from None
    low, high = (0.0, 1.0) if parameter is None else _bounds(parameter)
    if not (np.isfinite(found) and low <= found <= high):
        raise mistake(file, f"{setting} is {value}; allowed are {low:g} to {high:g}")
    return found


def _bounds(parameter: Parameter) -> tuple[float, float]:
    """Return what makes sense at all: below 0 only where the literature goes there, shares at most 1."""
    low, high = parameter.low or 0.0, parameter.high or 0.0
    share = parameter.unit.startswith("share") and high <= 1
    positive = 1e-3 * low if low > 0 and not share else 0.0
    return (10 * low if low < 0 else positive), (1.0 if share else 1e6)


def defaults(order: Sequence[Declares] | None = None) -> dict[str, dict[str, float]]:
    """Return the settings of the normal years, every strength 1."""
    found: dict[str, dict[str, float]] = {}
    for mechanism in _every(order):
        values = {p.name: number(p.default, p, p.name, mechanism.id) for p in mechanism.parameters}
        found[mechanism.id] = {**values, STRENGTH: 1.0}
    return found


def settle(
    changes: Iterable[Change], months: int, places: int, order: Sequence[Declares] | None = None
) -> Settings:
    """Return the settings of a run; later changes stand over earlier ones.

    Parameters
    ----------
    order
        The mechanisms or their declarations; those of a month where none are given.

    Raises
    ------
    CaseError
        With every mistake of the changes at once.
    """
    fixed: dict[str, dict[str, Any]] = defaults(order)
    problems: list[Problem] = []
    known: list[tuple[Change, str, str, float]] = []
    beyond: list[str] = []
    for change in changes:
        try:
            mechanism, parameter = parse(change.setting, change.where, order)
            value = number(change.value, parameter, change.setting, change.where)
            _refuse_rivals(change, parameter)
        except CaseError as error:
            problems += error.problems
            continue
        if parameter is not None and not parameter.options and _beyond(value, parameter):
            beyond.append(f"{canonical(change.setting)}={change.value}")
        known.append((change, mechanism.id, STRENGTH if parameter is None else parameter.name, value))
    if problems:
        raise CaseError(problems)
    group, members = _groups([c for c, *_ in known], places)
    varying: dict[str, dict[str, Floats]] = {}
    rows: dict[tuple[str, str], tuple[Written, ...]] = {}
    for change, mechanism_id, name, value in known:
        table = varying.setdefault(mechanism_id, {})
        if name not in table:
            table[name] = np.full((months, len(members)), fixed[mechanism_id][name])
        inside = tuple(g for g, m in enumerate(members) if change.places is None or m in change.places)
        last = months if change.last is None else change.last + 1
        table[name][change.first or 0 : last, inside] = value
        parameter = parse(change.setting, change.where, order)[1]
        rivals = tuple(number(r, parameter, change.setting, change.where) for r in change.rivals)
        row = Written(change, value, *_ends(value, parameter), change.first or 0, last, inside, rivals)
        rows[mechanism_id, name] = (*rows.get((mechanism_id, name), ()), row)
    _simplify(fixed, varying)
    spread = {k: r for k, r in rows.items() if any(w.change.sd or w.rivals for w in r)}
    settings = Settings(fixed, varying, group, tuple(dict.fromkeys(beyond)), spread)
    _refuse_too_much_labour(settings, _every(order))
    return settings


def _refuse_rivals(change: Change, parameter: Parameter | None) -> None:
    """Refuse rivals of a number, and options that are none."""
    if change.rivals and (parameter is None or not parameter.options):
        raise mistake(change.where, f"{change.setting} is a number and takes one value, with an sd; a list "
                      "names rival forms of a choice")  # fmt: skip
    for rival in change.rivals:
        number(rival, parameter, change.setting, change.where)


def _beyond(value: float, parameter: Parameter) -> bool:
    return not (parameter.low or 0.0) <= value <= (parameter.high or 0.0)


def _ends(value: float, parameter: Parameter | None) -> tuple[float, float]:
    """Return the range that draws about `value` keep to: the literature's, or the value outside it."""
    low, high = (0.0, 1.0) if parameter is None else (parameter.low or 0.0, parameter.high or 0.0)
    return min(low, value), max(high, value)


def _groups(changes: list[Change], places: int) -> tuple[NDArray[np.int64], list[int]]:
    """Return the group of each place, and one member of each group: alike in every set of places named."""
    sets = list(dict.fromkeys(c.places for c in changes if c.places is not None))
    marks = np.zeros((places, len(sets)), bool)
    for column, chosen in enumerate(sets):
        marks[list(chosen), column] = True
    _, first, group = np.unique(marks, axis=0, return_index=True, return_inverse=True)
    return np.asarray(group).reshape(-1), [int(i) for i in first]


def _simplify(fixed: dict[str, dict[str, Any]], varying: dict[str, dict[str, Floats]]) -> None:
    """Move what never changes from the tables to the single numbers; drop these where tables stand."""
    for mechanism_id in list(varying):
        for name, table in list(varying[mechanism_id].items()):
            if (table == table.flat[0]).all():
                fixed[mechanism_id][name] = float(table.flat[0])
                del varying[mechanism_id][name]
            else:
                del fixed[mechanism_id][name]
        if not varying[mechanism_id]:
            del varying[mechanism_id]


def _refuse_too_much_labour(settings: Settings, order: Sequence[Declares]) -> None:
    """Refuse shares of farm labour that add up to more than all of it."""
    total: Any = 0.0
    for mechanism in order:
        for p in mechanism.parameters:
            if p.name in ("labour", "fund"):
                where = settings.varying.get(mechanism.id, {})
                total = total + where.get(p.name, settings.fixed[mechanism.id].get(p.name, 0.0))
    if np.max(total) > 1:
        raise mistake(
            "settings",
            f"shares of farm labour for industry, works, search, training and the commune's "
            f"fund add up to {np.max(total):.2f}; at most 1",
        )
