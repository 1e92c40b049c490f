"""A file of words: marks of numbers, words by key in two parts, and names of things."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from dearth.case.problems import Problem, mistake, name_hint

ENGLISH = "en"  # whose keys every other file has
REPORT, SUMMARY = "report", "summary"  # a file has the words of one of them or of both
NAMES = "names"
ALLOWED: dict[str, tuple[str, ...]] = {"direction": ("ltr", "rtl"), "numbers": ("millions", "ten thousands")}
MARKS = ("name", "direction", "decimal", "group", "numbers")


@dataclass(frozen=True)
class LanguageFile:
    """What a file of words has.

    Attributes
    ----------
    file : its name, for messages
    marks : of `MARKS`, those it has
    parts : keys and words of the report and of the summary; a part that the file lacks is not there
    names : of things, by their English label
    """

    file: str
    marks: Mapping[str, Any]
    parts: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, str]

    def problems(self, model: "LanguageFile", part: str) -> list[Problem]:
        """Return what the file lacks for a part, has beyond the model, or fills otherwise."""
        needed = {part, *self.parts}
        found = list(self._marks())
        for one in sorted(needed):
            found += self._part(self.parts.get(one, {}), model.parts[one], one)
        return found

    def _marks(self) -> Iterator[Problem]:
        for mark in MARKS:
            if not isinstance(self.marks.get(mark), str):
                yield Problem(self.file, "is missing; write it as text above the first [part]", field=mark)
        for mark, allowed in ALLOWED.items():
            if self.marks.get(mark) not in allowed:
                yield Problem(self.file, f"is one of: {', '.join(allowed)}", field=mark)

    def _part(self, mine: Mapping[str, Any], theirs: Mapping[str, str], part: str) -> Iterator[Problem]:
        for key, text in theirs.items():
            if not isinstance(mine.get(key), str) or not mine[key].strip():
                yield Problem(self.file, f"has no words; in English: '{text}'", field=key)
            elif braces(mine[key]) != braces(text):
                wanted = ", ".join(f"{{{one}}}" for one in sorted(braces(text))) or "no braces"
                yield Problem(
                    self.file, f"fills other braces than the English text, which has {wanted}", field=key
                )
        for key in mine:
            if key not in theirs:
                yield Problem(self.file, f"is no key of the {part}{name_hint(key, theirs, 'key')}", field=key)


def read_language_file(path: Traversable, name: str) -> LanguageFile:
    """Return a file of words.

    Raises
    ------
    CaseError
        A file that cannot be read or is no TOML.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise mistake(name, f"cannot be read ({error.strerror}); check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise mistake(name, f"is no TOML file in UTF-8: {error}") from None
    tables = {key: value for key, value in content.items() if isinstance(value, dict)}
    parts: dict[str, dict[str, Any]] = {}
    for table, texts in tables.items():
        if table == REPORT:
            parts.setdefault(REPORT, {}).update(texts)
        elif table != NAMES:
            parts.setdefault(SUMMARY, {}).update({f"{table}.{key}": text for key, text in texts.items()})
    marks = {key: value for key, value in content.items() if key not in tables}
    return LanguageFile(name, marks, parts, tables.get(NAMES, {}))


def braces(text: str) -> set[str]:
    """Return the names of the values that a text needs."""
    try:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    except ValueError:
        return {"(an open brace)"}
