"""A run: the estimates, tables and report of a case in one folder, written whole or not at all."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

from dearth.case.files import MARK, new_folder
from dearth.case.read import Case
from dearth.estimate.verb import Estimates, Progress


def estimates_csv(document: dict[str, Any]) -> str:
    """Return the multiverse as a table: one row an estimate, persons; its label in each row."""
    columns = (
        "method", "series", "baseline", "births_adjusted", "baseline_basis", "completeness",
        "birth_completeness", "births_from", "window", "window_kind", "transfer",
    )  # fmt: skip
    figures = ("median", "low", "high", "level")
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    births = ("gross", "regained", "net")
    out.writerow([*columns, *(f"excess_deaths_{f}" for f in figures),
                  *(f"births_{b}" for b in births), "assumption_label"])  # fmt: skip
    for row in document["estimates"]:
        lost = row["birth_deficit"]
        out.writerow(
            [
                *(row[c] for c in columns),
                *(row["excess_deaths"][f] for f in figures),
                *(None if lost[b] is None else lost[b]["median"] for b in births),
                row["assumption_label"],
            ]
        )
    return text.getvalue()


def manifest(document: dict[str, Any], command: str) -> dict[str, Any]:
    """Return what is needed to make the run again."""
    keys = ("case", "window", "seed", "draws", "versions", "inputs_sha256")
    return {"schema": "dearth/run/v1", "command": command, **{k: document[k] for k in keys}}


def write_run(case: Case, made: Estimates, out: Path, command: str, progress: Progress) -> Path:
    """Write inputs as read, results, charts and report under `out`; return the report's path.

    Raises
    ------
    CaseError
        When `out` is there and was not written by dearth; nothing is written then.
    """
    from dearth.show.charts import chart_csv, chart_svg, charts
    from dearth.show.report import render_report

    document = made.document
    with new_folder(out, replace=True) as work:
        for name in case.inputs:
            (work / "case" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(case.folder / name, work / "case" / name)
        (work / "estimates.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
        (work / "estimates.csv").write_text(estimates_csv(document), encoding="utf-8")
        (work / "charts").mkdir()
        for chart in charts(document):
            progress(f"chart: {chart.title}")
            (work / "charts" / f"{chart.key}.svg").write_text(chart_svg(chart), encoding="utf-8")
            (work / "charts" / f"{chart.key}.csv").write_text(chart_csv(chart), encoding="utf-8")
        progress("report")
        (work / "report.html").write_text(render_report(document), encoding="utf-8")
        (work / MARK).write_text(json.dumps(manifest(document, command), indent=1), encoding="utf-8")
    return out / "report.html"
