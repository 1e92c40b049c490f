"""The lowest and highest toll of each register and completeness: what a long table comes to."""

from typing import Any


def ranges(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the span of the medians over baselines in the case's own window, persons, never a middle."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in document["estimates"]:
        if row["in_range"] and row["window"] == document["window"]:
            key = (row["method"], row["series"], str(row["completeness"] or ""))
            groups.setdefault(key, []).append(row)
    found = []
    for (method, series, completeness), rows in groups.items():
        ordered = sorted(rows, key=lambda row: row["excess_deaths"]["median"])
        found.append(
            {
                "method": method,
                "series": series,
                "completeness": completeness,
                "estimates": len(rows),
                "low": ordered[0]["excess_deaths"]["median"],
                "low_baseline": ordered[0]["baseline"],
                "high": ordered[-1]["excess_deaths"]["median"],
                "high_baseline": ordered[-1]["baseline"],
            }
        )
    return found
