"""A language of the one-page summary: its words, its direction and how it writes numbers."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from dearth.case.problems import CaseError, Problem, mistake, name_hint

WORDS = files("dearth.show.summary") / "words"
MODEL = "en"  # whose keys every other file has
DIRECTIONS = ("ltr", "rtl")
MARKS = ("name", "direction", "decimal", "group")
ISOLATE, END = "\u2066", "\u2069"  # around what reads from left to right in a text of the other direction


@dataclass(frozen=True)
class Language:
    """Words by key (``survey.crude``), and marks of numbers.

    Attributes
    ----------
    code : of BCP 47, as HTML takes it: ``en``, ``fr``, ``ar``
    direction : ``ltr`` or ``rtl``
    decimal, group : decimal mark and mark between thousands
    """

    code: str
    name: str
    direction: str
    decimal: str
    group: str
    words: Mapping[str, str]

    def text(self, key: str, **fill: str) -> str:
        """Return the words of a key, with its braces filled in."""
        return self.words[key].format(**fill)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as the language writes it; in a text from right to left it stays in one piece."""
        if round(value, digits) == 0:
            value = 0.0  # never -0
        text = f"{value:,.{digits}f}".translate({ord(","): self.group, ord("."): self.decimal})
        return self.apart(text)

    def apart(self, text: str) -> str:
        """Return a number or a date so that a text from right to left does not turn its parts round."""
        return f"{ISOLATE}{text}{END}" if self.direction == "rtl" else text


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that come with dearth."""
    return tuple(sorted(one.name.removesuffix(".toml") for one in _files()))


def language(wanted: str) -> Language:
    """Return a language by its code, or by the path of a file of words.

    Raises
    ------
    CaseError
        An unknown code, or a file that lacks words, has others, or fills other braces than the English one.
    """
    path = Path(wanted)
    if wanted.endswith(".toml"):
        return _read(path, path.name, path.stem)
    if wanted not in languages():
        codes = languages()
        raise mistake(
            "language", f"'{wanted}' is no language of the summary{name_hint(wanted, codes, 'language')}; "
            "or give the path of a file of words (xx.toml)",
        )  # fmt: skip
    return _read(WORDS / f"{wanted}.toml", f"{wanted}.toml", wanted)


def _files() -> Iterator[Traversable]:
    return (one for one in WORDS.iterdir() if one.name.endswith(".toml"))


def _read(path: Traversable, name: str, code: str) -> Language:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise mistake(name, f"cannot be read ({error.strerror}); check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise mistake(name, f"is no TOML file in UTF-8: {error}") from None
    model = tomllib.loads((WORDS / f"{MODEL}.toml").read_text(encoding="utf-8"))
    problems = list(_problems(content, model, name))
    if problems:
        raise CaseError(problems)
    return Language(
        code, content["name"], content["direction"], content["decimal"], content["group"], _flat(content)
    )


def _flat(content: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"{part}.{key}": text for part, texts in content.items() if isinstance(texts, dict)
        for key, text in texts.items()
    }  # fmt: skip


def _problems(content: Mapping[str, Any], model: Mapping[str, Any], name: str) -> Iterator[Problem]:
    """Yield what a file of words lacks, has beyond the model, or fills otherwise."""
    for mark in MARKS:
        if not isinstance(content.get(mark), str):
            yield Problem(name, "is missing; write it as text above the first [part]", field=mark)
    if content.get("direction") not in DIRECTIONS:
        yield Problem(name, f"is one of: {', '.join(DIRECTIONS)}", field="direction")
    mine, theirs = _flat(content), _flat(model)
    for key, text in theirs.items():
        if not isinstance(mine.get(key), str):
            yield Problem(name, f"has no words; in English: '{text}'", field=key)
        elif _braces(mine[key]) != _braces(text):
            wanted = ", ".join(f"{{{one}}}" for one in sorted(_braces(text))) or "no braces"
            yield Problem(name, f"fills other braces than the English text, which has {wanted}", field=key)
    for key in mine:
        if key not in theirs:
            yield Problem(name, f"is no key of the summary{name_hint(key, theirs, 'key')}", field=key)


def _braces(text: str) -> set[str]:
    try:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    except ValueError:
        return {"(an open brace)"}
