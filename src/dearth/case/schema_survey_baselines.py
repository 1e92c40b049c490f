"""The normal death rates of a survey in ``case.yaml``: given as a figure, or where to look it up."""

from datetime import date

from pydantic import Field, field_validator, model_validator

from dearth.case.schema_base import Strict
from dearth.case.schema_records import RecordPath
from dearth.case.years import parse_years

SPREAD = 0.1  # relative sd of a death rate of World Population Prospects (assumed)


class WppRate(Strict):
    """A mean crude death rate of World Population Prospects."""

    file: RecordPath = Field(
        description="CSV file of demographic indicators (WPP2022 or later), in the case folder"
    )
    location: str = Field(min_length=1, description="the place as the file has it")
    years: str = Field(description="years before the crisis whose mean is taken, such as 2010-2016")
    spread: float = Field(
        default=SPREAD, ge=0, lt=1,
        description="sd of the rate as a share of it, beside the differences between the years (assumed)",
    )  # fmt: skip

    @field_validator("years")
    @classmethod
    def _years(cls, text: str) -> str:
        parse_years(text)
        return text


class SurveyBaseline(Strict):
    """A death rate that would have been normal: a figure, or one of the places where it can be looked up."""

    title: str = Field(min_length=1, max_length=200, description="where it comes from, as readers see it")
    rate_per_10000_day: float | None = Field(default=None, ge=0, description="deaths per 10,000 people a day")
    low: float | None = Field(default=None, ge=0, description="lower end of its 95 % interval")
    high: float | None = Field(default=None, ge=0, description="upper end of its 95 % interval")
    wpp: WppRate | None = Field(
        default=None, description="the mean rate of a file of World Population Prospects"
    )
    neighbours: tuple[str, ...] | None = Field(
        default=None, min_length=1,
        description="districts or strata of this survey outside of the crisis, such as district:north",
    )  # fmt: skip
    before: date | None = Field(
        default=None,
        description="the recall up to this day; the rate of the days after it is compared with it",
    )
    source: str = Field(
        default="", description="a source_id, a work of the bibliography, or assumed; of a figure or of WPP"
    )
    note: str = ""

    @property
    def of_survey(self) -> bool:
        """Whether the rate is taken from the survey itself."""
        return self.neighbours is not None or self.before is not None

    @field_validator("neighbours")
    @classmethod
    def _areas(cls, groups: tuple[str, ...] | None) -> tuple[str, ...] | None:
        wrong = [one for one in groups or () if not one.startswith(("district:", "stratum:"))]
        if wrong:
            raise ValueError(f"neighbours: '{wrong[0]}' is no area; write district:NAME or stratum:NAME")
        return groups

    @model_validator(mode="after")
    def _one(self) -> "SurveyBaseline":
        kinds = ("rate_per_10000_day", "wpp", "neighbours", "before")
        given = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"give one of {', '.join(kinds)}; given: {', '.join(given) or 'none'}")
        if not self.of_survey and not self.source:
            raise ValueError("source is needed: a source_id, a work of the bibliography, or assumed")
        return self

    @model_validator(mode="after")
    def _ordered(self) -> "SurveyBaseline":
        if (self.low is None) != (self.high is None):
            raise ValueError("give both low and high, or neither (the baseline is then taken as exact)")
        rate = self.rate_per_10000_day
        if self.low is None or self.high is None:
            return self
        if rate is None:
            raise ValueError("low and high go with rate_per_10000_day")
        if not self.low <= rate <= self.high:
            raise ValueError(f"the rate {rate} must lie between low and high")
        return self
