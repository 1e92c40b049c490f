"""What is asked of a simulation, and the plan of its run: everything checked and merged once."""

from collections.abc import Iterable
from dataclasses import dataclass

from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import Case
from dearth.system import regimes, resolution
from dearth.system.scenario import Scenario, own_regimes, read_scenario, settled, timeline
from dearth.system.setting_names import STRENGTH, find
from dearth.system.settings import Change, Settings


@dataclass(frozen=True)
class Asked:
    """What is asked of a simulation, as it was written.

    Attributes
    ----------
    regime : name of a regime
    changes : "mechanism.parameter=value", later ones stand over earlier ones
    off : mechanisms switched off
    draws : 1 = the settings as they are; more = draws from the priors
    seed : seed of weather and prior draws
    resolution : place (as the scenario is written), country, or a level that the scenario declares
    story : the place whose own story is shown; "" = the rural place of most deaths, and in no document
    yearly : keep the yearly measures of every draw alone, not the monthly records
    """

    regime: str = "as_it_was"
    changes: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    draws: int = 1
    seed: int = 1
    resolution: str = "place"
    story: str = ""
    yearly: bool = False


@dataclass(frozen=True)
class Plan:
    """A simulation whose every name and number is known to be sound.

    Attributes
    ----------
    scenario : the scenario at the resolution that was asked for
    settings : timeline, regime and single settings, merged
    seed, draws : as asked
    """

    scenario: Scenario
    settings: Settings
    seed: int
    draws: int


def plan_of(case: Case, asked: Asked) -> Plan:
    """Return the plan of what is asked of a case.

    Raises
    ------
    CaseError
        For a case without scenario, fewer than one draw, a seed below 0, an unknown regime, mechanism,
        setting, resolution or place, and values out of bounds; for yearly measures of one run or of a story.
    """
    if asked.draws < 1:
        raise mistake("--draws", f"{asked.draws} draws; at least 1")
    if asked.yearly and (asked.draws == 1 or asked.story):
        raise mistake(
            "--yearly",
            "it keeps the yearly measures of several draws; give --draws 2 or more, and no --story",
        )
    if asked.seed < 0:
        raise mistake("--seed", f"the seed is {asked.seed}; give a whole number from 0 up")
    scenario = resolution.at(read_scenario(case.folder), asked.resolution, asked.seed)
    places = {place.name for place in scenario.places}
    if asked.story and asked.story not in places:
        raise mistake("--story", f"there is no place '{asked.story}'{did_you_mean(asked.story, places)}")
    chosen = regimes.find(asked.regime, own_regimes(scenario))
    changes = [*regimes.apply(chosen, timeline(scenario)), *parse_changes(asked.changes)]
    changes += [Change(f"{find(name, '--off').id}.{STRENGTH}", 0.0, where="--off") for name in asked.off]
    return Plan(scenario, settled(scenario, changes), asked.seed, asked.draws)


def parse_changes(texts: Iterable[str]) -> list[Change]:
    """Return the settings written ``mechanism.parameter=value``.

    Raises
    ------
    CaseError
        Where the equals sign is missing.
    """
    found = []
    for text in texts:
        setting, equals, value = text.partition("=")
        if not (equals and value):
            raise mistake(
                "--set", f"'{text}' is no setting; write mechanism.parameter=value, e.g. relief.rho=0.5"
            )
        found.append(Change(setting.strip(), value.strip()))
    return found
