"""The block ``indirect_questions`` of ``case.yaml``: answers about relatives and households."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from dearth.case.schema_records import RecordFile

Kind = Literal["children", "mothers", "fathers", "brothers", "sisters", "household_deaths"]
PARENTS = ("mothers", "fathers")


class IndirectQuestions(RecordFile):
    """A file of answers to one question of a census or survey, by age of the people asked (or who died)."""

    kind: Kind = Field(
        description="what was asked: children ever born and dead, parents or siblings alive, …"
    )
    day: date = Field(description="day of the census or survey")
    family: Literal["east", "north", "south", "west"] = Field(
        default="west", description="Coale-Demeny family, for children"
    )
    mean_age: float | None = Field(
        default=None, gt=15, lt=60,
        description="mean age of mothers (fathers) at the birth of their children, for parents",
    )  # fmt: skip
    years: float = Field(default=1.0, gt=0, description="years asked about, for household_deaths")
    standard: dict[int, float] | None = Field(
        default=None,
        description="survivors by age of a standard life table (radix 1), for the probability of dying "
        "between 15 and 60",
    )

    @model_validator(mode="after")
    def _enough(self) -> "IndirectQuestions":
        if self.kind in PARENTS and self.mean_age is None:
            raise ValueError(f"{self.kind} need mean_age, the mean age at the birth of their children")
        if self.kind not in PARENTS and self.mean_age is not None:
            raise ValueError(f"mean_age goes with mothers and fathers, not with {self.kind}")
        for age, alive in (self.standard or {}).items():
            if not 0 < alive < 1:
                raise ValueError(f"standard: survivors to {age} lie between 0 and 1; given {alive:g}")
        return self
