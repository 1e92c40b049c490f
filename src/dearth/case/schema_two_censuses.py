"""The block ``two_censuses`` of ``case.yaml``: two censuses by age with the deaths between them."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from dearth.case.schema_base import Strict
from dearth.case.schema_records import RecordFile

AgeSpan = tuple[int, int]


class CensusAges(Strict):
    """First and last age (multiples of 5) to which each method is fitted."""

    growth_balance: AgeSpan = (5, 80)
    extinct_generations: AgeSpan = (25, 60)

    @model_validator(mode="after")
    def _spans(self) -> "CensusAges":
        for name in ("growth_balance", "extinct_generations"):
            first, last = getattr(self, name)
            if first % 5 or last % 5 or first < 5 or last - first < 10:
                raise ValueError(
                    f"{name}: [{first}, {last}] is no range of ages; write two multiples of 5 from 5 on, at "
                    "least 10 years apart, for example [5, 80]"
                )
        return self


class TwoCensuses(RecordFile):
    """A file of two censuses by age and sex, with deaths and, where known, net migrants between them."""

    dates: tuple[date, date] | None = Field(
        default=None, description="days of the two censuses, where the file has no columns date1 and date2"
    )
    deaths_cover: Literal["interval", "year"] = Field(
        default="interval",
        description="interval: deaths and migrants are those of the whole time between the censuses; year: "
        "those of a mean year",
    )
    family: Literal["east", "north", "south", "west"] = Field(
        default="west", description="Coale-Demeny model life tables for the open age group"
    )
    ages: CensusAges = Field(default_factory=CensusAges, description="ages fitted by each method")

    @model_validator(mode="after")
    def _in_order(self) -> "TwoCensuses":
        if self.dates and not self.dates[0] < self.dates[1]:
            raise ValueError(f"dates: {self.dates[0]} must come before {self.dates[1]}")
        return self
