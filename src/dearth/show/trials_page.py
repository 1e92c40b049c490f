"""The page of a trial: tables and pictures, good or bad, and what they mean."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from dearth.case.atomic_files import MARK, new_folder
from dearth.numerics.checkpoint import versions
from dearth.show.charts.base import Chart, chart_csv, chart_svg, footnoted
from dearth.show.charts.trials import trial_charts
from dearth.show.terminal_trials import LEVELS, head, lines, marked, percent, rows
from dearth.trials.recipes import RecipeRatio
from dearth.trials.recovery import Trials


def write_trials(made: Trials, out: Path, command: str, inputs: dict[str, str]) -> Path:
    """Write a folder with the page, the table of trials, the pictures, what ``--json`` prints and a manifest.

    `inputs` has the hash of each case. A folder written before is replaced.

    Raises
    ------
    CaseError
        The folder is there already and was not written by dearth.
    """
    charts = [footnoted(chart) for chart in trial_charts(made)]
    with new_folder(out, replace=True) as work:
        (work / MARK).write_text(json.dumps(_manifest(made, command, inputs), indent=1), encoding="utf-8")
        (work / "recover.json").write_text(json.dumps(made.document, indent=1) + "\n", encoding="utf-8")
        for chart in charts:
            (work / f"{chart.key}.svg").write_text(chart_svg(chart), encoding="utf-8")
            (work / f"{chart.key}.csv").write_text(chart_csv(chart), encoding="utf-8")
        with (work / "trials.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(_table(made))
        (work / "recover.md").write_text(page(made, command, charts), encoding="utf-8")
    return out


def _manifest(made: Trials, command: str, inputs: dict[str, str]) -> dict[str, Any]:
    keys = ("schema", "case", "tier", "what", "windows", "replicates", "seed", "calibration")
    asked = {key: value for key, value in made.document.items() if key in keys}
    return {"command": command, **asked, "versions": versions(), "inputs_sha256": inputs}


def page(made: Trials, command: str, charts: list[Chart]) -> str:
    """Return the page in Markdown."""
    found = [f"# Trials: {head(made)}", "", f"Made by `{command}`.", ""]
    found += ["| share of intervals that contain the true value | "
              + " | ".join(f"{x} %" for x in LEVELS) + " |",
              "|---|" + "---:|" * len(LEVELS)]  # fmt: skip
    found += [
        f"| {name} | " + " | ".join(percent(covered[x]) for x in LEVELS) + " |"
        for name, covered in rows(made)
    ]
    found += ["", *[f"* {line}" for line in lines(replace(made, recipes=None))], ""]
    found += ["| degradation | what | numbers, mild to bad |", "|---|---|---|"]
    for one in made.degradations:
        ends = ", ".join(f"{name} {a:g} to {b:g}" for name, (a, b) in one.ranges.items())
        found.append(f"| {one.letter} {one.name} | {one.what} | {ends or '–'} |")
    found += recipe_table(made.recipes or {}, made.recipes_not_carried_out or {})
    for chart in charts:
        found += ["", f"## {chart.title}", "", chart.caption, "", f"![{chart.title}]({chart.key}.svg)"]
    return "\n".join(found) + "\n"


def recipe_table(recipes: dict[str, RecipeRatio], not_carried_out: dict[str, str]) -> list[str]:
    """Return what every recipe says over the true excess, and which published ones are not among them."""
    if not recipes:
        return []
    found = ["", "| recipe | what | who | excess over the true one: median | low | high | |",
             "|---|---|---|---:|---:|---:|---|"]  # fmt: skip
    found += [
        f"| {name} | {one.what} | {one.who} | {one.median:.2f} | {one.low:.2f} | {one.high:.2f} | {mark} |"
        for name, one, mark in marked(recipes)
    ]
    if not not_carried_out:
        return found
    left = [f"* {name}: {why}" for name, why in not_carried_out.items()]
    return [*found, "", "Not carried out:", "", *left]


def _table(made: Trials) -> list[list[Any]]:
    names = ("deaths", "births", "excess", "gross", "recovered", "net", "excess_printed")
    top = ["window", "letters", "worst_corner", "drawn"]
    top += [f"{name}_{what}" for name in names for what in ("truth", "low90", "median", "high90")]
    found: list[list[Any]] = [[*top, "warnings", "refused"]]
    for t in made.found:
        drawn = "; ".join(f"{letter}.{k}={v:.3g}" for letter, of in t.drawn.items() for k, v in of.items())
        row = [t.window, t.letters, t.corner, drawn]
        for name in names:
            low, high = t.intervals[name]["90"]
            row += [round(x) for x in (t.truth[name], low, t.medians[name], high)]
        found.append([*row, "; ".join(t.warnings), "; ".join(t.refused)])
    return found
