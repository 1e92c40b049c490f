"""Causes of a crisis: each is as it was, or at its normal setting; and the settings of any combination."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import did_you_mean, mistake
from dearth.explain.targets import Normal
from dearth.system.installed import declarations
from dearth.system.regimes import Regime, apply
from dearth.system.run import World
from dearth.system.scenario import Cause, Scenario, settled, timeline
from dearth.system.setting_names import STRENGTH, parse
from dearth.system.settings import Change, Settings

Floats = NDArray[np.float64]
MOST = 12  # causes at once: 4,096 combinations
NO_EVENTS = "local_events.strength"


@dataclass(frozen=True)
class Setting:
    """The settings of a run in which some causes are at their normal setting.

    Attributes
    ----------
    weather : share of land struck by disaster [year, place] where weather is normal; None where as recorded
    since : first year of normal weather
    """

    settings: Settings
    weather: Floats | None
    since: int


def chosen_causes(scenario: Scenario, names: Collection[str] = ()) -> dict[str, Cause]:
    """Return the causes of a scenario, or those of them that are named.

    Raises
    ------
    CaseError
        When the scenario declares none, a name is unknown, or there are too many.
    """
    known = scenario.causes
    if not known:
        raise mistake(
            "scenario.yaml", "it declares no causes; list them under causes: see docs, scenario format"
        )
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known, len(known))
            raise mistake("--causes", f"there is no cause '{name}'{hint}")
    found = {name: known[name] for name in (names or known)}
    if len(found) > MOST:
        raise mistake("--causes", f"{len(found)} causes; at most {MOST}, because all combinations are run")
    return found


def setting_of(scenario: Scenario, world: World, normal: Mapping[str, Cause], years: Normal) -> Setting:
    """Return the settings when the causes `normal` are at their normal setting and all others as they were.

    Dated changes of a cause are left out. What a cause sets, and normal weather, hold from the first year of
    the window on, so that the history before it stays as it was.

    Parameters
    ----------
    world : of the scenario: its disasters
    years : the normal years, whose mean disaster area is normal weather, and the window
    """
    since = years.window[0]
    month = 12 * (since - scenario.span[0])
    changes: dict[str, float | str] = {}
    for cause in normal.values():
        changes |= cause.settings
    weather = any(cause.weather for cause in normal.values())
    if weather:
        changes[NO_EVENTS] = 0.0
    back = tuple(dict.fromkeys(name for cause in normal.values() for name in cause.normal))
    kept = apply(Regime("normal causes", "", {}, back), timeline(scenario))
    own = [Change(name, value, first=month, where="a cause") for name, value in changes.items()]
    return Setting(
        settled(scenario, (*kept, *own)),
        _normal_weather(scenario, world, years.years, since) if weather else None,
        since,
    )


def settings_of_causes(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """Return mechanism and parameter of every setting that a cause sets, besides dated changes left out."""
    names = {name for cause in scenario.causes.values() for name in cause.settings}
    if any(cause.weather for cause in scenario.causes.values()):
        names.add(NO_EVENTS)
    found = []
    for name in sorted(names):
        mechanism, parameter = parse(name, "causes", declarations(scenario.levels))
        found.append((mechanism.id, STRENGTH if parameter is None else parameter.name))
    return tuple(found)


def _normal_weather(scenario: Scenario, world: World, normal_years: Collection[int], since: int) -> Floats:
    """Return the disaster area as recorded, from `since` on the mean of the normal years [year, place]."""
    first = scenario.span[0]
    struck = np.array(world.disaster, float)
    rows = [year - first for year in normal_years if 0 <= year - first < len(struck)]
    struck[since - first :] = struck[rows].mean(0)
    return struck
