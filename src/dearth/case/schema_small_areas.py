"""The block ``small_areas`` of ``case.yaml``: surveys, predictors and denominators by district and month."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from dearth.case.periods import parse_period
from dearth.case.schema_base import Name, Strict
from dearth.case.schema_records import RecordFile, RecordPath


def _period(text: str) -> str:
    parse_period(text)
    return text


class NormalRates(Strict):
    """What would have been normal in each district: its own rates of other months, or one rate."""

    title: str = Field(min_length=1, max_length=200, description="where it comes from, as readers see it")
    months: Annotated[str, AfterValidator(_period)] | None = Field(
        default=None,
        description="first and last day of normal months: each district has its modelled rate of the "
        "same calendar months, such as 2014-01-01/2015-12-31",
    )
    rate_per_10000_day: float | None = Field(
        default=None, ge=0, description="one rate for all districts, deaths per 10,000 people a day"
    )
    low: float | None = Field(default=None, ge=0, description="lower end of its 95 % interval")
    high: float | None = Field(default=None, ge=0, description="upper end of its 95 % interval")
    source: str = Field(default="assumed", description="a source_id, a work of the bibliography, or assumed")
    groups: Literal["own", "others"] = Field(
        default="own",
        description="with months: whether groups with people of their own would have had their own rate of "
        "those months, or that of the others, as people who would not have been displaced",
    )

    @model_validator(mode="after")
    def _one(self) -> "NormalRates":
        rate = self.rate_per_10000_day
        if (self.months is None) == (rate is None):
            raise ValueError("give either months or rate_per_10000_day")
        if (self.low is None) != (self.high is None) or (self.low is not None and rate is None):
            raise ValueError("low and high go together, and with rate_per_10000_day")
        if rate is not None and self.low is not None and not self.low <= rate <= (self.high or 0):
            raise ValueError(f"the rate {rate} must lie between low and high")
        return self


class SmallAreas(RecordFile):
    """Surveys of districts (`file`), with what predicts their death rates and how many people they have."""

    population: RecordPath = Field(description="file of people by district: rival estimates side by side")
    predictors: tuple[RecordPath, ...] = Field(
        default=(), description="files of predictors by district and month; also HDX and FEWS NET phases"
    )
    displacement: RecordPath | None = Field(
        default=None, description="file of arrivals and departures by district and month"
    )
    use: dict[str, Annotated[int, Field(ge=0, le=24)]] = Field(
        default_factory=dict,
        description="predictors that enter, each with the months before that are averaged with a month; "
        "default: all, with none before",
    )
    normal: dict[Name, NormalRates] = Field(
        default_factory=dict, description="what would have been normal; each gives excess deaths of its own"
    )
    next_surveys: int = Field(default=10, ge=0, le=100, description="districts to name for the next surveys")

    def files(self) -> dict[str, str]:
        """Return the files by the field that names each."""
        found = {"file": self.file, "population": self.population}
        found |= {f"predictors.{at}": name for at, name in enumerate(self.predictors)}
        return found if self.displacement is None else {**found, "displacement": self.displacement}
