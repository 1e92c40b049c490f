"""Mechanisms of installed packages join the order of a month by entry points ``dearth.mechanisms``.

An entry point bears the id of its mechanism and names an object of type `Mechanism`. The mechanism says in
`after` which one it follows. Every result of a simulation names the mechanisms that came from a package.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from dearth.case.problems import CaseError, Problem, did_you_mean
from dearth.system.aliases import ALIASES
from dearth.system.level_parameters import of_levels
from dearth.system.levels import NEUTRAL, Levels
from dearth.system.parameter import Declares, declared

if TYPE_CHECKING:
    from dearth.system.mechanism import Mechanism

ENTRY_GROUP = "dearth.mechanisms"


@dataclass(frozen=True)
class Installed:
    """A mechanism of an installed package.

    Attributes
    ----------
    mechanism : the mechanism
    package, version : name and version of the distribution that brings it
    """

    mechanism: "Mechanism"
    package: str
    version: str


@cache
def entries() -> tuple[EntryPoint, ...]:
    """Return the entry points of the group, by name; nothing is imported."""
    found = {(_package(e), e.name, e.value): e for e in entry_points(group=ENTRY_GROUP)}
    return tuple(found[key] for key in sorted(found))


def declarations(levels: Levels = NEUTRAL) -> tuple[Declares, ...]:
    """Return what every mechanism of the order declares in a scenario with these levels.

    Imports no numerical library unless a package does.

    Raises
    ------
    CaseError
        As `order`.
    """
    return of_levels(written(), levels)


def written() -> tuple[Declares, ...]:
    """Return what every mechanism of the order declares, whatever the levels of a scenario.

    Raises
    ------
    CaseError
        As `order`.
    """
    return order() if entries() else declared()


def order() -> tuple["Mechanism", ...]:
    """Return the order of a month with the mechanisms of installed packages in their places.

    Raises
    ------
    CaseError
        With every mistake of the packages: they do not import, clash, or declare what is not there.
    """
    from dearth.system.order_of_month import ORDER

    return inserted(ORDER, [one.mechanism for one in installed()])


@cache
def installed() -> tuple[Installed, ...]:
    """Return the mechanisms of installed packages, each checked.

    Raises
    ------
    CaseError
        With every mistake of the packages.
    """
    from dearth.system.order_of_month import ORDER

    taken = {m.id: "dearth" for m in ORDER} | dict.fromkeys(ALIASES, "dearth")
    found: list[Installed] = []
    problems: list[Problem] = []
    for entry in entries():
        try:
            mechanism = _loaded(entry)
        except CaseError as error:
            problems += error.problems
            continue
        wrong = _wrong(mechanism, entry, taken)
        problems += [_problem(entry, text) for text in wrong]
        taken.setdefault(mechanism.id, _package(entry))
        found.append(Installed(mechanism, _package(entry), entry.dist.version if entry.dist else ""))
    names = {m.id for m in ORDER} | {one.mechanism.id for one in found}
    every = [*ORDER, *(one.mechanism for one in found)]
    numbers = {
        f"{m.id}.{p.name}" for m in every for p in m.parameters if p.levels not in ("smallest", "between")
    }
    problems += [
        _problem(_entry_of(one), f"`shared` names '{name}', and there is no such parameter"
                 f"{did_you_mean(name, numbers)}; write mechanism.parameter")
        for one in found for name in one.mechanism.shared if name not in numbers
    ]  # fmt: skip
    problems += [
        _problem(_entry_of(one), f"`after` names '{one.mechanism.after}', and there is no such mechanism"
                 f"{did_you_mean(one.mechanism.after, names, len(names))}")
        for one in found if one.mechanism.after not in names
    ]  # fmt: skip
    if problems:
        raise CaseError(problems)
    return tuple(found)


def inserted(bundled: Sequence["Mechanism"], more: Sequence["Mechanism"]) -> tuple["Mechanism", ...]:
    """Return `bundled` with each mechanism of `more` behind the one that its `after` names.

    Of several that follow the same one, the first by id comes first.

    Raises
    ------
    CaseError
        Where mechanisms name each other in a circle.
    """
    found, left = list(bundled), sorted(more, key=lambda m: m.id)
    while left:
        known = {m.id for m in found}
        ready = [m for m in left if m.after in known]
        if not ready:
            circle = ", ".join(m.id for m in left)
            told = f"the mechanisms {circle} follow each other in a circle; let one follow a bundled one"
            raise CaseError(Problem(ENTRY_GROUP, told))
        for m in reversed(ready):
            found.insert([f.id for f in found].index(m.after) + 1, m)
        left = [m for m in left if m not in ready]
    return tuple(found)


def used() -> list[dict[str, str]]:
    """Return id, package and version of each mechanism of an installed package, as a result names them."""
    return [{"id": one.mechanism.id, "package": one.package, "version": one.version} for one in installed()]


def package_of(mechanism: str) -> str:
    """Return the package that brings a mechanism, with its version; empty for those of dearth."""
    return next((f"{o.package} {o.version}" for o in installed() if o.mechanism.id == mechanism), "")


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "a package without a name"


def _entry_of(one: Installed) -> EntryPoint:
    return next(e for e in entries() if e.name == one.mechanism.id and _package(e) == one.package)


def _problem(entry: EntryPoint, text: str) -> Problem:
    package = _package(entry)
    return Problem(f"package {package}", f"mechanism '{entry.name}': {text}; correct the package, or remove "
                                         f"it with 'pip uninstall {package}'")  # fmt: skip


def _loaded(entry: EntryPoint) -> "Mechanism":
    """Return the mechanism of an entry point; whatever goes wrong in its package becomes a message."""
    from dearth.system.mechanism import Mechanism

    try:
        found: Any = entry.load()
    except Exception as error:  # any fault of a package must end in a message, not in a traceback
        told = f"cannot be imported from {entry.value} ({type(error).__name__}: {error})"
        raise CaseError(_problem(entry, told)) from error
    if not isinstance(found, Mechanism):
        told = f"{entry.value} is of type {type(found).__name__}; an entry point names a Mechanism"
        raise CaseError(_problem(entry, told))
    return found


def _wrong(mechanism: "Mechanism", entry: EntryPoint, taken: dict[str, str]) -> list[str]:
    """Return what is wrong with the declaration of an installed mechanism."""
    from dearth.system.mechanism import TIMES
    from dearth.system.step_trace import FIELDS

    problems = []
    if mechanism.id != entry.name:
        problems.append(f"the entry point is named '{entry.name}' and the mechanism '{mechanism.id}'; give "
                        "both one name")  # fmt: skip
    if mechanism.id in taken:
        problems.append(f"{taken[mechanism.id]} has a mechanism of this name too; give it another name")
    if not mechanism.id.isidentifier():
        problems.append(f"'{mechanism.id}' is no name; use letters, digits and underscores")
    if mechanism.when not in TIMES:
        problems.append(f"`when` is '{mechanism.when}'; allowed are {', '.join(TIMES)}")
    for part in ("reads", "writes"):
        problems += [
            f"`{part}` names '{name}', which is neither in the state nor in the flows of a month"
            f"{did_you_mean(name, FIELDS)}"
            for name in getattr(mechanism, part) if name not in FIELDS
        ]  # fmt: skip
    for p in mechanism.parameters:
        if p.options:
            sound = p.default in p.options
        else:
            sound = p.low is not None and p.high is not None and p.low <= float(p.default) <= p.high
        if not sound:
            problems.append(f"the default of parameter '{p.name}' ({p.default}) lies outside its range or "
                            "options")  # fmt: skip
    return problems
