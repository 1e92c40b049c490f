"""Is the scenario of a case fit to be run? Told with the mistakes of its other files, nothing run."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from dearth.case.problems import CaseError, Problem, did_you_mean
from dearth.case.yamlfile import read_yaml
from dearth.system import regime
from dearth.system.parameter import declared
from dearth.system.scenario import FILE, Scenario, own_regimes, read_scenario, timeline
from dearth.system.settings import Change, find, parse, settle

WHERE = re.compile(rf"{re.escape(FILE)}: timeline\.(\d+)")


def check_scenario(folder: Path, sources: set[str] | None = None) -> list[Problem]:
    """Return every mistake of the scenario of a case folder; none where the case has no scenario.

    Parameters
    ----------
    sources
        The ids of the case's sources; None leaves them unchecked.
    """
    if not (folder / FILE).is_file():
        return []
    try:
        content, lines = read_yaml(folder / FILE, FILE)
        scenario = read_scenario(folder)
    except CaseError as error:
        return list(error.problems)
    problems = [*_timeline(scenario, lines), *_regimes(scenario, lines)]
    if sources is not None:
        problems += _sources(content, sources, lines)
    return problems


def _settled(changes: tuple[Change, ...], scenario: Scenario) -> list[Problem]:
    first, last = scenario.span
    try:
        settle(changes, 12 * (last - first + 1), len(scenario.places), declared())
    except CaseError as error:
        return list(error.problems)
    return []


def _timeline(scenario: Scenario, lines: dict[Any, int]) -> list[Problem]:
    """Say what is wrong with the settings of the timeline, with their lines."""
    problems = []
    for problem in _settled(timeline(scenario), scenario):
        at = WHERE.fullmatch(problem.file)
        if at is None:
            problems.append(replace(problem, file=FILE, field="timeline"))
            continue
        entry = int(at[1])
        own = [s for s in scenario.timeline[entry].settings if s in problem.message]
        path = ("timeline", entry, "set", *own[:1])
        line = lines.get(path, lines.get(("timeline", entry)))
        problems.append(Problem(FILE, problem.message, line, ".".join(str(part) for part in path)))
    return problems


def _regimes(scenario: Scenario, lines: dict[Any, int]) -> list[Problem]:
    """Say what is wrong with the regimes the case declares."""
    problems = []
    for own in own_regimes(scenario):
        at = ("regimes", own.name)
        wrong = _settled(regime.apply(regime.Regime(own.name, "", own.settings), ()), scenario)
        if not wrong:
            wrong = _settled(regime.apply(own, timeline(scenario)), scenario)
            wrong = [p for p in wrong if not WHERE.fullmatch(p.file)]
        line = lines.get((*at, "set"), lines.get(at))
        problems += [Problem(FILE, p.message, line, f"regimes.{own.name}.set") for p in wrong]
        for name in own.normal:
            try:
                if "." in name:
                    parse(name, FILE, declared())
                elif name != "*":
                    find(name, FILE, declared())
            except CaseError as error:
                line = lines.get((*at, "normal"), lines.get(at))
                problems += [
                    replace(p, line=line, field=f"regimes.{own.name}.normal") for p in error.problems
                ]
    return problems


def _sources(content: Any, sources: set[str], lines: dict[Any, int]) -> list[Problem]:
    """Say which sources are neither of the case nor assumed; several are parted by semicolons."""
    problems = []
    for path, text in _texts(content, ()):
        for name in (part.strip() for part in text.split(";")):
            if name != "assumed" and name not in sources:
                hint = did_you_mean(name, sorted(sources))
                message = f"source '{name}' is neither in sources.csv nor the word assumed{hint}"
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
