"""Labels: what people read in place of identifiers, in terminal, charts and report.

A case gives `label` and `short` for its series, scenarios, baselines, completeness options and places; where
it does not, a readable label is made of the identifier. Identifiers stay in CSV, JSON and options.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from dearth.case.problems import Problem
from dearth.case.read import Case
from dearth.case.schema import CaseFile

Kind = Literal["series", "scenarios", "baselines", "completeness", "transfers", "places"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_SHORT = 32  # characters that fit a column of a table or a legend
ADJUSTED = "+births_adjusted"
BASELINES = {
    "level": "rate of {}",
    "mean": "mean rate of {}",
    "mean2": "mean rate of {}",
    "line": "straight line through {}",
    "ols": "straight trend of {}, extended",
    "loglinear": "exponential trend of {}, extended",
    "constant": "{} per 1000, constant",
}
_VARIABLES = {
    "population_yearend_total": "year-end population",
    "population_midyear": "mid-year population",
    "population_census_total": "census population",
    "population_total": "population",
}
VOWELS = set("aeiouy")
ACRONYMS = {"un": "UN", "owid": "OWID", "unhcr": "UNHCR"}


@dataclass(frozen=True)
class Text:
    """The label of one thing and its short form for charts and tables."""

    label: str
    short: str


@dataclass(frozen=True)
class Labels:
    """The labels of a case by kind and identifier.

    Attributes
    ----------
    declared
        What the case declares; every other identifier has a label made of itself.
    """

    declared: Mapping[Kind, Mapping[str, Text]]

    def label(self, kind: Kind, identifier: str | float | None) -> str:
        """Return the label of `identifier`, as declared or made of the identifier."""
        return self._text(kind, identifier).label

    def short(self, kind: Kind, identifier: str | float | None) -> str:
        """Return the short form of the label, for a column of a table or a legend."""
        return self._text(kind, identifier).short

    def series(self, identifier: str) -> str:
        """Return the label of a series or register."""
        return self.label("series", identifier)

    def reference(self, reference: str) -> str:
        """Return ``series/variable`` in words: "year-end population of 'Official registers (NBS)'"."""
        series, _, variable = reference.partition("/")
        return f"{variable_words(variable)} of '{self.series(series)}'"

    def scenario(self, identifier: str) -> str:
        """Return the label of a registration scenario."""
        return self.label("scenarios", identifier)

    def baseline(self, identifier: str, counts: bool = False) -> str:
        """Return the label of a baseline: "mean rate of 1955-57" where none is declared.

        Parameters
        ----------
        counts : whether it is one of numbers of deaths, for a register without people
        """
        label = self.label("baselines", identifier)
        if not counts or identifier in self.declared["baselines"]:
            return label
        return label.replace("rate of ", "deaths of ", 1).replace(" per 1000, constant", " deaths a year", 1)

    def completeness(self, identifier: str | float | None) -> str:
        """Return the label of a completeness option; a number is written as a share of the events."""
        return self.label("completeness", identifier)

    def place(self, identifier: str) -> str:
        """Return the label of a place."""
        return self.label("places", identifier)

    def document(self) -> dict[str, dict[str, dict[str, str]]]:
        """Return the declared labels as they stand in JSON, by kind and identifier."""
        return {
            kind: {name: asdict(text) for name, text in self.declared[kind].items()}
            for kind in KINDS
        }  # fmt: skip

    def _text(self, kind: Kind, identifier: str | float | None) -> Text:
        name = "" if identifier is None else str(identifier)
        if name in self.declared[kind]:
            return self.declared[kind][name]
        made = _MADE.get(kind, readable)(name)
        return Text(made, made)


def of(case: Case) -> Labels:
    """Return the labels of a case: the one place from which people's names of things come."""
    return of_settings(case.settings)


