"""The ``surveys:`` block of a case: mortality surveys, a table of persons each."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from dearth.case.schema_base import Name, Prior, Strict
from dearth.case.schema_records import RecordFile
from dearth.case.schema_survey_baselines import SurveyBaseline
from dearth.case.schema_survey_losses import SurveyLosses, share_prior


class PostStrata(Strict):
    """Groups of the population whose sizes are known: weights are scaled to them."""

    by: Literal["sex", "district", "stratum"] = Field(description="the column that says the group")
    totals: dict[str, float] = Field(
        min_length=2, description="persons of the population in each group; for sex 1 male and 2 female"
    )
    source: str = Field(min_length=1, description="a source_id, a work of the bibliography, or assumed")

    @model_validator(mode="after")
    def _counts(self) -> "PostStrata":
        wrong = [name for name, count in self.totals.items() if not count > 0]
        if wrong:
            raise ValueError(f"totals: the group '{wrong[0]}' needs a number of persons above 0")
        return self


class SurveyFile(RecordFile):
    """A mortality survey: a table of persons, and what turns its rate into deaths."""

    recall_start: date | None = Field(
        default=None, description="first day of recall: day 0 of the file; none where only days are known"
    )
    causes: dict[str, str] = Field(
        default_factory=dict, description="what the codes of died_cause mean, as readers see them"
    )
    population: float | None = Field(
        default=None, gt=0, description="people that the survey stands for, for excess deaths"
    )
    population_source: str = Field(default="", description="a source_id, a work, or assumed")
    days: int | None = Field(
        default=None, gt=0, description="days for which excess deaths are counted; default: mean recall"
    )
    baselines: dict[Name, SurveyBaseline] = Field(
        default_factory=dict, description="normal death rates; each gives excess deaths of its own"
    )
    post_strata: PostStrata | None = None
    expected_under_five: float = Field(
        default=0.2, gt=0, lt=1,
        description="share of children under five that the plausibility check expects (assumed: 0.2)",
    )  # fmt: skip
    dissolved_households: Prior | None = Field(
        default=None,
        description="prior of the share of all deaths whose household dissolved, so that nobody reports "
        "them; the model-based rate is then given with them too",
    )
    losses: SurveyLosses | None = Field(
        default=None, description="what else the survey loses; the model-based rate is then given with it too"
    )
    left_out: int = Field(default=0, ge=0, description="rows that contradict themselves and were left out")

    def files(self) -> dict[str, str]:
        """Return the files by the field that names each."""
        looked_up = {
            f"baselines.{name}.wpp.file": one.wpp.file for name, one in self.baselines.items() if one.wpp
        }
        return {"file": self.file, **looked_up}

    @model_validator(mode="after")
    def _a_share(self) -> "SurveyFile":
        share_prior(self.dissolved_households, "dissolved_households")
        return self

    @model_validator(mode="after")
    def _with_people(self) -> "SurveyFile":
        if self.baselines and self.population is None:
            raise ValueError("baselines need population, the people that the survey stands for")
        if self.population is not None and not self.population_source:
            raise ValueError("population needs population_source: a source_id, a work, or assumed")
        return self
