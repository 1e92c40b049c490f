"""The block ``reconstruction`` of a case file: what a posterior is fitted to, and its priors."""

from typing import Literal

from pydantic import Field, model_validator

from dearth.case.schema_base import Completeness, Name, Prior, Reference, Share, Strict, Years


class StartingAges(Strict):
    """The people at the start: rows by age that shape them, or a stable population of the normal rates."""

    series: Name | None = None
    variable: Name | None = None
    year: int | None = Field(default=None, description="year of the rows")
    date: float | None = Field(
        default=None,
        description="date of the rows, 1950.5 is 1 July 1950; they are carried to the first 1 January of "
        "the years; default: that day itself",
    )
    growth: float | None = Field(
        default=None, ge=-0.05, le=0.05,
        description="in place of rows: yearly growth of a stable population as large as the first stock",
    )  # fmt: skip
    group_sd: float = Field(gt=0, description="sd of the log size of each ten years of age")
    total_sd: float = Field(gt=0, description="sd of the log of their sum")
    source: str

    @model_validator(mode="after")
    def _one_form(self) -> "StartingAges":
        held = sum(part is not None for part in (self.series, self.variable, self.year))
        if held != (3 if self.growth is None else 0):
            raise ValueError("give either series, variable and year, or growth in their place")
        return self


class Siler(Strict):
    """Death rates by age: infant exp(-decline x) + background + old exp(slope x), per person-year."""

    infant: float = Field(gt=0, lt=3)
    decline: float = Field(gt=0, lt=10)
    background: float = Field(gt=0, lt=1)
    old: float = Field(gt=0, lt=0.1)
    slope: float = Field(gt=0, lt=0.5)
    source: str


class Schedule(Strict):
    """A pattern by age: rows of evidence, or for death rates a Siler curve, for births a mean age."""

    series: Name | None = None
    variable: Name | None = None
    year: int | None = None
    siler: Siler | None = Field(default=None, description="death rates without rows")
    mean_age: float | None = Field(
        default=None, ge=20, le=40, description="births without rows: a beta curve over ages 15-49"
    )
    age_sd: float = Field(default=6.8, ge=3, le=9, description="with mean_age: its sd in years; assumed")

    @model_validator(mode="after")
    def _one_form(self) -> "Schedule":
        rows = all(part is not None for part in (self.series, self.variable, self.year))
        if rows + (self.siler is not None) + (self.mean_age is not None) != 1:
            raise ValueError("give one of: series with variable and year; siler; mean_age")
        return self


class DeathsByAge(Strict):
    """Registered deaths by sex and age, of as many years as are available."""

    series: Name
    variable: Name


class LeftOut(Strict):
    """Persons of one sex and some ages that a count leaves out."""

    sex: Literal["female", "male"]
    ages_from: int = Field(ge=0, description="youngest age left out")
    ages_to: int = Field(gt=0, description="the first age above them")
    why: str = Field(min_length=1, description="who they are")


class Census(Strict):
    """Counts by sex and age on one day, or broad shares, with what they may leave out."""

    series: Name
    variable: Name
    date: float = Field(description="1964.5 is 1 July 1964")
    ages_from: int = Field(default=0, ge=0, description="youngest age compared")
    ages_to: int = Field(default=120, description="ages below this one are compared")
    width: int | None = Field(
        default=None,
        ge=1,
        le=20,
        description="ages are added up to groups this wide; else as they are",
    )
    count: Name | None = Field(
        default=None, description="entries of one count of people share its coverage; default: one each"
    )
    coverage: Prior | None = Field(
        default=None, description="persons counted over persons of the model's universe; shares have none"
    )
    relative: Prior | None = Field(
        default=None, description="coverage of this entry over that of its count; default 1 exactly"
    )
    group_sd: float = Field(gt=0, description="sd of the log error of a group (of a share: absolute)")
    sexes_together: bool = Field(
        default=False, description="women and men are added up: ages misstated alike then count once"
    )
    left_out: tuple[LeftOut, ...] = Field(
        default=(), description="persons that the census does not include, soldiers for example; not compared"
    )
    evidence_source: Literal["intercensal_closure", "cohort_survival", "later_mortality", "children_counted"]
    source: str
    note: str = ""


