"""The check of a scenario: every mistake is named without running anything."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dearth.case.problems import CaseError, Problem, unknown_source
from dearth.case.yamlfile import read_yaml
from dearth.system import regimes
from dearth.system.installed import declarations
from dearth.system.parameter import Declares
from dearth.system.scenario import FILE, Scenario, own_regimes, read_scenario, settled, timeline
from dearth.system.setting_names import find, parse
from dearth.system.settings import Change, checked

Order = Sequence[Declares]
WHERE = re.compile(rf"{re.escape(FILE)}: timeline\.(\d+)")


def check_scenario(folder: Path, sources: set[str] | None = None) -> list[Problem]:
    """Return every mistake of the scenario of a case folder; none where the case has no scenario.

    Parameters
    ----------
    sources
        The ids of the case's sources and works; None leaves them unchecked.
    """
    if not (folder / FILE).is_file():
        return []
    try:
        declarations()  # a fault of an installed package is named once, not at every setting
        content, lines = read_yaml(folder / FILE, FILE)
        scenario = read_scenario(folder)
        order = declarations(scenario.levels)
    except CaseError as error:
        return list(error.problems)
    problems = _timeline(scenario, order, lines)
    problems += _regimes(scenario, order, lines, sound=not problems)
    if sources is not None:
        problems += _sources(content, sources, lines)
    return problems


def _change(change: Change, order: Order) -> list[Problem]:
    """Say what is wrong with one setting by itself."""
    try:
        checked(replace(change, where=FILE), order)
    except CaseError as error:
        return list(error.problems)
    return []


def _together(changes: tuple[Change, ...], scenario: Scenario, field: str) -> list[Problem]:
    """Say what is wrong with settings that are each allowed."""
    try:
        settled(scenario, changes)
    except CaseError as error:
        return [replace(p, file=FILE, field=field) for p in error.problems]
    return []


def _timeline(scenario: Scenario, order: Order, lines: dict[Any, int]) -> list[Problem]:
    """Say what is wrong with the settings of the timeline, with their lines.

    What is wrong with a setting of a regime that the timeline applies is named where the regime is declared.
    """
    changes = timeline(scenario)
    problems = []
    sound = True
    for change in changes:
        wrong = _change(change, order)
        sound = sound and not wrong
        at = WHERE.fullmatch(change.where)
        if wrong and at:
            path = ("timeline", int(at[1]), "set", change.setting)
            field = ".".join(str(part) for part in path)
            problems += [replace(p, line=lines.get(path), field=field) for p in wrong]
    return list(dict.fromkeys(problems)) if not sound else _together(changes, scenario, "timeline")


def _regimes(scenario: Scenario, order: Order, lines: dict[Any, int], sound: bool) -> list[Problem]:
    """Say what is wrong with the regimes the case declares.

    A regime is tried with the timeline only where the timeline is `sound`: its mistakes are named once.
    """
    problems: list[Problem] = []
    whole = timeline(scenario)
    for own in own_regimes(scenario):
        at = ("regimes", own.name)
        wrong = []
        for setting, value in own.settings.items():
            field = f"regimes.{own.name}.set.{setting}"
            found = _change(Change(setting, value), order)
            wrong += [replace(p, line=lines.get((*at, "set", setting)), field=field) for p in found]
        for name in own.normal:
            try:
                if "." in name:
                    parse(name, FILE, order)
                elif name != "*":
                    find(name, FILE, order)
            except CaseError as error:
                line, field = lines.get((*at, "normal")), f"regimes.{own.name}.normal"
                wrong += [replace(p, line=line, field=field) for p in error.problems]
        if not wrong and sound:
            wrong = _together(regimes.apply(own, whole), scenario, f"regimes.{own.name}")
        problems += wrong
    return problems


def _sources(content: Any, sources: set[str], lines: dict[Any, int]) -> list[Problem]:
    """Say which sources are not known; several are parted by semicolons."""
    problems = []
    for path, text in _texts(content, ()):
        for name in (part.strip() for part in text.split(";")):
            if name != "assumed" and name not in sources:
                message = unknown_source(name, sorted(sources))
                field = ".".join(str(part) for part in path)
                problems.append(Problem(FILE, message, lines.get(path), field))
    return problems


def _texts(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Give every field named source with its path."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        if key == "source" and isinstance(value, str):
            yield (*path, key), value
        else:
            yield from _texts(value, (*path, key))
