"""Settings by mechanism, month and place: defaults, dated changes and a regime, merged once.

A setting is written ``mechanism.parameter`` or ``mechanism.strength``. Settings that never change stay single
numbers; the others are kept by month and by group of places that share all their changes, so that 26,000
places under one policy cost one row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import CaseError, Problem, mistake
from dearth.system.aliases import canonical
from dearth.system.parameter import Declares
from dearth.system.setting_names import STRENGTH, defaults, every, literature, number, parse

Floats = NDArray[np.float64]
Key = tuple[str, str]  # mechanism and parameter
LABOUR = ("labour", "fund")  # parameters that take a share of the farm labour


@dataclass(frozen=True)
class Change:
    """One setting changed in some months and places, as it is written.

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
class Checked:
    """A change whose name and value are known to be sound.

    Attributes
    ----------
    change : as it is written
    key : mechanism and parameter
    usual : the number of the normal years
    value : the number that stands for its value in the run
    rivals : the numbers that stand for its rivals
    low, high : range that draws about the value keep to: the literature's, or the value outside it
    outside : whether the value lies outside the literature's range
    """

    change: Change
    key: Key
    usual: float
    value: float
    rivals: tuple[float, ...]
    low: float
    high: float
    outside: bool


@dataclass(frozen=True)
class Written:
    """A checked change as it stands in the table of its setting: months first to last - 1 of the groups."""

    checked: Checked
    first: int
    last: int
    groups: tuple[int, ...]


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
    declares : what the mechanisms declare: the parameters that the settings are of
    """

    fixed: Mapping[str, Mapping[str, float]]
    varying: Mapping[str, Mapping[str, Floats]]
    group: NDArray[np.int64]
    outside: tuple[str, ...] = ()
    spread: Mapping[Key, tuple[Written, ...]] = field(default_factory=dict)
    declares: tuple[Declares, ...] = ()


def checked(change: Change, order: Sequence[Declares] | None = None) -> Checked:
    """Return a change with its mechanism, its number and the range of its draws.

    Raises
    ------
    CaseError
        For an unknown mechanism or parameter, a value out of bounds, and rivals of a number.
    """
    mechanism, parameter = parse(change.setting, change.where, order)
    value = number(change.value, parameter, change.setting, change.where)
    chosen = parameter is not None and bool(parameter.options)
    if change.rivals and not chosen:
        raise mistake(change.where, f"{change.setting} is a number and takes one value, with an sd; a list "
                      "names rival forms of a choice")  # fmt: skip
    rivals = tuple(number(r, parameter, change.setting, change.where) for r in change.rivals)
    low, high = literature(parameter)
    name = STRENGTH if parameter is None else parameter.name
    usual = 1.0 if parameter is None else number(parameter.default, parameter, name, mechanism.id)
    return Checked(
        change, (mechanism.id, name), usual, value, rivals, min(low, value), max(high, value),
        parameter is not None and not chosen and not low <= value <= high,
    )  # fmt: skip


def settle(
    changes: Iterable[Change], months: int, places: int, order: Sequence[Declares] | None = None
) -> Settings:
    """Return the settings of a run; later changes stand over earlier ones.

    Parameters
    ----------
    order
        What the mechanisms declare in the scenario; without it, what they do with the neutral levels.

    Raises
    ------
    CaseError
        With every mistake of the changes at once.
    """
    order = tuple(every(order))
    known = _all_checked(changes, order)
    group, members = _groups([c.change for c in known], places)
    tables: dict[Key, Floats] = {}
    rows: dict[Key, tuple[Written, ...]] = {}
    for one in known:
        change = one.change
        table = tables.setdefault(one.key, np.full((months, len(members)), one.usual))
        inside = tuple(g for g, m in enumerate(members) if change.places is None or m in change.places)
        first, last = change.first or 0, months if change.last is None else change.last + 1
        table[first:last, inside] = one.value
        rows[one.key] = (*rows.get(one.key, ()), Written(one, first, last, inside))
    fixed, varying = _parted(defaults(order), tables)
    settings = Settings(
        fixed,
        varying,
        group,
        tuple(dict.fromkeys(f"{canonical(c.change.setting)}={c.change.value}" for c in known if c.outside)),
        {k: r for k, r in rows.items() if any(w.checked.change.sd or w.checked.rivals for w in r)},
        order,
    )
    _refuse_too_much_labour(settings, order)
    return settings


def _all_checked(changes: Iterable[Change], order: Sequence[Declares]) -> list[Checked]:
    """Return every change checked, or raise all their mistakes at once."""
    mechanisms = every(order)  # a fault of an installed package is named once, not at every change
    known: list[Checked] = []
    problems: list[Problem] = []
    for change in changes:
        try:
            known.append(checked(change, mechanisms))
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(dict.fromkeys(problems))
    return known


def _groups(changes: list[Change], places: int) -> tuple[NDArray[np.int64], list[int]]:
    """Return the group of each place, and one member of each group: alike in every set of places named."""
    sets = list(dict.fromkeys(c.places for c in changes if c.places is not None))
    marks = np.zeros((places, len(sets)), bool)
    for column, chosen in enumerate(sets):
        marks[list(chosen), column] = True
    _, first, group = np.unique(marks, axis=0, return_index=True, return_inverse=True)
    return np.asarray(group).reshape(-1), [int(i) for i in first]


def _parted(
    usual: Mapping[str, Mapping[str, float]], tables: Mapping[Key, Floats]
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, Floats]]]:
    """Return single numbers, and the tables [month, group] of the settings that change."""
    fixed = {mechanism: dict(values) for mechanism, values in usual.items()}
    varying: dict[str, dict[str, Floats]] = {}
    for (mechanism, name), table in tables.items():
        if (table == table.flat[0]).all():
            fixed[mechanism][name] = float(table.flat[0])
        else:
            del fixed[mechanism][name]
            varying.setdefault(mechanism, {})[name] = table
    return fixed, varying


def _refuse_too_much_labour(settings: Settings, order: Sequence[Declares]) -> None:
    """Refuse shares of farm labour that add up to more than all of it."""
    total: Floats = np.zeros(())
    for mechanism in order:
        for p in mechanism.parameters:
            if p.name in LABOUR:
                where: Mapping[str, Floats] = settings.varying.get(mechanism.id, {})
                total = total + (where[p.name] if p.name in where else settings.fixed[mechanism.id][p.name])
    if np.max(total) > 1:
        raise mistake(
            "settings",
            f"shares of farm labour for industry, works, search, training and the fund of "
            f"machine shops add up to {np.max(total):.2f}; at most 1",
        )
