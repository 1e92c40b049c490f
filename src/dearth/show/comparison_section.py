"""The section "Other famines on the same scale" of the report."""

from dataclasses import dataclass

from dearth.compare.results import Comparison, Definition
from dearth.numerics.interval import Interval
from dearth.show.comparison_words import measured
from dearth.show.language import said
from dearth.show.said import Listed, Name


@dataclass(frozen=True)
class MeasureLine:
    """A measure with its values in each case: each a number and what it rests on, or why there is none."""

    measure: Definition
    cells: tuple[tuple[tuple[tuple[str, str], ...], str], ...]


def measure_lines(made: Comparison) -> list[MeasureLine]:
    """Return one line for each measure that any case has."""
    return [
        MeasureLine(one, tuple((tuple(measured(c, one)), c.missing.get(one.key, "")) for c in made.cases))
        for one in made.definitions
        if any(one.key in case.measures for case in made.cases)
    ]


def comparison_finding(made: Comparison) -> str:
    """Return where the case stands among the others by excess deaths per 1000 people: the section's title."""
    own, *others = made.cases
    mine = own.measures.get("excess_per_1000", ())
    if not mine:
        return said("finding.famines_none", place=Name(own.place))
    rates = {c.place: _middle([v.value for v in c.measures["excess_per_1000"]])
             for c in others if "excess_per_1000" in c.measures}  # fmt: skip
    here = _middle([v.value for v in mine])
    ordered = sorted(rates.items(), key=lambda pair: -pair[1])
    return said("finding.famines", here=f"{here:.0f}", place=Name(own.place),
                others=Listed(tuple((Name(place), f"{rate:.0f}") for place, rate in ordered)))  # fmt: skip


def _middle(values: list[Interval]) -> float:
    """Return the first value: of the reconstruction where there is one, else of the default register."""
    return values[0].median
