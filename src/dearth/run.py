"""A run: estimates, simulation, tables and report of a case in one folder, written whole or not at all."""

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dearth.case.atomic_files import MARK, new_folder
from dearth.case.read import Case
from dearth.estimate.choices import CHOICES
from dearth.estimate.document import to_document
from dearth.estimate.estimates import Estimates
from dearth.estimate.progress import Progress
from dearth.numerics.free_memory import drop_programs

if TYPE_CHECKING:
    from dearth.show.charts import Chart, Drawn
    from dearth.system.report_document import SimulatedPart
    from dearth.system.simulation import Simulation

SCENARIO = "scenario.yaml"


def estimates_csv(made: Estimates) -> str:
    """Return the multiverse as a table: one row an estimate, persons; its label in each row."""
    figures = ("median", "low", "high", "level")
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    births = ("gross", "recovered", "net")
    out.writerow([*CHOICES, *(f"excess_deaths_{f}" for f in figures),
                  *(f"births_{b}" for b in births), "assumption_label"])  # fmt: skip
    for row in made.estimates:
        chosen, lost = row.choice.identifiers, row.births.figures
        out.writerow([
            *(chosen[c] for c in CHOICES),
            *(getattr(row.excess_deaths, f) for f in figures),
            *(None if one is None else one.median for one in (lost.gross, lost.recovered, lost.net)),
            row.label,
        ])  # fmt: skip
    return text.getvalue()


def write_districts(made: Estimates, folder: Path) -> None:
    """Write deaths by district and month with the columns of HDX, FEWS NET and the IPC API, where any."""
    from dearth.estimate.small_areas.district_files import FEWS_NET, HDX, IPC_API, districts_csv, groups_csv
    from dearth.estimate.small_areas.small_area_result import SmallAreasResult

    blocks = [b for one in made.record_results if isinstance(one, SmallAreasResult) for b in one.blocks]
    for block in blocks:
        which = f"{block.name}_" if len(blocks) > 1 else ""
        for kind, names in (("hdx", HDX), ("fewsnet", FEWS_NET), ("ipc_api", IPC_API)):
            text = districts_csv(block, names)
            (folder / f"districts_{which}{kind}.csv").write_text(text, encoding="utf-8")
        if block.groups:
            (folder / f"districts_{which}groups.csv").write_text(groups_csv(block), encoding="utf-8")


def manifest(made: Estimates, command: str, simulation: "SimulatedPart | None" = None) -> dict[str, Any]:
    """Return what is needed to make the run again, as the file of the run has it."""
    from dearth.numerics.package_versions import package_versions

    found = {
        "schema": "dearth/run/v1",
        "command": command,
        "case": made.case.name,
        "window": made.case.settings.window,
        "seed": made.seed,
        "draws": made.monte_carlo_draws,
        "versions": package_versions(),
        "inputs_sha256": made.case.sha256,
    }
    if simulation is not None and not simulation.refused:
        found["scenario_sha256"] = simulation.scenario_sha256
        found["simulation_draws"] = simulation.printed["draws"]
    return found


def simulation_of(
    case: Case, seed: int, quick: bool, progress: Progress, prior: bool = True
) -> "SimulatedPart | None":
    """Return the simulation of a case: of its fit, or with `prior` from priors where it has none.

    None where the case has no scenario, or no fit and `prior` is false.

    Raises
    ------
    CaseError
        With every mistake of the scenario.
    """
    if not (case.folder / SCENARIO).is_file():
        return None
    from dearth.explain.simulated import simulation_part, usable_fit
    from dearth.numerics.compilation_cache import keep_compiled

    fit = usable_fit(case)
    if fit is None and not prior:
        return None
    keep_compiled()
    told = lambda text, share=None: progress(f"simulation, {text}", share)  # noqa: E731
    found = simulation_part(case, fit, seed, quick, told)
    drop_programs()  # and the history; its tables stay
    return found


def write_charts(folder: Path, wanted: "list[Chart]", progress: Progress) -> "list[Drawn]":
    """Write each chart under `folder` as SVG and its figures as CSV; return them as drawn."""
    from dearth.show.charts import draw

    folder.mkdir()
    drawn = []
    for chart in wanted:
        progress(f"chart: {chart.title}")
        one = draw(chart)
        (folder / f"{chart.key}.svg").write_text(one.svg, encoding="utf-8")
        (folder / f"{chart.key}.csv").write_text(one.csv, encoding="utf-8")
        drawn.append(one)
    return drawn


def write_simulation(
    case: Case, made: "Simulation", out: Path, command: str, seed: int, progress: Progress,
    parquet: bool = False,
) -> None:  # fmt: skip
    """Write a simulation's history, yearly measures, document and charts under `out`.

    With `parquet` also every month and place as ``monthly.parquet``. Of a simulation that kept yearly
    measures alone, there are only these and the document.

    Raises
    ------
    CaseError
        When `out` is there and was not written by dearth; nothing is written then.
    """
    from dearth.numerics.package_versions import package_versions
    from dearth.system.parquet_export import write_parquet

    with new_folder(out, replace=True) as work:
        progress("history")
        made.write(work)
        if parquet:
            write_parquet(made.monthly, work / "monthly.parquet")
        if not made.asked.yearly:
            _write_simulation_charts(case, made, work / "charts", progress)
        mark = {
            "command": command,
            "inputs": case.sha256,
            "scenario_sha256": hashlib.sha256((case.folder / SCENARIO).read_bytes()).hexdigest(),
            "seed": seed,
            "versions": package_versions(),
        }
        (work / MARK).write_text(json.dumps(mark, indent=1), encoding="utf-8")


def _write_simulation_charts(case: Case, made: "Simulation", folder: Path, progress: Progress) -> None:
    from dearth.show.charts import simulation_charts
    from dearth.system.report_document import part

    write_charts(folder, simulation_charts(part(case, made)), progress)


def write_run(
    made: Estimates, out: Path, command: str, progress: Progress, simulation: "SimulatedPart | None" = None,
    language: str = "en",
) -> Path:  # fmt: skip
    """Write inputs as read, results, charts and report under `out`; return the report's path.

    Raises
    ------
    CaseError
        When `out` is there and was not written by dearth, or the claims have mistakes; nothing is written
        then.
    """
    from dearth.show.beside import beside
    from dearth.show.charts import charts
    from dearth.show.report import render_report

    case = made.case
    found = beside(made, progress)
    inputs = [*case.inputs, *([SCENARIO] if simulation is not None else [])]
    with new_folder(out, replace=True) as work:
        for name in inputs:
            (work / "case" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(case.folder / name, work / "case" / name)
        (work / "estimates.json").write_text(json.dumps(to_document(made), indent=1), encoding="utf-8")
        if simulation is not None:
            (work / "simulation.json").write_text(json.dumps(simulation.document()), encoding="utf-8")
        (work / "estimates.csv").write_text(estimates_csv(made), encoding="utf-8")
        write_districts(made, work)
        drawn = write_charts(work / "charts", charts(made, simulation, found, language), progress)
        progress("report")
        page = render_report(made, simulation, drawn=drawn, beside=found, language=language)
        (work / "report.html").write_text(page, encoding="utf-8")
        (work / MARK).write_text(json.dumps(manifest(made, command, simulation), indent=1), encoding="utf-8")
    return out / "report.html"
