"""What a run and a report say of a simulation: its document, its tables and what they rest on."""

import hashlib
from dataclasses import dataclass, field, fields
from typing import Any

from pydantic import BaseModel

from dearth.case.problems import CaseError
from dearth.case.read import Case
from dearth.numerics.interval import LEVEL
from dearth.system import history_tables, regimes
from dearth.system.check import check_scenario
from dearth.system.draws import Progress, quiet
from dearth.system.history_rows import HistoryTables
from dearth.system.not_fitted import standing
from dearth.system.plan import Asked
from dearth.system.scenario import FILE, Scenario, own_regimes, read_scenario
from dearth.system.simulation import Simulation, simulate
from dearth.system.simulation_document import SimulationDocument

DRAWS, QUICK_DRAWS = 48, 8  # of a run, and of a quick one: whole batches


@dataclass(frozen=True)
class RegimeLine:
    """A policy line of the scenario; `used` says whether the simulation shown runs under it."""

    name: str
    summary: str
    used: bool


@dataclass(frozen=True)
class SimulatedPart:
    """A simulation as a run and a report show it; where it was refused, the reasons alone.

    Attributes
    ----------
    case : the case; its sources are cited
    refused : why nothing is shown
    fitted : whether these are draws of a fit to records
    result : what ``simulate --json`` prints
    level : of the bands; None for one run
    answer, label, warning : sentences; what every figure assumes; what a reader must know of the bands
    sources : ids of the sources of the scenario
    story_place : the place whose own story is printed
    tables : what the charts and the report show
    """

    case: Case
    refused: tuple[str, ...] = ()
    fitted: bool = False
    title: str = ""
    scenario_sha256: str = ""
    result: SimulationDocument | None = None
    level: float | None = None
    answer: str = ""
    label: str = ""
    warning: str = ""
    sources: tuple[str, ...] = ()
    regimes: tuple[RegimeLine, ...] = ()
    story_place: str = ""
    tables: HistoryTables = field(default_factory=HistoryTables)

    @property
    def printed(self) -> SimulationDocument:
        """What ``simulate --json`` prints.

        Raises
        ------
        ValueError
            When the simulation was refused.
        """
        if self.result is None:
            raise ValueError(f"the simulation was refused: {'; '.join(self.refused)}")
        return self.result

    def document(self) -> dict[str, Any]:
        """Return the ``simulation`` part of ``run --json``; of a refused one the reasons alone."""
        if self.refused:
            return {"refused": list(self.refused)}
        found = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "case"}
        found |= {name: list(found[name]) for name in ("refused", "sources")}
        return found | {
            "regimes": [vars(one) for one in self.regimes],
            "tables": self.tables.document(),
        }


def has_scenario(case: Case) -> bool:
    """Whether the case can be simulated."""
    return (case.folder / FILE).is_file()


def simulated_part(
    case: Case, seed: int = 1, quick: bool = False, progress: Progress = quiet
) -> SimulatedPart | None:
    """Return the simulation of a case as `run` and `report` show it; None where the case has no scenario.

    Where a history has a figure that is not a number, `refused` says so and nothing else is there.

    Raises
    ------
    CaseError
        With every mistake of the scenario.
    """
    if not has_scenario(case):
        return None
    wrong = check_scenario(case.folder, set(case.source_names))
    if wrong:
        raise CaseError(wrong)
    try:
        made = simulate(case, Asked(draws=QUICK_DRAWS if quick else DRAWS, seed=seed), progress)
    except CaseError as error:
        return SimulatedPart(case, refused=tuple(str(problem) for problem in error.problems))
    progress("tables of the simulation")
    return part(case, made)


