"""The lowest and highest toll of each register and completeness: what a long table comes to."""

from typing import Any


def ranges(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the span of the medians over baselines, persons, never a middle.

    Of the case's own window, or, where a call asks for others, of each of those.
    """
    groups: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    within = [row for row in document["estimates"] if row["in_range"]]
    own = [row for row in within if row["window"] == document["window"]]
    for row in own or within:
        key = (row["method"], row["series"], str(row["completeness"] or ""), row["window"])
        groups.setdefault(key, []).append(row)
    found = []
    for (method, series, completeness, window), rows in groups.items():
        ordered = sorted(rows, key=lambda row: row["excess_deaths"]["median"])
        found.append(
            {
                "method": method,
                "series": series,
                "completeness": completeness,
                "window": window,
                "estimates": len(rows),
                "low": ordered[0]["excess_deaths"]["median"],
                "low_baseline": ordered[0]["baseline"],
                "low_normal_rate": ordered[0]["normal_rate"],
                "high": ordered[-1]["excess_deaths"]["median"],
                "high_baseline": ordered[-1]["baseline"],
                "high_normal_rate": ordered[-1]["normal_rate"],
            }
        )
    return found
