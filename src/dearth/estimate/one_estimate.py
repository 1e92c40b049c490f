"""One estimate of excess deaths and births lost: its choices, its draws and their intervals."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dearth.case.evidence import Floats
from dearth.estimate.choices import Choice
from dearth.numerics.interval import Interval, interval


@dataclass(frozen=True)
class BirthDeficit:
    """Births below the normal number, persons; None where a figure cannot be computed."""

    gross: Interval | None
    recovered: Interval | None
    net: Interval | None


@dataclass(frozen=True)
class BirthDeficitDraws:
    """Draws (D,) of births below the normal number, persons; None where they cannot be computed.

    Attributes
    ----------
    gross : in the years set for the deficit
    recovered : births above the normal number in the years set for their recovery
    net : gross less recovered
    """

    gross: Floats | None = None
    recovered: Floats | None = None
    net: Floats | None = None

    @cached_property
    def figures(self) -> BirthDeficit:
        """The medians with their intervals."""
        gross, recovered, net = (
            None if draws is None else interval(draws) for draws in (self.gross, self.recovered, self.net)
        )
        return BirthDeficit(gross, recovered, net)


@dataclass(frozen=True)
class Estimate:
    """Excess deaths and births lost under one set of choices.

    Attributes
    ----------
    mixed : why its parts have two bases, or an empty text
    total, expected : excess deaths and normal deaths of the window: draws (D,), persons
    years : excess deaths of each year of the window
    births : gross, recovered and net birth deficit
    full : excess over the deaths of a population without the crisis
    unrecomputed : excess after a transfer, on the normal rate before it
    normal_rate : per 1000 people; None for deaths without a population
    counts : whether the register has no population
    split : how the window divides years, in words
    """

    choice: Choice
    mixed: str
    total: Floats
    expected: Floats
    years: dict[str, Interval]
    births: BirthDeficitDraws
    full: Interval | None
    unrecomputed: Interval | None
    normal_rate: float | None
    counts: bool
    split: list[str]

    @property
    def label(self) -> str:
        """Everything assumed, in one line of identifiers, for tables and JSON."""
        return f"{self.choice.label}; MIXED BASIS: {self.mixed}" if self.mixed else self.choice.label

    @property
    def in_range(self) -> bool:
        """Whether the estimate counts for lowest and highest figures: no part of it has another basis."""
        return not self.mixed

    @property
    def extrapolated(self) -> bool:
        """Whether the normal rate is a trend beyond its years; its error is then in no interval."""
        return self.choice.baseline.extrapolated(self.choice.window.years)

    @cached_property
    def excess_deaths(self) -> Interval:
        """Excess deaths of the window, persons."""
        return interval(self.total)

    @cached_property
    def expected_deaths(self) -> Interval:
        """Deaths that would have been normal in the window, persons."""
        return interval(self.expected)

    @property
    def p_score(self) -> Floats:
        """Excess deaths over the expected deaths of the same period, (D,)."""
        return np.asarray(self.total / self.expected)
