"""A language of the report and of the one-page summary: its words, its direction and how it writes numbers.

A language is one file ``languages/CODE.toml``: texts by key, and names of the things of cases (places,
scenarios, baselines) by what English readers see. A thing without a name in the language keeps its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from dearth.case.problems import CaseError, mistake, name_hint
from dearth.numerics import number_words
from dearth.show.language_file import ENGLISH, REPORT, SUMMARY, LanguageFile, read_language_file
from dearth.show.said import Listed, Name, Persons, Said, Span

__all__ = ["ENGLISH", "REPORT", "SUMMARY", "WORDS", "Language", "language", "languages", "said"]

WORDS = files("dearth.show").joinpath("languages")
ISOLATE, END = "\u2066", "\u2069"  # around what reads from left to right in a text of the other direction
_TEN_THOUSAND, _HUNDRED_MILLION = 1e4, 1e8  # steps in which Chinese readers count


@dataclass(frozen=True)
class Language:
    """Words by key (``survey.crude``), marks of numbers, and names of things.

    Attributes
    ----------
    code : of BCP 47, as HTML takes it: ``en``, ``fr``, ``ar``
    own_name : what its readers call it
    direction : ``ltr`` or ``rtl``
    decimal, group : decimal mark and mark between thousands
    numbers : ``millions`` or ``ten thousands``: the steps in which its readers count persons
    words : of one part, by key; ``{value}`` stands for a value
    names : of places, scenarios and other things of cases, by their English label
    """

    code: str
    own_name: str
    direction: str
    decimal: str
    group: str
    numbers: str
    words: Mapping[str, str]
    names: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of a key; values of `dearth.show.said` are written as the language writes them."""
        return self.words[key].format(**{name: self._written(value) for name, value in values.items()})

    def text(self, key: str, **fill: str) -> str:
        """Return the words of a key, with its braces filled in."""
        return self.words[key].format(**fill)

    def again(self, text: str) -> str:
        """Return a text of the package in this language; any other text as it is."""
        if not isinstance(text, Said) or self.code == ENGLISH:
            return str(text)
        return "".join(self(part.key, **part.values) for part in text.parts)

    def _written(self, value: object) -> object:
        match value:
            case Said():
                return self.again(value)
            case Name():
                return self.name(value)
            case Persons(number):
                return self.persons(number)
            case Span(low, high):
                return self.span(low, high)
            case Listed(items):
                return self("between").join(f"{self.name(name)} {number}" for name, number in items)
        return value

    def name(self, label: str) -> str:
        """Return the name of a thing; the label itself where the language has none."""
        return self.names.get(label, str(label))

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as the language writes it; in a text from right to left it stays in one piece."""
        if round(value, digits) == 0:
            value = 0.0  # never -0
        text = f"{value:,.{digits}f}".translate({ord(","): self.group, ord("."): self.decimal})
        return self.apart(text)

    def apart(self, text: str) -> str:
        """Return a number or a date so that a text from right to left does not turn its parts round."""
        return f"{ISOLATE}{text}{END}" if self.direction == "rtl" else text

    def persons(self, value: float) -> str:
        """Write a number of persons as it is spoken in the language."""
        if self.numbers != "ten thousands":
            return number_words.persons(value)
        size = abs(value)
        step = 5 if size >= 1e6 else 3 if size >= 1e5 else 2 if size >= 1e4 else 0
        rounded = round(value, -step) + 0.0
        if abs(rounded) >= _HUNDRED_MILLION:
            return f"{rounded / _HUNDRED_MILLION:.3g}亿"
        if abs(rounded) >= _TEN_THOUSAND:
            return f"{rounded / _TEN_THOUSAND:,.10g}万"
        return f"{rounded:,.0f}"

    def span(self, low: float, high: float) -> str:
        """Write two numbers of persons as a range; one number where both are written alike."""
        if self.numbers != "ten thousands":
            return number_words.span(low, high)
        first, last = self.persons(low), self.persons(high)
        return first if first == last else self("range", low=first, high=last)


def languages(part: str) -> tuple[str, ...]:
    """Return the codes of the languages that come with dearth for a part, English first.

    Parameters
    ----------
    part : `REPORT` or `SUMMARY`
    """
    codes = sorted(one.name.removesuffix(".toml") for one in WORDS.iterdir() if one.name.endswith(".toml"))
    found = [code for code in codes if part in _packaged(code).parts]
    return (ENGLISH, *(code for code in found if code != ENGLISH))


@cache
def _packaged(code: str) -> LanguageFile:
    return read_language_file(WORDS / f"{code}.toml", f"{code}.toml")


@cache
def language(wanted: str = ENGLISH, part: str = REPORT) -> Language:
    """Return a language by its code, or by the path of a file of words like ``languages/en.toml``.

    Raises
    ------
    CaseError
        An unknown code, or a file that lacks words of the part, has others, or fills other braces than the
        English one.
    """
    if wanted.endswith(".toml"):
        read, code = read_language_file(Path(wanted), Path(wanted).name), Path(wanted).stem
    elif wanted in languages(part):
        read, code = _packaged(wanted), wanted
    else:
        codes = languages(part)
        raise mistake(
            "language", f"'{wanted}' is no language of the {part}{name_hint(wanted, codes, 'language')}; "
            "or give the path of a file of words (xx.toml)",
        )  # fmt: skip
    problems = read.problems(_packaged(ENGLISH), part)
    if problems:
        raise CaseError(problems)
    marks = read.marks
    return Language(
        code, marks["name"], marks["direction"], marks["decimal"], marks["group"], marks["numbers"],
        read.parts[part], read.names,
    )  # fmt: skip


def said(key: str, **values: object) -> Said:
    """Return a text of the report in English that `Language.again` says in another language."""
    return Said.of(language()(key, **values), key, values)