def part(case: Case, made: Simulation) -> SimulatedPart:
    """Return a simulation with its tables, regimes, sources and warnings."""
    scenario = read_scenario(case.folder)
    history = made.monthly
    tiles = {p.name: (p.short, p.tile) for p in case.settings.places if p.tile is not None}
    document = made.document
    asked = document.get("story")
    story = (
        history_tables.worst_rural_place(history) if asked is None else history.places.index(asked["place"])
    )
    several = history.draws > 1
    known = regimes.by_name(own_regimes(scenario))
    everything_normal = "*" in known[document["regime"]].normal  # no entry of the timeline is left
    held = set() if everything_normal else {dated.regime for dated in scenario.timeline}
    return SimulatedPart(
        case,
        fitted=made.fitted,
        title=scenario.title,
        scenario_sha256=hashlib.sha256((case.folder / FILE).read_bytes()).hexdigest(),
        result=document,
        level=LEVEL if several else None,
        answer=answer(document),
        label=label(document),
        warning=warning(history.draws, made.fit),
        sources=tuple(sorted(sources(scenario) & set(case.sources))),
        regimes=tuple(
            RegimeLine(r.name, r.summary, r.name == document["regime"] or r.name in held)
            for r in known.values()
        ),
        story_place=history.places[story],
        tables=history_tables.all_tables(history, tiles, story),
    )


def answer(document: SimulationDocument) -> str:
    """Return what a simulation says in two sentences: the year of most deaths; how far the accounts close."""
    year, found = max(document["bands"].items(), key=lambda item: item[1]["deaths"]["median"] or 0.0)
    deaths, level = found["deaths"], found["deaths"]["level"]
    told = {k: _rounded(deaths[k]) for k in ("median", "low", "high")}
    spread = "" if level is None else f" ({told['low']} to {told['high']}, {100 * level:.0f} %)"
    drawn = "one run" if document["draws"] == 1 else f"{document['draws']} {_kind(document)} draws"
    return (
        f"Simulation ({standing(document['fit'])}), regime {document['regime']}, {drawn}: the year of most "
        f"deaths is {year}, with {told['median']} deaths of all causes{spread}. The accounts of grain and "
        f"people close to {max(document['balance'].values()):.0e} of their stocks and flows."
    )


def _kind(document: SimulationDocument) -> str:
    return "posterior" if document["fitted"] else "prior"


def _rounded(persons: float | None) -> str:
    """Return persons to three digits: draws from priors bear no more."""
    return "none" if persons is None else f"{float(f'{persons:.3g}'):,.0f}"


def label(document: SimulationDocument) -> str:
    """Return what every figure of a simulation assumes."""
    many = document["draws"]
    drawn = "one run at the settings as they are, no band" if many == 1 else (
        f"median and central {100 * LEVEL:.0f} % of {many} {_kind(document)} draws"
    )  # fmt: skip
    told = f"simulation, {standing(document['fit'])}; regime {document['regime']}; {drawn}"
    told += f"; seed {document['seed']}"
    if document["resolution"] != "place":
        told += f"; resolution {document['resolution']}"
    if document["settings"]:
        told += f"; set: {', '.join(document['settings'])}"
    if document["off"]:
        told += f"; off: {', '.join(document['off'])}"
    if document["installed"]:
        more = (f"{m['id']} ({m['package']} {m['version']})" for m in document["installed"])
        told += f"; with mechanisms of installed packages: {', '.join(more)}"
    return f"scenario (outside the literature's ranges); {told}" if document["scenario"] else told


def warning(draws: int, fit: str = "") -> str:
    """Return what a reader must know of the bands; `fit` as in `Simulation`."""
    if fit:
        return (
            f"These are {draws} draws of the fit to the true deaths and births of the registration scenario "
            f"'{fit}' and to the series that the case names. A band assumes that the mechanisms are right. "
            "It does not show how far they may be wrong: compare the records that no fit used."
        )
    if draws == 1:
        return (
            "This is one run at the settings as they are. Nothing is fitted to the records, and no "
            "uncertainty is shown."
        )
    return (
        f"These are {draws} draws from priors: the weather, and every uncertain number over its range in the "
        "literature. Nothing is fitted to the records of the case, and no figure here is an estimate of the "
        "deaths. A band says what the mechanisms allow under those ranges, not how well the past is known."
    )


def sources(scenario: Scenario) -> set[str]:
    """Return the ids of the sources a scenario rests on, `assumed` among them."""
    return {name.strip() for text in _sources(scenario) for name in text.split(";")}


def _sources(node: Any) -> list[str]:
    found: list[str] = []
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            value = getattr(node, name)
            found += [value] if name == "source" else _sources(value)
    elif isinstance(node, dict):
        found += [text for value in node.values() for text in _sources(value)]
    elif isinstance(node, tuple | list):
        found += [text for value in node for text in _sources(value)]
    return found
