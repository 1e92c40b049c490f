"""Causes of a crisis: each is as it was, or at its normal setting; and the settings of any combination."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import did_you_mean, mistake
from dearth.system.regimes import Regime, apply
from dearth.system.run import World
from dearth.system.scenario import Cause, Scenario, settled, timeline
from dearth.system.settings import Settings

Floats = NDArray[np.float64]
MOST = 12  # causes at once: 4,096 combinations


@dataclass(frozen=True)
class Setting:
    """The settings of a run in which some causes are at their normal setting.

    Attributes
    ----------
    weather : share of land struck by disaster [year, place] where weather is normal; None where as recorded
    """

    settings: Settings
    weather: Floats | None


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


def setting_of(
    scenario: Scenario, world: World, normal: Mapping[str, Cause], normal_years: Collection[int]
) -> Setting:
    """Return the settings when the causes `normal` are at their normal setting and all others as they were.

    Parameters
    ----------
    world : of the scenario: its disasters
    normal_years : whose mean disaster area is normal weather
    """
    changes: dict[str, float | str] = {}
    for cause in normal.values():
        changes |= cause.settings
    weather = any(cause.weather for cause in normal.values())
    if weather:
        changes["local_events.strength"] = 0.0
    back = tuple(dict.fromkeys(name for cause in normal.values() for name in cause.normal))
    regime = Regime("normal causes", "", changes, back)
    return Setting(
        settled(scenario, apply(regime, timeline(scenario))),
        _normal_weather(scenario, world, normal_years) if weather else None,
    )


def _normal_weather(scenario: Scenario, world: World, normal_years: Collection[int]) -> Floats:
    """Return the mean disaster area of the normal years, in every year [year, place]."""
    first = scenario.span[0]
    struck = np.asarray(world.disaster, float)
    rows = [year - first for year in normal_years if 0 <= year - first < len(struck)]
    return np.broadcast_to(struck[rows].mean(0), struck.shape)
