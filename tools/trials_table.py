"""Print one Markdown table of several trials: python tools/trials_table.py docs/trials/*/recover.json."""

import json
import sys
from pathlib import Path
from typing import Any

HEAD = ("trial", "scored", "refused", "deaths 90 %", "worst corner", "births 90 %", "excess 90 %",
        "width / toll", "bias / toll", "warned", "excess found")  # fmt: skip


def row(document: dict[str, Any]) -> list[str]:
    """Return the cells of one trial."""
    named = "own degradations" if document["rung"] is None else f"rung {document['rung']}"
    if document["calibration"]:
        named += ", from the model itself"
    return [
        f"{document['case']}, {named}, windows {document['windows']}, seed {document['seed']}",
        str(document["used"]), str(document["refused"]), _share(document["coverage"]["90"]),
        _share(document["worst_corner_coverage90"]), _share(document["births"]["coverage"]["90"]),
        _share(document["excess_coverage"]["90"]), _number(document["width_over_toll"], ".2f"),
        _number(document["bias_over_toll"], "+.0%"), _share(document["warned"]),
        _share(document["called_excess"]),
    ]  # fmt: skip


def _share(value: float | None) -> str:
    return _number(value, ".0%")


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def main() -> None:
    rows = [row(json.loads(Path(path).read_text(encoding="utf-8"))) for path in sys.argv[1:]]
    print("| " + " | ".join(HEAD) + " |")
    print("|---|" + "---:|" * (len(HEAD) - 1))
    for cells in rows:
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
