"""The places of a posterior, their sum, and what is left of the whole. Persons unless said otherwise."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from dearth.numerics.interval import Interval
from dearth.reconstruction.posterior_tables import Diagnostics


@dataclass(frozen=True)
class Growth:
    """Growth of a place's people, per cent: predicted, and by stocks that are held out of the fit."""

    first: Annotated[int | None, Field(alias="from")] = None
    last: Annotated[int | None, Field(alias="to")] = None
    predicted_percent: Interval | None = None
    registered_percent: float | None = None


@dataclass(frozen=True)
class HeldOutRate:
    """A registered death rate that no fit used, per 1000, and what the posterior predicts of it."""

    year: int
    predicted: Interval
    registered: float


@dataclass(frozen=True)
class PlacePosterior:
    """The posterior of one place.

    Attributes
    ----------
    basis : which records of it are used
    refused : why it is not printed
    excess_per_1000 : excess deaths of the window per 1000 people
    by_year : excess deaths by crisis year
    held_out_rates : registered death rates of later years, predicted
    """

    place: str
    basis: str
    diagnostics: Diagnostics
    refused: list[str]
    excess_deaths: Interval | None = None
    excess_per_1000: Interval | None = None
    by_year: dict[str, Interval] | None = None
    growth: Growth | None = None
    held_out_rates: list[HeldOutRate] = field(default_factory=list)


@dataclass(frozen=True)
class PlacesSum:
    """The sum of the places that are printed.

    Attributes
    ----------
    places : how many
    rest : the whole less the sum, draw by draw
    left_out : places without a figure, and why
    """

    places: int
    excess_deaths: Interval | None
    rest: Interval | None
    left_out: dict[str, str] = field(default_factory=dict)
    note: str = ""
