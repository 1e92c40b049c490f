"""Estimates that others have published: a case's evidence on its own question."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dearth.bibliography.works import SEEN, Work
from dearth.case.csv_table import number, read_rows
from dearth.case.problems import CaseError, Problem, did_you_mean, name_hint
from dearth.case.vocabulary import QUALITIES
from dearth.case.years import parse_years

REQUIRED = (
    "key", "author", "year", "window", "method", "method_published", "quality", "source_id",
)  # fmt: skip
OPTIONAL = (
    "work", "seen", "low", "central", "high", "births_lost", "baseline", "registration", "counts_unborn",
    "recompute_register", "recompute_baseline", "recompute_completeness", "recompute_window",
    "recompute_transfer", "recompute_note", "note",
)  # fmt: skip
_ALLOWED = {
    "quality": QUALITIES,
    "counts_unborn": ("yes", "no", "unclear"),
    "method_published": ("yes", "no", "in part"),
    "seen": SEEN,
}


@dataclass(frozen=True)
class Published:
    """One published estimate; `low`, `central`, `high`, `births_lost` in persons or None."""

    line: int
    text: dict[str, str]
    low: float | None
    central: float | None
    high: float | None
    births_lost: float | None

    def __getitem__(self, field: str) -> str:
        return self.text.get(field, "")

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest figure stated."""
        held = [v for v in (self.low, self.central, self.high) if v is not None]
        return min(held), max(held)


def read_published(
    path: Path, name: str, sources: set[str], works: Mapping[str, Work], notices: list[Problem]
) -> tuple[Published, ...]:
    """Return the rows of ``published.csv``; every mistake at once.

    Parameters
    ----------
    sources
        The ids of ``sources.csv``: where the figure was found.
    works
        The publications that column `work` may name: what first stated the figure.
    notices
        Receives how the file was read, where that is not as the format says.

    Raises
    ------
    CaseError
        Unknown words, figures that are no numbers or negative, sources or works that are not listed.
    """
    found: list[Published] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, row in read_rows(path, name, REQUIRED, OPTIONAL, notices):
        figures: dict[str, Any] = {}
        for field in ("low", "central", "high", "births_lost"):
            value = number(row[field], name, line, field) if row.get(field) else None
            if isinstance(value, float) and value < 0:
                value = Problem(name, f"{value:g} is negative; give persons", line, field)
            if isinstance(value, Problem):
                problems.append(value)
                value = None
            figures[field] = value
        problems += _words(row, name, line, sources)
        problems += _work(row, name, line, works)
        if row["key"] in seen:
            problems.append(Problem(name, f"'{row['key']}' is in line {seen[row['key']]} too", line, "key"))
        seen[row["key"]] = line
        if all(figures[f] is None for f in ("low", "central", "high")):
            problems.append(Problem(name, "give low, central or high", line, "central"))
            continue
        found.append(Published(line, row, **figures))
    if problems:
        raise CaseError(problems)
    return tuple(found)


def _work(row: dict[str, str], name: str, line: int, works: Mapping[str, Work]) -> list[Problem]:
    """Say what is wrong with the work of a row, and with whether it was read."""
    key = row.get("work", "")
    if key and key not in works:
        message = (
            f"no work has the key '{key}'{name_hint(key, works, 'work')}; add it to works.json of the case"
        )
        return [Problem(name, message, line, "work")]
    if bool(key) != bool(row.get("seen")):
        missing = "seen" if key else "work"
        message = (
            "give both: the work that states the figure, and whether it was read there (original) "
            "or in another text (second_hand)"
        )
        return [Problem(name, message, line, missing)]
    return []


def _words(row: dict[str, str], name: str, line: int, sources: set[str]) -> list[Problem]:
    problems = []
    for field, allowed in _ALLOWED.items():
        word = row.get(field, "")
        if word and word not in allowed:
            hint = did_you_mean(word, allowed)
            problems.append(Problem(name, f"unknown word '{word}'{hint}", line, field))
    if row["source_id"] not in sources:
        hint = name_hint(row["source_id"], sorted(sources), "source")
        problems.append(Problem(name, f"'{row['source_id']}' is not in sources.csv{hint}", line, "source_id"))
    for field in ("window", "recompute_window"):
        if row.get(field):
            try:
                parse_years(row[field])
            except ValueError as error:
                problems.append(Problem(name, str(error), line, field))
    return problems
