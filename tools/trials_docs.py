"""Bring what `dearth recover --out` wrote into the documentation: pages, pictures, and the table of all.

python tools/trials_docs.py FOLDER... copies each into docs/trials and writes the table and the list of pages
of docs/trials.md anew; the pages are written from recover.json by the code as it stands.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from dearth.show.charts.base import footnoted
from dearth.show.charts.trials import trial_charts
from dearth.show.trials_page import page

DOCS = Path(__file__).parents[1] / "docs"

HEAD = ("trial", "scored", "refused", "deaths 90 %", "worst corner", "births 90 %", "excess 90 %",
        "recovered 90 %", "width / toll", "bias / toll",
        "warned", "excess found", "famine found")  # fmt: skip


def row(document: dict[str, Any]) -> list[str]:
    """Return the cells of one trial."""
    named = "own degradations" if document["rung"] is None else f"tier {document['rung']}"
    if document["calibration"]:
        named += ", from the model itself"
    return [
        f"{document['case']}, {named}, windows {document['windows']}, seed {document['seed']}",
        str(document["used"]), str(document["refused"]), _share(document["coverage"]["90"]),
        _share(document["worst_corner_coverage90"]), _share(document["births"]["coverage"]["90"]),
        _share(document["excess_coverage"]["90"]), _share(document["births"]["regained_coverage"]["90"]),
        _number(document["width_over_toll"], ".2f"),
        _number(document["bias_over_toll"], "+.0%"), _share(document["warned"]),
        _share(document["called_excess"]), _share(document["called_famine"]),
    ]  # fmt: skip


def _share(value: float | None) -> str:
    return _number(value, ".0%")


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def bring(folder: Path) -> dict[str, Any]:
    """Copy one trial into the documentation and return its document."""
    out = DOCS / "trials" / folder.name
    if folder.resolve() != out.resolve():
        out.mkdir(parents=True, exist_ok=True)
        for name in ("recover.json", "trials.csv", *(f.name for f in folder.glob("*.svg"))):
            shutil.copy(folder / name, out / name)
    document: dict[str, Any] = json.loads((out / "recover.json").read_text(encoding="utf-8"))
    (out / "recover.json").write_text(json.dumps(document) + "\n", encoding="utf-8")
    made = re.search(r"Made by `(.*?)`", (folder / "recover.md").read_text(encoding="utf-8"))
    command = re.sub(r"--out \S*?(\w+)/?$", r"--out \1", made[1] if made else "")
    charts = [footnoted(chart) for chart in trial_charts(document)]
    (out / "recover.md").write_text(page(document, command, charts), encoding="utf-8")
    return document


def main() -> None:
    folders = [Path(path) for path in sys.argv[1:]]
    documents = [bring(folder) for folder in folders]
    lines = ["| " + " | ".join(HEAD) + " |", "|---|" + "---:|" * (len(HEAD) - 1)]
    lines += ["| " + " | ".join(row(document)) + " |" for document in documents]
    pages = "\n".join(f"trials/{folder.name}/recover" for folder in folders)
    text = (DOCS / "trials.md").read_text(encoding="utf-8")
    text = re.sub(r"\| trial \|.*?\n\n", "\n".join(lines) + "\n\n", text, count=1, flags=re.S)
    listed = "```{toctree}\n:maxdepth: 1\n\n" + pages + "\n```"
    text = re.sub(r"```\{toctree\}.*?```", listed, text, count=1, flags=re.S)
    (DOCS / "trials.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
