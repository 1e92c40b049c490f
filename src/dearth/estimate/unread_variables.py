"""Variables of the evidence that nothing reads: a slip of spelling, or a record that is only kept."""

from collections.abc import Iterator
from typing import Any

from dearth.case.problems import Problem
from dearth.case.read import Case
from dearth.case.vocabulary import VARIABLES

# read by name beside those of the table: published excess deaths of July-June years are drawn with ours
BY_NAME = {"excess_deaths"}
LONG = 12  # letters from which two slips are allowed; shorter names with two differ in meaning. Assumed.


def unread(case: Case) -> list[str]:
    """Return the variables that no estimator, register, reconstruction or other setting reads, by name."""
    read = _read(case)
    return sorted({row.variable for row in case.evidence} - read)


def misspelt(case: Case) -> list[Problem]:
    """Return a warning for makers of the case for each unread variable spelt nearly as one that is read."""
    read = _read(case)
    problems: list[Problem] = []
    for name in unread(case):
        near = [other for other in sorted(read) if _alike(name, other)]
        if near:
            rows = [row for row in case.evidence if row.variable == name]
            many = f"{len(rows)} rows are" if len(rows) > 1 else "the row is"
            message = f"nothing reads '{name}' ({many} left out); did you mean '{near[0]}'?"
            first = rows[0]
            problems.append(Problem(first.file, message, first.line, "variable", "warning", "maker"))
    return problems


def _read(case: Case) -> set[str]:
    """Return the variables of the table, and those that the settings of the case name."""
    return {*VARIABLES, *BY_NAME, *_named(case.settings.model_dump(mode="json"))}


def _named(part: Any) -> Iterator[str]:
    """Yield every variable that a part of the settings names: ``series/variable`` or a field `variable`."""
    if isinstance(part, dict):
        if isinstance(part.get("variable"), str):
            yield part["variable"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _named(inner)
    elif isinstance(part, str) and part.count("/") == 1:
        yield part.partition("/")[2]


def _alike(name: str, other: str) -> bool:
    """Return whether two names differ by a slip: a plural, a line between words, one letter or two."""
    first, second = _plain(name), _plain(other)
    if sorted(first) == sorted(second):  # the same words in another order
        return True
    one, two = "".join(first), "".join(second)
    return _slips(one, two) <= (2 if min(len(one), len(two)) >= LONG else 1)


def _plain(name: str) -> list[str]:
    return [word.rstrip("s") for word in name.casefold().replace("-", "_").split("_") if word]


def _slips(one: str, two: str) -> int:
    """Return how many letters are left out, added, changed or put in the place of their neighbour."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(two, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == two[j - 2] and one[i - 2] == wanted:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]
