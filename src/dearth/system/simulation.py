"""The verb `simulate`: a case, a regime and settings in; a history and its document out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.ensemble.executor import Executor
from dearth.numerics.interval import LEVEL
from dearth.numerics.optional_packages import needed
from dearth.system import history_tables, installed
from dearth.system.aliases import aliases, canonical
from dearth.system.draws import Progress, quiet, run_draws, run_yearly
from dearth.system.history import MEASURES, History
from dearth.system.history_labels import save_netcdf, to_xarray
from dearth.system.history_rows import StoryRow
from dearth.system.level_parameters import parameters
from dearth.system.levels import NEUTRAL, Levels
from dearth.system.not_fitted import standing
from dearth.system.parameter import Parameter
from dearth.system.parts_of_system import POLICY, labels
from dearth.system.plan import Asked, plan_of
from dearth.system.simulation_document import (
    Band,
    Figure,
    Measures,
    MechanismEntry,
    ParameterEntry,
    SimulationDocument,
    StoryEntry,
)
from dearth.system.yearly_history import SHOWN_PLACES, YearlyHistory

if TYPE_CHECKING:
    import pandas
    import xarray

    from dearth.system.mechanism import Mechanism


@dataclass(frozen=True, repr=False)
class Simulation:
    """A simulated history of a case: from draws of a fit, or from priors, which are no estimate.

    Attributes
    ----------
    case : name of the case
    asked : what was asked of the simulation
    history : records by draw, month and place, or yearly measures by draw where only they were asked for
    outside : settings outside the literature's ranges
    fit : registration scenario of the fit whose draws these are; "" = from priors
    """

    case: str
    asked: Asked
    history: History | YearlyHistory
    outside: tuple[str, ...] = ()
    fit: str = ""

    @property
    def monthly(self) -> History:
        """The records by draw, month and place.

        Raises
        ------
        CaseError
            Where only yearly measures were asked for.
        """
        if isinstance(self.history, YearlyHistory):
            raise mistake(
                "--yearly",
                "monthly records are not kept with yearly measures; simulate without it to get them",
            )
        return self.history

    @property
    def fitted(self) -> bool:
        """Whether these are draws of a fit to records."""
        return bool(self.fit)

    @property
    def draws(self) -> Mapping[str, NDArray[np.float64]]:
        """The yearly measures of every draw, by name [draw, year]; units as in `history.MEASURES`."""
        return self.history.by_year()

    @cached_property
    def document(self) -> SimulationDocument:
        """What --json prints."""
        return document(self.case, self.asked, self.history, self.outside, self.fit)

    def summary(self) -> str:
        """Return in a few lines what was simulated, its deadliest year and how its accounts close."""
        history, asked = self.history, self.asked
        deaths = self.draws["deaths"]
        worst = int(np.argmax(np.median(deaths, axis=0)))
        most = _figure(deaths[:, worst])
        changes = [*asked.changes, *(f"{name} off" for name in asked.off)]
        lines = [
            f"Simulation of {self.case} ({standing(self.fit)})",
            f"  regime {asked.regime}, resolution {asked.resolution}",
            f"  draws {history.draws}, seed {asked.seed}",
            *([f"  settings: {', '.join(changes)}"] if changes else []),
            f"  {history.years[0]}-{history.years[-1]}, {len(history.places)} places",
            f"  year of most deaths: {history.years[worst]}, {most} deaths of all causes",
            f"  largest relative error of the accounts: {max(history.balance().values()):.0e}",
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.summary()

    def to_frame(self) -> "pandas.DataFrame":
        """Return a tidy table of the yearly measures.

        Returns
        -------
        pandas.DataFrame
            Columns ``year``, ``measure``, ``median``, ``low``, ``high`` (central 90 % of the draws, missing
            for one run) and ``unit``.

        Raises
        ------
        ImportError
            When pandas is not installed; it comes with the ``all`` extra.
        """
        rows = [
            (year, name, *(_band(values[:, at])[k] for k in ("median", "low", "high")), MEASURES[name])
            for name, values in self.draws.items()
            for at, year in enumerate(self.history.years)
        ]
        columns = ["year", "measure", "median", "low", "high", "unit"]
        found: pandas.DataFrame = needed("pandas").DataFrame(rows, columns=columns)
        return found.astype(dict.fromkeys(("median", "low", "high"), float))

    def to_xarray(self) -> "xarray.Dataset":
        """Return every record [draw, month, ...] with labels, coordinates, units and long names.

        Raises
        ------
        ImportError
            When xarray is not installed; it comes with the ``all`` extra.
        """
        found = to_xarray(self.monthly)
        return found.assign_attrs(title=self._title)

    def write(self, folder: Path) -> None:
        """Write monthly records (if any) as NetCDF, yearly measures as CSV and the document as JSON."""
        import json

        if isinstance(self.history, History):
            save_netcdf(self.history, folder / "history.nc", self._title)
        (folder / "by_year.csv").write_text(self.history.yearly_csv(), encoding="utf-8")
        (folder / "simulation.json").write_text(json.dumps(self.document, indent=1), encoding="utf-8")

    @property
    def _title(self) -> str:
        return f"Simulation of {self.case}, regime {self.asked.regime} ({standing(self.fit)})"


def _figure(values: NDArray[np.float64]) -> str:
    """Return a median to three digits, with its interval where there is one."""
    told = {k: "none" if v is None else f"{float(f'{v:.3g}'):,.0f}" for k, v in _band(values).items()}
    spread = f" (central {100 * LEVEL:.0f} % {told['low']} to {told['high']})" if len(values) > 1 else ""
    return told["median"] + spread


def simulate(
    case: Case, asked: Asked, progress: Progress = quiet, executor: Executor | None = None
) -> Simulation:
    """Simulate a case.

    Parameters
    ----------
    executor
        What computes the draws, as `executors.open_executor` gives it; the numbers do not depend on it.

    Raises
    ------
    CaseError
        As `plan.plan_of`; and where a figure of the history is not a number.
    """
    plan = plan_of(case, asked)
    history: History | YearlyHistory
    if asked.yearly:
        history = run_yearly(plan.scenario, plan.settings, plan.seed, plan.draws, progress, executor)
    else:
        history = run_draws(
            plan.scenario, plan.settings, plan.seed, plan.draws, progress=progress, executor=executor
        )
    return Simulation(case.name, asked, history, plan.settings.outside)


def document(
    case: str, asked: Asked, history: History | YearlyHistory, outside: tuple[str, ...], fit: str = ""
) -> SimulationDocument:
    """Return what --json prints: persons, tonnes of original grain, rates per 1000.

    A figure of a year, of the whole and of a granary area, is a median over draws; of a fitted simulation it
    is a median with its interval.
    """
    years = history.years
    measures = history.by_year()
    figure = _band if fit else _median
    found: SimulationDocument = {
        "schema": "dearth/simulate/v1",
        "case": case,
        "fitted": bool(fit),
        "fit": fit,
        "regime": asked.regime,
        "settings": [canonical(change) for change in asked.changes],
        "off": [canonical(name) for name in asked.off],
        "installed": installed.used(),
        "scenario": list(outside),
        "resolution": asked.resolution,
        "draws": history.draws,
        "seed": asked.seed,
        "by_year": {str(y): {k: figure(v[:, i]) for k, v in measures.items()} for i, y in enumerate(years)},
        "bands": {str(y): {k: _band(v[:, i]) for k, v in measures.items()} for i, y in enumerate(years)},
        "by_province": _by_place(history, True, figure),
        "balance": history.balance(),
    }
    if len(history.places) <= SHOWN_PLACES:
        found["by_place"] = _by_place(history, False, _median)
    if asked.story and isinstance(history, History):
        rows = history_tables.story_rows(history, history.places.index(asked.story))
        found["story"] = {"place": asked.story, "rows": [_story_entry(row) for row in rows]}
    return found


def _story_entry(row: StoryRow) -> StoryEntry:
    f = row.figure
    return {"month": row.month, "panel": row.panel, "what": row.what,
            "median": f.median, "low": f.low, "high": f.high}  # fmt: skip


def _by_place(
    history: History | YearlyHistory, granary_areas: bool, figure: Callable[[NDArray[np.float64]], Figure]
) -> dict[str, dict[str, Measures]]:
    measures = history.by_place(granary_areas)
    names = history.granary_areas if granary_areas else history.places
    return {
        name: {
            str(year): {k: figure(v[:, i, at]) for k, v in measures.items()}
            for i, year in enumerate(history.years)
        }
        for at, name in enumerate(names)
    }


def _number(x: float) -> float | None:
    return None if np.isnan(x) else float(x)


def _median(values: NDArray[np.float64]) -> float | None:
    return None if np.isnan(values).all() else _number(float(np.nanmedian(values)))


def _band(values: NDArray[np.float64]) -> Band:
    """Return median and interval; low, high and level are null where there is one run and no spread."""
    if len(values) == 1 or np.isnan(values).all():
        return {"median": _median(values), "low": None, "high": None, "level": None}
    low, high = np.nanquantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"median": _median(values), "low": float(low), "high": float(high), "level": LEVEL}


def mechanisms(levels: Levels = NEUTRAL) -> list[MechanismEntry]:
    """Return every mechanism as `dearth mechanisms --json` prints it, with the names of the levels.

    A mechanism with levers belongs to the part `POLICY` too: regimes are made of their settings.
    """
    return [
        {
            "id": m.id,
            "aliases": aliases(m.id),
            "systems": _parts(m),
            "parts": labels(_parts(m)),
            "summary": m.summary,
            "group": m.group,
            "when": m.when,
            "package": installed.package_of(m.id),
            "shared": list(m.shared),
            "form": {"grade": m.form.grade, "sources": list(m.form.sources), "note": m.form.note},
            "parameters": [_parameter(p) for p in parameters(m.parameters, levels)],
        }
        for m in installed.order()
    ]


def _parts(m: "Mechanism") -> list[str]:
    return [*m.systems, *([POLICY] if any(p.lever for p in m.parameters) else [])]


def _parameter(p: Parameter) -> ParameterEntry:
    found: ParameterEntry = {
        "name": p.name,
        "default": p.default,
        "low": p.low,
        "high": p.high,
        "unit": p.unit,
        "source": p.basis.described(),
        "grade": p.grade,
        "sources": list(p.sources),
        "meaning": p.meaning,
        "lever": p.lever,
    }
    if p.options:
        found["options"] = list(p.options)
    return found
