"""Sphinx settings. Every run and picture on the pages is made when they are built."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "dearth"
author = "the dearth authors"
copyright = "the dearth authors, Apache-2.0"  # noqa: A001
extensions = ["myst_parser", "sphinx_copybutton", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
napoleon_use_ivar = True  # a field described in "Attributes" has no second entry
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "dearth"
exclude_patterns = ["_build", "_generated"]
suppress_warnings = ["myst.xref_missing", "ref.python"]  # fields of one name in several classes

HERE = Path(__file__).parent
MADE = HERE / "_generated"
DATED = [HERE.parent / "tests" / "data" / "dated" / name
         for name in ("world_mortality_extract.csv", "stmf_belgium.csv")]  # fmt: skip
RUNS = {
    "cases": ["cases"],
    "new": ["new", "my-case"],
    "check": ["check", "china-1958"],
    "estimate": [
        "estimate", "finland-1866", "--completeness", "1", "--baseline", "mean:1862-1865",
    ],
    "estimate-mistake": ["estimate", "china-1958", "--baseline", "level:1959"],
    "sources": ["sources", "finland-1866"],
    "claims": ["claims", "china-1958"],
    "claims-one": ["claims", "china-1958", "deaths-30-million", "soviet-trade-fell"],
    "compare": ["compare", "china-1958", "finland-1866", "sweden-1772"],
    "report": ["report", "finland-1866", "--out", "finland"],
    "simulate": ["simulate", "valley"],
    "simulate-draws": ["simulate", "valley", "--draws", "48", "--out", "valley-simulated"],
    "simulate-mistake": ["simulate", "valley", "--off", "comunal_dining"],
    "fit": ["fit", "china-1958"],
    "explain": ["explain", "china-1958"],
    "run": ["run", "valley", "--quick", "--out", "valley"],
    "dated-new": [
        "new", "albania", "--from-deaths", "world_mortality_extract.csv", "--location", "Albania", "--window",
        "2020-03-01/2020-12-31",
    ],
    "dated": ["estimate", "albania"],
    "dated-belgium": [
        "new", "belgium", "--from-deaths", "stmf_belgium.csv", "--window", "2020-03-02/2020-12-31",
    ],
}  # fmt: skip


def _run(words: list[str], folder: str) -> str:
    environment = {**os.environ, "COLUMNS": "96", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(
        [sys.executable, "-m", "dearth.cli", *words],
        capture_output=True, text=True, cwd=folder, env=environment, check=False,
    )  # fmt: skip
    text = (done.stdout + done.stderr).strip()
    return f"$ dearth {' '.join(words)}\n{text}\n[exit status {done.returncode}]\n"


def make_runs(*_: object) -> None:
    """Run every command shown on the pages and draw every picture."""
    import dearth
    from dearth.show.charts import chart_svg

    MADE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for file in DATED:
            shutil.copy(file, folder)
        for name, words in RUNS.items():
            (MADE / f"{name}.txt").write_text(_run(words, folder), encoding="utf-8")
        for name in ("albania", "belgium"):
            for chart in dearth.load(f"{folder}/{name}").estimate().charts():
                (MADE / f"{name}-{chart.key}.svg").write_text(chart_svg(chart), encoding="utf-8")
        _add_mistakes(Path(folder) / "my-case")
        (MADE / "check-mistakes.txt").write_text(_run(["check", "my-case"], folder), encoding="utf-8")
    _reconstruction()
    _bibliography()
    import mechanism_pages
    import model_tables
    import trial_tables

    model_tables.make(MADE)
    trial_tables.make(MADE)
    mechanism_pages.make(HERE / "mechanisms")
    _explanation("china-1958")
    for name in ("china-1958", "finland-1866", "valley"):
        laboratory = dearth.load(name)
        result = (
            laboratory.run(with_prior_simulation=True)
            if name == "valley"
            else laboratory.estimate(quick=True)
        )
        for chart in result.charts():
            path = MADE / f"{name}-{chart.key}.svg"
            path.write_text(chart_svg(chart), encoding="utf-8")
        with redirect_stdout(io.StringIO()):
            repr(result)


def _explanation(name: str) -> None:
    """Draw the charts of the explanation that ships with a case."""
    from dearth.case.read import load
    from dearth.explain.stored_explanation import stored_explanation
    from dearth.show.charts import chart_svg
    from dearth.show.charts.explanation import explanation_charts

    case = load(name)
    made = stored_explanation(case)
    assert made is not None, f"the fit of {name} has no stored explanation"
    for chart in explanation_charts(case, made):
        (MADE / f"{name}-{chart.key}.svg").write_text(chart_svg(chart), encoding="utf-8")


def _add_mistakes(case: Path) -> None:
    """Put four slips into the template's case, as they happen when figures are typed or pasted."""
    file = case / "evidence" / "totals.csv"
    text = file.read_text(encoding="utf-8")
    slips = (
        ("1898,books,deaths,2240,", "1898,books,deaths,2.240,"),
        ("1900,books,births,3600,", "1900,books,births,0,"),
        ("1901,books,population_yearend_total,108010,", "1901,books,population_yearend_total,180010,"),
        ("1903,books,deaths,4100,", "1903,books,deaths,246000,"),
    )
    for right, wrong in slips:
        if right not in text:
            raise ValueError(f"the template has no row {right}")
        text = text.replace(right, wrong)
    file.write_text(text, encoding="utf-8")


def _reconstruction() -> None:
    """Write the scenarios as a terminal shows them."""
    from rich.console import Console

    import dearth
    from dearth.show.terminal import print_scenarios

    text = io.StringIO()
    result = dearth.load("china-1958").estimate(quick=True)
    print_scenarios(Console(file=text, width=110), result)
    (MADE / "reconstruction.txt").write_text(text.getvalue(), encoding="utf-8")


def _bibliography() -> None:
    """Write the table of grades, and every work with an anchor of its own."""
    from dearth.bibliography.grade import Grade
    from dearth.bibliography.works import works

    grades = ["| grade | meaning |", "|---|---|", *(f"| {g.label} | {g.definition} |" for g in Grade)]
    (MADE / "grades.txt").write_text("\n".join(grades) + "\n", encoding="utf-8")
    seen = {"original": "Its own text was read.", "second_hand": "Known from other texts."}
    entries = []
    for work in sorted(works().values(), key=lambda work: (work.authors[0].family, work.year, work.key)):
        link = f" <{work.link}>" if work.link else ""
        told = " ".join(part for part in (seen[work.seen], work.note) if part)
        entries.append(f"(work-{work.key})=\n**{work.key}**: {work.entry}{link}\\\n{told}\n")
    (MADE / "bibliography.txt").write_text("\n".join(entries), encoding="utf-8")


def setup(app: object) -> None:
    """Make the runs before the pages are read."""
    app.connect("builder-inited", make_runs)  # type: ignore[attr-defined]
