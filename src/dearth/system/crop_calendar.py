"""The crop calendar of a scenario: its harvests, and what falls into which month of the year."""

from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, model_validator

from dearth.case.schema import Share, Strict

MONTHS = 12
CLOSE = 1e-6  # shares add up to 1 within it


def whole(shares: tuple[float, ...]) -> tuple[float, ...]:
    """Return shares that add up to 1.

    Raises
    ------
    ValueError
        Where they do not; says what they add up to.
    """
    if abs(sum(shares) - 1) > CLOSE:
        raise ValueError(f"the shares add up to {sum(shares):g}; they must add up to 1")
    return shares


Monthly = Annotated[tuple[Share, ...], Field(min_length=MONTHS, max_length=MONTHS)]
Whole = Annotated[tuple[Share, ...], AfterValidator(whole)]
MonthlyWhole = Annotated[Monthly, AfterValidator(whole)]
EVEN = (1 / MONTHS,) * MONTHS


class Harvest(Strict):
    """A harvest of the year."""

    month: int = Field(ge=1, le=MONTHS, description="month at whose end the harvest is in, 1 to 12")
    share: Share = Field(description="of a normal year's grain, where a place does not say otherwise")


class Part(NamedTuple):
    """Months of a year up to the next harvest, or to the end of the year.

    Attributes
    ----------
    first, end : months from 0, the end not included
    events : what is done at the end of the last month: ("harvest", its number from 0) or ("year", -1)
    """

    first: int
    end: int
    events: tuple[tuple[str, int], ...]


class CropCalendar(Strict):
    """Harvests of a year and the months in which quotas fall due, grain is sold back and works are dug."""

    harvests: tuple[Harvest, ...] = Field(min_length=1, description="by month, the first of the year first")
    quota_due: MonthlyWhole = Field(
        default=EVEN, description="share of a grain year's quota that falls due, January to December"
    )
    resale: MonthlyWhole = Field(
        default=EVEN, description="share of a year's resale that is sold, January to December"
    )
    works: Monthly = Field(
        default=(1.0,) * MONTHS,
        description="labour on land works over that of a full month, January to December",
    )
    source: str = "assumed"

    @model_validator(mode="after")
    def _rising(self) -> "CropCalendar":
        months = [h.month for h in self.harvests]
        if months != sorted(set(months)):
            raise ValueError(f"the months of the harvests ({months}) must rise, and no two may be the same")
        whole(self.shares)
        return self

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of a normal year's grain that each harvest brings [harvest]."""
        return tuple(h.share for h in self.harvests)

    @property
    def many(self) -> int:
        """How many harvests a year has."""
        return len(self.harvests)

    @property
    def last(self) -> int:
        """The number of the year's last harvest, from 0."""
        return self.many - 1

    @property
    def lengths(self) -> tuple[float, ...]:
        """Months of work that go into each harvest [harvest]: those since the harvest before."""
        ends = [self.harvests[-1].month - MONTHS, *(h.month for h in self.harvests)]
        return tuple(float(after - before) for before, after in pairwise(ends))

    @property
    def left(self) -> tuple[int, ...]:
        """Months until the next harvest is in, the month itself counted [month of the year]."""
        ends = [h.month for h in self.harvests] + [self.harvests[0].month + MONTHS]
        return tuple(next(end for end in ends if end > month) - month for month in range(MONTHS))

    @property
    def coming(self) -> tuple[int, ...]:
        """The number, from 0, of the next harvest to come in [month of the year]."""
        ends = [h.month for h in self.harvests]
        return tuple(next((n for n, end in enumerate(ends) if end > month), 0) for month in range(MONTHS))

    @property
    def outstanding(self) -> tuple[float, ...]:
        """Share of the quota that falls due after a month and up to the next harvest [month of the year]."""
        return tuple(
            sum(self.quota_due[(month + later) % MONTHS] for later in range(1, left))
            for month, left in enumerate(self.left)
        )

    @property
    def grain_year_start(self) -> int:
        """The month, from 0, in which a grain year begins: the one after the year's first harvest."""
        return self.harvests[0].month % MONTHS

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of a year; the turn of the year ends the last one."""
        found: list[Part] = []
        first = 0
        for number, harvest in enumerate(self.harvests):
            found.append(Part(first, harvest.month, (("harvest", number),)))
            first = harvest.month
        if first == MONTHS:
            last = found.pop()
            return (*found, last._replace(events=(*last.events, ("year", -1))))
        return (*found, Part(first, MONTHS, (("year", -1),)))
