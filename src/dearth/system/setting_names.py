"""Names of settings and their bounds: "mechanism.parameter" or "mechanism.strength"."""

from collections.abc import Mapping, Sequence

import numpy as np

from dearth.case.problems import did_you_mean, mistake
from dearth.numerics.plain_float import plain_float
from dearth.system.aliases import ALIASES, canonical
from dearth.system.parameter import Declares, Parameter

STRENGTH = "strength"
MOST = 1e6  # bound of a number that is no share


def every(order: Sequence[Declares] | None = None) -> Sequence[Declares]:
    """Return `order`, or what the mechanisms of a month declare in a scenario with the neutral levels."""
    if order is not None:
        return order
    from dearth.system.installed import declarations

    return declarations()


def find(name: str, file: str, order: Sequence[Declares] | None = None) -> Declares:
    """Return a mechanism by its id or another of its names.

    Raises
    ------
    CaseError
        Where there is none; names the one with a similar name, or all there are.
    """
    known = every(order)
    for mechanism in known:
        if mechanism.id == canonical(name):
            return mechanism
    names = [*(m.id for m in known), *ALIASES]
    hint = did_you_mean(name, names, len(names))
    raise mistake(file, f"there is no mechanism '{name}'{hint}; list: dearth mechanisms")


def parse(
    setting: str, file: str, order: Sequence[Declares] | None = None
) -> tuple[Declares, Parameter | None]:
    """Return the mechanism and the parameter of a setting; None for its strength.

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
        For values of the wrong kind, strengths and shares outside [0, 1], and amounts below zero.
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
    return (10 * low if low < 0 else positive), (1.0 if share else MOST)


def literature(parameter: Parameter | None) -> tuple[float, float]:
    """Return the range of the literature; of a strength, 0 to 1."""
    return (0.0, 1.0) if parameter is None else (parameter.low or 0.0, parameter.high or 0.0)


def defaults(order: Sequence[Declares] | None = None) -> Mapping[str, Mapping[str, float]]:
    """Return the settings of the normal years by mechanism and parameter, every strength 1."""
    return {
        m.id: {**{p.name: number(p.default, p, p.name, m.id) for p in m.parameters}, STRENGTH: 1.0}
        for m in every(order)
    }
