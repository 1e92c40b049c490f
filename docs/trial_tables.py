"""Tables of the page on trials, made from the record that ships with the package."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from dearth.reconstruction.trial_record import TABLE

HEAD = ("tier", "places", "what the records lack", "scored", "refused", "excess 90 %", "true or warned",
        "warned", "deaths 90 %", "births 90 %", "width / excess", "bias / excess",
        "famine found")  # fmt: skip
KINDS = {
    "all": "All windows",
    "displacement": "Displacement: people leave in the crisis and some return",
    "quiet": "Quiet windows: no year a tenth off the usual death rate",
    "own": "The crisis that the case was made for",
}


def record() -> dict[str, Any]:
    """Return the record of trials; empty before any was made."""
    file = files("dearth.reconstruction").joinpath(TABLE)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def table(rows: dict[str, Any]) -> str:
    """Return the table of one kind of windows."""
    lines = [_row(*HEAD), _row("---", "---", "---", *["---:"] * (len(HEAD) - 3))]
    for tier, one in rows.items():
        many = one["windows"]

        def share(name: str, one: dict[str, Any] = one, many: int = many) -> str:
            return f"{one[name]} of {many}"

        width, bias = one["width_over_toll"], one["bias_over_toll"]
        lines.append(_row(
            tier, ", ".join(one["places"]), one["what"], str(many), str(one["refused"]), share("held"),
            share("held_or_warned"),
            share("warned"), share("deaths_held"), share("births_held"), _number(width, "{:.2f}"),
            _number(bias, "{:+.0%}"), share("called_famine"),
        ))  # fmt: skip
    return "\n".join(lines) + "\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def tables() -> str:
    """Return every table of the page, with what made them."""
    found = record()
    if not found:
        return "No trial of the present model is on record yet; `tools/trial_record.py` makes the tables.\n"
    text = f"Model version {found['made']['model_version']}. Tables are written by `tools/trial_record.py`.\n"
    for kind, title in KINDS.items():
        if kind in found:
            text += f"\n**{title}**\n\n{table(found[kind])}"
    return text


def make(folder: Path) -> None:
    """Write the tables to ``trial-record.txt`` of `folder`."""
    (folder / "trial-record.txt").write_text(tables(), encoding="utf-8")
