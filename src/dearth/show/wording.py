"""The words of the report's first screen, labels and controls, in one of several languages.

A language is one file ``languages/NAME.json``: texts by key, and names of the cases' things (places,
scenarios, baselines) by what English readers see. A name without a translation stays as it is.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from dearth.case.problems import CaseError, Problem, did_you_mean, mistake
from dearth.numerics import number_words

ENGLISH = "en"
# numbers of persons in steps of ten thousand, as Chinese readers count
_TEN_THOUSAND, _HUNDRED_MILLION = 1e4, 1e8


@dataclass(frozen=True)
class Wording:
    """The texts of one language.

    Attributes
    ----------
    language : its code, as the page declares it
    texts : by key; ``{name}`` stands for a value
    names : of places, scenarios and other things of cases, by their English label
    """

    language: str
    texts: Mapping[str, str]
    names: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text `key` with its values."""
        return self.texts[key].format(**values)

    def name(self, label: str) -> str:
        """Return the name of a thing; the label itself where the language has none."""
        return self.names.get(label, label)

    def persons(self, value: float) -> str:
        """Write a number of persons as it is spoken in the language."""
        if self.texts["numbers"] != "ten thousands":
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
        if self.language == ENGLISH:
            return number_words.span(low, high)
        first, last = self.persons(low), self.persons(high)
        return first if first == last else self("range", low=first, high=last)


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that the package has, English first."""
    folder = files("dearth.show").joinpath("languages")
    names = (one.name for one in folder.iterdir())
    found = sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))
    return (ENGLISH, *(one for one in found if one != ENGLISH))


@cache
def wording(wanted: str = ENGLISH) -> Wording:
    """Return the texts of a language: by its code, or by the path of a file like ``languages/en.json``.

    Raises
    ------
    CaseError
        An unknown code, or a file that lacks a text, has others, or whose texts need other values than the
        English ones.
    """
    if wanted.endswith(".json"):
        path = Path(wanted)
        if not path.is_file():
            raise mistake("language", f"there is no file {wanted}; give a code ({', '.join(languages())})")
        return _checked(path.stem, path.read_text(encoding="utf-8"), wanted)
    if wanted not in languages():
        codes = ", ".join(languages())
        raise mistake(
            "language", f"'{wanted}' is no language of the report{did_you_mean(wanted, languages())}; choose "
            f"one of {codes}, or give the path of a file of words (xx.json)",
        )  # fmt: skip
    return _checked(wanted, _packaged(wanted), f"{wanted}.json")


def _packaged(code: str) -> str:
    return files("dearth.show").joinpath("languages", f"{code}.json").read_text(encoding="utf-8")


def _checked(code: str, text: str, where: str) -> Wording:
    """Return the language of a file; every text is there and needs what the English one needs."""
    try:
        content = json.loads(text)
        texts, names = dict(content["texts"]), dict(content.get("names", {}))
    except (ValueError, KeyError, TypeError) as error:
        raise mistake(where, f"not an object of JSON with texts and names: {error}") from None
    model = json.loads(_packaged(ENGLISH))["texts"]
    problems = [f"'{key}' is missing" for key in model if key not in texts]
    problems += [f"'{key}' is no text of the report" for key in texts if key not in model]
    problems += [
        f"'{key}' needs {{{'}, {'.join(sorted(placeholders(model[key])))}}}"
        for key in model
        if key in texts and placeholders(texts[key]) != placeholders(model[key])
    ]
    if problems:
        raise CaseError([Problem(where, problem) for problem in problems])
    return Wording(code, texts, names)


def placeholders(text: str) -> set[str]:
    """Return the names of the values that a text needs."""
    return set(re.findall(r"\{(\w+)", text))
