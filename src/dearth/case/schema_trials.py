"""The ``trials:`` block of a case: how published estimates were made, to try where the truth is known."""

from typing import Literal

from pydantic import Field, model_validator

from dearth.case.schema_base import Name, Share, Strict, Years


class FalseEntries(Strict):
    """Entries of the population register that never were persons, read from a surplus of the accounts."""

    entered: Years = Field(description="years whose surplus of the accounts is taken for false entries")
    removed: Years = Field(description="years in which the office removes them, evenly")
    registered_as_deaths: Share = Field(description="share of the removals registered as deaths")
    source: str = Field(description="a source_id, a work of the bibliography, or assumed")


class Recipe(Strict):
    """The steps of a published estimate, from an office's records to excess deaths."""

    name: str = Field(min_length=1, description="the name readers see")
    what: str = Field(min_length=1, description="the steps in one sentence")
    who: str = Field(min_length=1, description="the authors, as readers see them")
    published: Name = Field(description="key of the estimate in published.csv")
    method: Literal["rate", "balance", "populations_rebuilt"] = Field(
        default="rate",
        description="rate: deaths over normal deaths; balance: births less the change of stocks, over normal "
        "deaths; populations_rebuilt: the balance between the two counts, carried to the window by "
        "registered natural increase",
    )
    births: Literal["registered", "surveyed"] = Field(
        default="registered", description="births of the balance; surveyed ones have no error"
    )
    baseline: str = Field(description="the normal rate, as in baselines: mean:1955-1957")
    baseline_of: Literal["rate", "number"] = Field(
        default="rate", description="number: the baseline is of numbers of deaths, not of rates"
    )
    window: Years = Field(description="years of the estimate, without gaps")
    window_kind: Literal["calendar", "july_june"] = "calendar"
    completeness: Literal["as_registered", "same_share", "rising_share"] = Field(
        default="as_registered",
        description="same_share, rising_share: the share of deaths registered, the same in each year or "
        "rising evenly, at which deaths between the two counts agree with the counts and surveyed births",
    )
    first_share: float | None = Field(
        default=None, gt=0, le=1,
        description="with rising_share: the share registered in the year of the first count",
    )  # fmt: skip
    deaths_times: float = Field(
        default=1.0, gt=0, le=10, description="registered deaths are multiplied by it"
    )
    result_times: float = Field(default=1.0, gt=0, le=10, description="the excess is multiplied by it")
    false_entries: FalseEntries | None = None
    source: str = Field(description="a source_id, a work of the bibliography, or assumed")
    note: str = Field(default="", description="how far the recipe follows the original")

    @model_validator(mode="after")
    def _together(self) -> "Recipe":
        if (self.completeness == "rising_share") != (self.first_share is not None):
            raise ValueError("give both or neither: completeness: rising_share and first_share")
        plain = self.completeness == "as_registered" and self.deaths_times == 1
        if self.method == "populations_rebuilt" and not plain:
            raise ValueError("populations_rebuilt takes registered deaths as they are: no completeness, no "
                             "deaths_times")  # fmt: skip
        if self.baseline_of == "number" and self.method != "rate":
            raise ValueError("baseline_of: number needs method: rate")
        if self.deaths_times != 1 and self.completeness != "as_registered":
            raise ValueError("give completeness or deaths_times, not both")
        return self


class Soldiers(Strict):
    """Ages of the men in service, whom a census of civilians leaves out."""

    ages_from: int = Field(ge=15, description="youngest age in service")
    ages_to: int = Field(le=60, description="the first age above them")
    source: str = Field(description="a source_id, a work of the bibliography, or assumed")

    @model_validator(mode="after")
    def _ordered(self) -> "Soldiers":
        if self.ages_from >= self.ages_to:
            raise ValueError(f"ages_to ({self.ages_to}) is not above ages_from ({self.ages_from})")
        return self


class Trials(Strict):
    """What trials need to know of the case: its soldiers, and the steps of its published estimates."""

    soldiers: Soldiers | None = Field(
        default=None, description="men in service, whom the censuses of a trial leave out; without it 18-34"
    )
    counts: tuple[int, int] | None = Field(
        default=None,
        description="years on whose 1 January people are counted for the recipes, the first and the second",
    )
    recipes: tuple[Recipe, ...] = Field(default=(), description="published estimates that can be carried out")
    not_carried_out: dict[str, str] = Field(
        default_factory=dict, description="published estimates that cannot, and why, by their authors"
    )

    @model_validator(mode="after")
    def _consistent(self) -> "Trials":
        if self.counts is None and self.recipes:
            raise ValueError("recipes need counts: the years of the two censuses")
        if self.counts is not None and self.counts[0] >= self.counts[1]:
            raise ValueError(f"counts: {self.counts[1]} is not after {self.counts[0]}")
        names = [recipe.name for recipe in self.recipes]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"recipes: the name '{double[0]}' is given twice")
        return self
