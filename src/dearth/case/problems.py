"""What is wrong with a user's input, said so that it can be mended at once."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from dearth.case.years import format_years


@dataclass(frozen=True)
class Problem:
    """One mistake: where it stands, what was given, what is allowed, what to do.

    Attributes
    ----------
    file : str
        The file's name inside the case, or the option's name on the command line.
    message : str
        What is wrong and what to do about it, one sentence each.
    line : int or None
        Line of the file, counted from 1 (the header of a CSV file is line 1).
    field : str
        Field or column, dotted for nested fields.
    severity : {"error", "warning"}
        An error stops the work; a warning is shown and the work goes on.
    audience : {"reader", "maker"}
        Who must know: readers of a result, or makers of the case only. A result repeats the first kind.
    """

    file: str
    message: str
    line: int | None = None
    field: str = ""
    severity: Literal["error", "warning"] = "error"
    audience: Literal["reader", "maker"] = "reader"

    @property
    def for_readers(self) -> str:
        """The message as readers of a result see it: first what is wrong, then the row where there is one."""
        row = (
            "" if self.line is None or not self.file.endswith(".csv") else f" ({self.file}, line {self.line})"
        )
        return f"{self.message}{row}"

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.field, self.message) if part)


class CaseError(ValueError):
    """The case or its data are wrong; carries every problem that was found."""

    def __init__(self, problems: Problem | Iterable[Problem]):
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> "tuple[type[CaseError], tuple[tuple[Problem, ...]]]":
        # a worker process hands its mistakes to the caller
        return type(self), (self.problems,)


def mistake(file: str, message: str, line: int | None = None, field: str = "") -> CaseError:
    """Return the error for a single mistake, ready to raise."""
    return CaseError(Problem(file, message, line, field))


ALIKE = 3  # as many equal mistakes of a file are shown one by one; more of them stand in one line


def alike_together(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems of a file; where more than `ALIKE` of a column are alike, one names all lines."""
    rows: dict[Problem, list[Problem]] = {}
    for problem in problems:
        rows.setdefault(replace(problem, line=None), []).append(problem)
    found = []
    for same in rows.values():
        if len(same) <= ALIKE:
            found += same
            continue
        lines = format_years(p.line for p in same[1:] if p.line is not None)
        message = f"{same[0].message}. The same in {len(same) - 1} more rows: lines {lines}"
        found.append(replace(same[0], message=message))
    return sorted(found, key=lambda problem: problem.line or 0)


def unknown_source(source: str, known: Iterable[str]) -> str:
    """Return what is wrong with a `source` that is none of the `known` ones."""
    hint = name_hint(source, known, "source")
    return (
        f"source '{source}' is neither in sources.csv, nor a work of the bibliography "
        f"(dearth sources --all lists them), nor the word assumed{hint}"
    )


def name_hint(word: str, names: Iterable[str], what: str, most: int = 12) -> str:
    """Return which of the names that a case itself gives `word` may be; never a guess at another thing.

    Henan and Hunan, `census_1953` and `census_1964` are spelt alike and are not the same: a name is proposed
    only where no more than capitals, accents, spaces or punctuation differ.

    Parameters
    ----------
    what
        The thing named, in the singular: place, source, scope.
    """
    names = [str(name) for name in names]
    same = [name for name in names if _letters(name) == _letters(word)]
    if len(same) == 1:
        return f" — did you mean '{same[0]}'?"
    near = get_close_matches(word, names, n=3, cutoff=0.6)
    if near:
        alike = ", ".join(f"'{name}'" for name in near)
        return f" (spelt alike: {alike}; use one only where it is the same {what})"
    shown = ", ".join(names[:most]) + (", …" if len(names) > most else "")
    return f" (there is: {shown})" if names else ""


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def did_you_mean(word: str, allowed: Iterable[str], most: int = 12) -> str:
    """Return `` — did you mean 'x'?``, or what is allowed, `most` of it at most, or nothing.

    For words of the program, of which each has one meaning; for names of a case use `name_hint`.
    """
    allowed = [str(name) for name in allowed]
    near = get_close_matches(word, allowed, n=1, cutoff=0.6)
    if near:
        return f" — did you mean '{near[0]}'?"
    if not allowed:
        return ""
    shown = ", ".join(allowed[:most]) + (", …" if len(allowed) > most else "")
    return f" (allowed: {shown})"