def of_settings(settings: CaseFile) -> Labels:
    """Return the labels that the settings of a case declare."""
    texts = settings.labels
    found: dict[Kind, dict[str, Text]] = {kind: {} for kind in KINDS}
    for name, register in settings.registers.items():
        found["series"][name] = Text(register.title, register.title)
    for kind in ("series", "baselines", "completeness", "transfers"):
        for name, text in getattr(texts, kind).items():
            found[kind][name] = Text(text.label, text.short or text.label)
    if settings.reconstruction is not None:
        for name, scenario in settings.reconstruction.scenarios.items():
            label = scenario.label or readable(name)
            found["scenarios"][name] = Text(label, scenario.short or label)
    for place in settings.places:
        found["places"][place.name] = Text(place.label or place.name, place.short or place.name[:2].upper())
    return Labels(found)


def missing_labels(case: Case) -> list[Problem]:
    """Return a warning for makers where people would read a label made of an identifier.

    Named are the registers, the series drawn beside them, completeness options, transfers and scenarios.
    """
    settings, labels = case.settings, of(case)
    wanted: dict[Kind, Iterable[str]] = {
        "series": [*settings.registers, *settings.rival_series],
        "completeness": [*settings.completeness, *settings.birth_completeness],
        "transfers": settings.transfers,
    }
    found = []
    for kind, names in wanted.items():
        bare = [name for name in dict.fromkeys(names) if name not in labels.declared[kind]]
        if bare:
            made = "; ".join(f"{name} is read as '{labels.label(kind, name)}'" for name in bare[:5])
            more = f"; and {len(bare) - 5} more" if len(bare) > 5 else ""
            message = (
                f"no label is declared for {len(bare)} of the {kind}: {made}{more}. Give them, for example "
                f"{bare[0]}: {{label: '…', short: '…'}}"
            )
            found.append(_warning(f"labels.{kind}", message))
        long = [n for n in labels.declared[kind] if len(labels.short(kind, n)) > LONGEST_SHORT]
        if long:
            message = (
                f"{', '.join(long)}: the label is longer than {LONGEST_SHORT} characters and has no short "
                f"form for tables and charts. Give one, for example {long[0]}: {{label: '…', short: '…'}}"
            )
            found.append(_warning(f"labels.{kind}", message))
    spec = settings.reconstruction
    bare = [name for name, one in spec.scenarios.items() if not one.label] if spec else []
    if bare:
        message = f"no label is declared for {', '.join(bare)}. Give label and short beside completeness"
        found.append(_warning("reconstruction.scenarios", message))
    return found


def _warning(field: str, message: str) -> Problem:
    return Problem("case.yaml", message, field=field, severity="warning", audience="maker")


def readable(identifier: str) -> str:
    """Return a readable label of an identifier: ``nbs_registered`` becomes "NBS registered"."""
    text = re.sub(r"(?<=[A-Za-z])(?=(?:1[5-9]|20)\d\d(?!\d))", " ", identifier)
    words = [_word(word) for word in re.split(r"[_\s]+", text) if word]
    made = " ".join(words)
    return made[:1].upper() + made[1:]


def variable_words(variable: str) -> str:
    """Return a variable of the evidence in words."""
    return _VARIABLES.get(variable, variable.replace("_", " "))


def _word(word: str) -> str:
    if word in ACRONYMS:
        return ACRONYMS[word]
    return word.upper() if word.islower() and not set(word) & VOWELS else word


def _baseline(identifier: str) -> str:
    name = identifier.removesuffix(ADJUSTED)
    kind, _, rest = name.partition(":")
    if kind not in BASELINES:
        return readable(identifier)
    years = " and ".join(rest.replace("-", ",").split(",")) if kind in ("line", "mean2") else rest
    made = BASELINES[kind].format(years)
    return made if name == identifier else f"{made}, infant deaths following births"


def _completeness(identifier: str) -> str:
    if not identifier:
        return "not applied"
    parts = dict(part.partition("=")[::2] for part in identifier.split(","))
    try:
        if set(parts) == {"normal", "crisis"}:
            outside, inside = (100 * float(parts[key]) for key in ("normal", "crisis"))
            return f"{outside:g} % registered in normal years, {inside:g} % in the crisis"
        share = float(identifier)
    except ValueError:
        return readable(identifier)
    return "all registered" if share == 1 else f"{100 * share:g} % registered"


_MADE = {"baselines": _baseline, "completeness": _completeness}