class RegistrationScenario(Strict):
    """An assumption about the completeness of death registration."""

    label: str = Field(default="", description="the name readers see; default: the identifier in words")
    short: str = Field(default="", description="a short name for charts and tables")
    completeness: Name | Completeness = Field(
        description="share of deaths registered, with priors: an entry of completeness, or its fields here"
    )
    encompassing: bool = Field(
        default=False,
        description="wide enough to hold the others: the evidence for each of them is measured inside it",
    )
    late_registration: Prior | None = Field(
        default=None,
        description="share of the unregistered deaths of late_from that the office registers in late_in",
    )
    removals_registered_as_deaths: Prior | None = Field(
        default=None,
        description="share of the entries removed from the population register that count as deaths",
    )
    note: str = ""


class Migration(Strict):
    """How people may have come and gone over the border."""

    kind: Literal["closed", "known", "unknown"] = Field(
        default="unknown",
        description="closed: nobody moved; known: net migration stands in a series; unknown: an unknown of "
        "every year, with one of its own for the crisis",
    )
    series: Reference | None = Field(
        default=None, description="with known: net migrants a year, persons, inward positive"
    )
    error_sd: float = Field(
        default=0.001, gt=0,
        description="with known: sd of the error of a year, migrants over people; assumed",
    )  # fmt: skip
    source: str = "assumed"
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> "Migration":
        if (self.kind == "known") != (self.series is not None):
            raise ValueError("known migration needs a series, and only known migration has one")
        return self


class PlacesModel(Strict):
    """Reconstruction of the parts, each with the whole's posterior as its prior, widened."""

    register_name: Name = Field(alias="register", description="a register by place; rates are compared")
    years: Years
    between_sd: float = Field(
        gt=0, description="how far a place may lie from the whole, in standard deviations of the prior"
    )
    migration_sd: float = Field(
        default=0.01, gt=0, description="sd of net migrants a year over people of a place; assumed"
    )
    source: str
    note: str = ""


class Placebo(Strict):
    """Whether registered deaths of the places rose with inward migration, as removed double entries would."""

    register_name: Name = Field(alias="register", description="a register available by place")
    urban: Reference = Field(description="urban people by place, year-end")
    moved: tuple[int, int] = Field(description="[first, last] year between which townspeople grew")
    before: Years = Field(description="years of normal registered death rates")
    after: Years = Field(description="years in which the office removed entries")
    confounding_sd: float = Field(
        gt=0, description="sd, deaths per 1000: what else may tie deaths to the growth of towns"
    )
    source: str


class Reconstruction(Strict):
    """What the Bayesian cohort-component reconstruction of the whole place is given."""

    register_name: Name = Field(alias="register")
    years: Years
    start: StartingAges
    mortality: Schedule
    fertility: Schedule
    deaths_by_age: DeathsByAge | None = None
    stocks_sd: float = Field(
        default=0.002, gt=0, description="sd of the log of stocks about their error; assumed"
    )
    stocks_source: str = Field(default="assumed", description="source of stocks_sd")
    false_and_missing_entries: float = Field(
        default=0.004, gt=0, le=0.05,
        description="share of the people; how far the population register holds false entries and misses "
        "people at once: with as many entries as people, 0.69 of this share are false; assumed",
    )  # fmt: skip
    total_fertility_sd: float = Field(default=0.05, gt=0, description="sd of the log survey TFR")
    total_fertility_source: str = Field(default="assumed", description="source of total_fertility_sd")
    social_decline: Years | None = Field(default=None, description="years of fewer births apart from hunger")
    late_from: Years | None = Field(
        default=None, description="years whose unregistered deaths may be registered late"
    )
    late_in: Years | None = Field(
        default=None, description="years in which the office registers them, evenly; default: the window"
    )
    censuses: tuple[Census, ...] = ()
    birth_completeness: Prior | Share
    migration: Migration = Field(default_factory=Migration)
    scenarios: dict[Name, RegistrationScenario] = Field(min_length=1)
    subpopulations: PlacesModel | None = Field(
        default=None, description="the places, where a register is available by place"
    )
    placebo: Placebo | None = None
    priors: dict[Name, Prior] = Field(default_factory=dict, description="see docs: priors by name, normal")
