"""What the page needs to say what a number of excess deaths requires: the identification table as lines.

For one assumption of births and one path of normal mortality, the normal death rate and the reciprocals of
both completenesses are linear in the number of excess deaths, so two rows of the table give them exactly.
"""

from itertools import groupby
from typing import Any

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.estimate.identification import Requirement
from dearth.show.language import Language


def live_requirements(made: Estimates, say: Language) -> dict[str, Any] | None:
    """Return the lines of each assumption of births and path of normal mortality; None without a table."""
    rows = sorted(made.identification.rows, key=_group)
    names, combinations = labels.of(made.case), []
    for _, group in groupby(rows, key=_group):
        found = sorted(group, key=lambda row: row.toll)
        first, last = found[0], found[-1]
        if first.toll == last.toll:
            continue
        how = "as registered" if first.as_registered else "by its birth rates"
        combinations.append({
            "births": f"{say.name(names.series(first.register))}, {how}", "path": first.normal_path,
            "birth_completeness": first.birth_completeness,
            **{key: _line(key, first, last) for key in ("normal_rate", "outside", "inside")},
        })  # fmt: skip
    if not combinations:
        return None
    tolls = [row.toll for row in rows]
    marks = [one.stated.central for one in made.published if one.stated.central and not one.recalled]
    return {
        "combinations": combinations, "low": min(0.0, *tolls), "high": max([*tolls, *marks]),
        "start": sorted(set(tolls))[len(set(tolls)) // 2],
    }  # fmt: skip


def _group(row: Requirement) -> tuple[bool, str, str]:
    return not row.as_registered, row.register, row.normal_path


def _line(key: str, first: Requirement, last: Requirement) -> list[float]:
    """Return height at zero excess deaths and slope: of the rate, or of the reciprocal of a completeness."""
    low, high = _on_line(key, first), _on_line(key, last)
    slope = (high - low) / (last.toll - first.toll)
    return [low - slope * first.toll, slope]


def _on_line(key: str, row: Requirement) -> float:
    if key == "normal_rate":
        return row.normal_rate
    return 1 / (row.completeness_normal if key == "outside" else row.completeness_crisis)
