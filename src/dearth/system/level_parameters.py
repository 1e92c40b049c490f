"""Parameters that follow the levels of a scenario: one for each level, or an option for each."""

from collections.abc import Iterable
from dataclasses import replace

from dearth.case.problems import Problem
from dearth.system.levels import NEUTRAL, Levels
from dearth.system.parameter import Declared, Declares, Parameter


def of_levels(order: Iterable[Declares], levels: Levels = NEUTRAL) -> tuple[Declares, ...]:
    """Return what every mechanism declares in a scenario with these levels."""
    return tuple(
        Declared(m.id, m.form, parameters(m.parameters, levels), m.shared)
        if any(p.levels for p in m.parameters)
        else m
        for m in order
    )


def parameters(given: Iterable[Parameter], levels: Levels = NEUTRAL) -> tuple[Parameter, ...]:
    """Return parameters with those that follow the levels written out."""
    return tuple(written for p in given for written in _written(p, levels))


def _written(p: Parameter, levels: Levels) -> tuple[Parameter, ...]:
    """Return a parameter by the names of the levels; itself where it does not follow them."""
    if p.levels == "options":
        return (replace(p, options=(*p.options, *levels.reporting), levels=""),)
    named = {"smallest": (levels.smallest,), "between": levels.between, "": ()}[p.levels]
    if not p.levels:
        return (p,)
    return tuple(
        replace(p, name=name, meaning=p.meaning.replace("{level}", name), levels="") for name in named
    )


def clashes(order: Iterable[Declares], levels: Levels, file: str, line: int | None) -> list[Problem]:
    """Return which levels bear the name of a parameter or an option that does not follow the levels."""
    found: dict[str, str] = {}
    for m in order:
        if any(p.levels in ("smallest", "between") for p in m.parameters):
            found |= {p.name: f"{m.id}.{p.name}" for p in m.parameters if not p.levels}
    return [
        Problem(file, f"a level cannot be named '{name}': {found[name]} is a setting; take another name",
                line, "levels")
        for name in levels.reporting if name in found
    ]  # fmt: skip
