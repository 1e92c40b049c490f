"""The verb `simulate`: a case, a regime and settings in; a history and its document out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import Case
from dearth.system import history_tables, installed, regimes, resolution
from dearth.system.aliases import aliases, canonical
from dearth.system.draws import run_draws
from dearth.system.history import History
from dearth.system.not_fitted import FITTED
from dearth.system.scenario import own_regimes, read_scenario, timeline
from dearth.system.settings import STRENGTH, Change, Settings, find, settle

LEVEL = 0.9
SHOWN_PLACES = 60  # more are left to the files


@dataclass(frozen=True)
class Asked:
    """What is asked of a simulation.

    Attributes
    ----------
    regime : name of a regime
    changes : "mechanism.parameter=value", later ones stand over earlier ones
    off : mechanisms switched off
    draws : 1 = the settings as they are; more = draws from the priors
    resolution : place (as the scenario is written), country, province, county, commune
    story : the place whose own story is told; "" = the commune of most deaths, and in no document
    """

    regime: str = "as_it_was"
    changes: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    draws: int = 1
    seed: int = 1
    resolution: str = "place"
    story: str = ""


@dataclass(frozen=True)
class Simulation:
    """A history with the document that --json prints."""

    history: History
    document: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write the history as NetCDF, the yearly measures as CSV and the document as JSON."""
        import json

        self.history.save(folder / "history.nc")
        (folder / "by_year.csv").write_text(self.history.yearly_csv(), encoding="utf-8")
        (folder / "simulation.json").write_text(json.dumps(self.document, indent=1), encoding="utf-8")


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


def settings_of(case: Case, asked: Asked) -> tuple[Any, Settings]:
    """Return the case's scenario and every setting of the run asked for.

    Raises
    ------
    CaseError
        For a case without scenario, an unknown regime, mechanism, setting or place, values out of bounds.
    """
    scenario = resolution.at(read_scenario(case.folder), asked.resolution, asked.seed)
    places = {place.name for place in scenario.places}
    if asked.story and asked.story not in places:
        raise mistake("--story", f"there is no place '{asked.story}'{did_you_mean(asked.story, places)}")
    chosen = regimes.find(asked.regime, own_regimes(scenario))
    changes = [*regimes.apply(chosen, timeline(scenario)), *parse_changes(asked.changes)]
    changes += [Change(f"{find(name, '--off').id}.{STRENGTH}", 0.0, where="--off") for name in asked.off]
    first, last = scenario.span
    return scenario, settle(changes, 12 * (last - first + 1), len(scenario.places))


def simulate(case: Case, asked: Asked, progress: Callable[[str], None] = lambda text: None) -> Simulation:
    """Simulate a case.

    Raises
    ------
    CaseError
        As `settings_of`; and where a number of the history is none.
    """
    if asked.draws < 1:
        raise mistake("--draws", f"{asked.draws} draws; at least 1")
    scenario, settings = settings_of(case, asked)
    history = run_draws(scenario, settings, asked.seed, asked.draws, progress=progress)
    return Simulation(history, document(case.name, asked, history, settings))


def document(case: str, asked: Asked, history: History, settings: Settings) -> dict[str, Any]:
    """Return what --json prints: medians over draws; persons, tonnes of original grain, rates per 1000."""
    years = history.years
    measures = history.by_year()
    found: dict[str, Any] = {
        "schema": "dearth/simulate/v1",
        "case": case,
        "fitted": FITTED,
        "regime": asked.regime,
        "settings": [canonical(change) for change in asked.changes],
        "off": [canonical(name) for name in asked.off],
        "installed": installed.used(),
        "scenario": list(settings.outside),
        "resolution": asked.resolution,
        "draws": history.draws,
        "seed": asked.seed,
        "by_year": {str(y): {k: _median(v[:, i]) for k, v in measures.items()} for i, y in enumerate(years)},
        "bands": {str(y): {k: _band(v[:, i]) for k, v in measures.items()} for i, y in enumerate(years)},
        "by_province": _by_place(history, True),
        "balance": history.balance(),
    }
    if len(history.places) <= SHOWN_PLACES:
        found["by_place"] = _by_place(history, False)
    if asked.story:
        rows = history_tables.story_rows(history, history.places.index(asked.story))
        found["story"] = {"place": asked.story, "rows": rows}
    return found


def _by_place(history: History, provinces: bool) -> dict[str, Any]:
    measures = history.by_place(provinces)
    names = history.provinces if provinces else history.places
    return {
        name: {
            str(year): {k: _median(v[:, i, at]) for k, v in measures.items()}
            for i, year in enumerate(history.years)
        }
        for at, name in enumerate(names)
    }


def _number(x: float) -> float | None:
    return None if np.isnan(x) else float(x)


def _median(values: NDArray[np.float64]) -> float | None:
    return None if np.isnan(values).all() else _number(float(np.nanmedian(values)))


def _band(values: NDArray[np.float64]) -> dict[str, float | None]:
    """Return median and interval; low, high and level are null where there is one run and no spread."""
    if len(values) == 1 or np.isnan(values).all():
        return {"median": _median(values), "low": None, "high": None, "level": None}
    low, high = np.nanquantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"median": _median(values), "low": float(low), "high": float(high), "level": LEVEL}


def mechanisms() -> list[dict[str, Any]]:
    """Return every mechanism as `dearth mechanisms --json` prints it.

    A mechanism with levers carries S15 too: policy lines (regimes) are made of their settings.
    """
    return [
        {
            "id": m.id,
            "aliases": aliases(m.id),
            "systems": [*m.systems, *(["S15"] if any(p.lever for p in m.parameters) else [])],
            "summary": m.summary,
            "group": m.group,
            "when": m.when,
            "package": installed.package_of(m.id),
            "form": {"grade": m.form.grade, "sources": list(m.form.sources), "note": m.form.note},
            "parameters": [
                {
                    "name": p.name,
                    "default": p.default,
                    "low": p.low,
                    "high": p.high,
                    "unit": p.unit,
                    "source": p.basis.told(),
                    "grade": p.grade,
                    "sources": list(p.sources),
                    "meaning": p.meaning,
                    "lever": p.lever,
                    **({"options": list(p.options)} if p.options else {}),
                }
                for p in m.parameters
            ],
        }
        for m in installed.order()
    ]
