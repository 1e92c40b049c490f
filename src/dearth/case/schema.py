"""The fields of ``case.yaml``: what a user may say of a place and a period.

Every field is declared here once; the JSON Schema that editors use is exported from it.
References to evidence are written ``series/variable``, years ``1958-1961``.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dearth.case.years import parse_years


class Strict(BaseModel):
    """A part of the case file: unknown fields are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _years(text: object) -> object:
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise ValueError("years are written 1957, 1955-1957 or 1954-1957,1962")
    parse_years(text)
    return str(text)


def _reference(text: str) -> str:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", text):
        raise ValueError(f"'{text}' is not a reference; write series/variable")
    return text


Years = Annotated[str, BeforeValidator(_years, json_schema_input_type=str | int)]
Reference = Annotated[str, AfterValidator(_reference)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*$", max_length=80)]
Share = Annotated[float, Field(ge=0, le=1)]


class Place(Strict):
    """A part of the case's area, and where its tile lies on the tile-grid map."""

    name: str = Field(min_length=1, max_length=80)
    label: str = Field(default="", description="short label for the tile")
    kind: Literal["place", "remainder"] = Field(
        default="place", description="remainder = the whole less the sum of the places"
    )
    tile: tuple[int, int] | None = Field(default=None, description="[row, column] on the map")


class Prior(Strict):
    """A distribution with its source; shape parameters as in the field's textbooks."""

    dist: Literal["beta", "uniform", "normal", "triangular"]
    a: float | None = Field(default=None, gt=0, description="beta")
    b: float | None = Field(default=None, gt=0, description="beta")
    low: float | None = Field(default=None, description="uniform, triangular; cut of a normal")
    high: float | None = Field(default=None, description="uniform, triangular; cut of a normal")
    mode: float | None = Field(default=None, description="triangular")
    mean: float | None = Field(default=None, description="normal")
    sd: float | None = Field(default=None, gt=0, description="normal")
    source: str = Field(description="a source_id of sources.csv, or the word assumed")
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> "Prior":
        needed = {
            "beta": ("a", "b"),
            "uniform": ("low", "high"),
            "normal": ("mean", "sd"),
            "triangular": ("low", "mode", "high"),
        }[self.dist]
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a {self.dist} prior needs {', '.join(needed)}; missing: {missing[0]}")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low ({self.low}) must be below high ({self.high})")
        if self.dist == "triangular" and not self.low <= self.mode <= self.high:  # type: ignore[operator]
            raise ValueError(f"mode ({self.mode}) must lie between low and high")
        return self


class Completeness(Strict):
    """Share of deaths (or births) that a register holds, outside and inside the crisis."""

    normal: Share | Prior | None = Field(default=None, description="outside the crisis window")
    crisis: Share | Prior | None = Field(default=None, description="inside; default as normal")
    series: Reference | None = Field(
        default=None, description="a yearly series of under-registration in percent"
    )
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _one_form(self) -> "Completeness":
        if (self.normal is None) == (self.series is None):
            raise ValueError("give either normal (with crisis if it differs) or series")
        if self.crisis is not None and self.normal is None:
            raise ValueError("crisis needs normal beside it")
        return self


class Register(Strict):
    """A set of series that belong together: a stock of people with its deaths and births."""

    title: str
    kind: Literal["registered", "reconstructed"] = Field(
        description="reconstructed series are corrected already: completeness is 1"
    )
    population: Reference | None = Field(default=None, description="year-end stock")
    population_midyear: Reference | None = None
    deaths: Reference | None = Field(default=None, description="persons a year")
    death_rate: Reference | None = Field(default=None, description="crude, per 1000")
    births: Reference | None = None
    birth_rate: Reference | None = None
    total_fertility: Reference | None = None
    net_migration: Reference | None = Field(default=None, description="persons a year, inward +")
    places: bool = Field(default=False, description="true: held by place as well as for the whole")
    note: str = ""

    @model_validator(mode="after")
    def _enough(self) -> "Register":
        if not (self.deaths or self.death_rate):
            raise ValueError("a register needs deaths or death_rate")
        has_stock = self.population or self.population_midyear
        if not has_stock and not (self.deaths and self.death_rate):
            raise ValueError(
                "a register needs population or population_midyear, or both deaths and death_rate"
            )
        return self


class Transfer(Strict):
    """Deaths (or names on the rolls) moved between named years; nothing is created."""

    kind: Literal["late_booking", "roll_cleanup"]
    amount: float = Field(gt=0, description="persons")
    booked: Years = Field(description="years in which the register booked or removed them")
    happened: Years = Field(
        description="late_booking: years in which they died; roll_cleanup: years of false entry"
    )
    booked_as_deaths: Share = Field(
        default=1.0, description="roll_cleanup: share of the removals that were booked as deaths"
    )
    source: str = ""
    note: str = ""


class Births(Strict):
    """The windows of the birth deficit; conceptions answer, so births follow later."""

    deficit: Years
    regained: Years | None = None


class Selection(Strict):
    """Rows of evidence named for fitting (targets) or kept from every fit (holdouts)."""

    series: Name
    variable: Name
    years: Years | None = None
    places: Literal["whole", "parts", "all"] = "all"
    why: str = ""


class InfantMortality(Strict):
    """Deaths under one per birth in normal years, used by ``births_adjusted``."""

    value: float = Field(gt=0, lt=1)
    source: str
    note: str = ""


class StartingAges(Strict):
    """The people at the start: rows by age that shape them, or a stable population of the normal rates."""

    series: Name | None = None
    variable: Name | None = None
    year: int | None = Field(default=None, description="year of the rows")
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
    """Registered deaths by sex and age, of as many years as are held."""

    series: Name
    variable: Name


class Census(Strict):
    """Counts by sex and age on one day, or broad shares, with what they may leave out."""

    series: Name
    variable: Name
    date: float = Field(description="1964.5 is 1 July 1964")
    ages_from: int = Field(default=0, ge=0, description="youngest age compared")
    ages_to: int = Field(default=120, description="oldest age compared")
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
    without_soldiers: bool = Field(default=False, description="men of 18-34 are then not compared")
    rung: Literal["intercensal_closure", "cohort_survival", "later_mortality", "children_counted"]
    source: str
    note: str = ""


class Reading(Strict):
    """One declared reading of the registration of deaths."""

    deaths: Name = Field(description="a name of completeness, with priors")
    late_booking: Prior | None = Field(
        default=None, description="share of the unbooked deaths of late_from that is booked in late_in"
    )
    names_booked_as_deaths: Prior | None = Field(
        default=None, description="share of names struck off the rolls that was booked as deaths"
    )
    note: str = ""


class PlacesModel(Strict):
    """Reconstruction of the parts, each with the whole's posterior as its prior, widened."""

    register_name: Name = Field(alias="register", description="a register held by place; rates are compared")
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
    """Whether registered deaths of the places rose with inward migration, as struck double entries would."""

    register_name: Name = Field(alias="register", description="a register held by place")
    urban: Reference = Field(description="urban people by place, year-end")
    moved: tuple[int, int] = Field(description="[first, last] year between which townspeople grew")
    before: Years = Field(description="years of normal registered death rates")
    after: Years = Field(description="years in which names were struck off")
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
    total_fertility_sd: float = Field(default=0.05, gt=0, description="sd of the log survey TFR")
    total_fertility_source: str = Field(default="assumed", description="source of total_fertility_sd")
    social_decline: Years | None = Field(default=None, description="years of fewer births apart from hunger")
    late_from: Years | None = Field(
        default=None, description="years whose unbooked deaths may be booked late"
    )
    late_in: Years | None = Field(
        default=None, description="years in which they are then booked, evenly; default: the window"
    )
    censuses: tuple[Census, ...] = ()
    birth_completeness: Prior | Share
    readings: dict[Name, Reading] = Field(min_length=1)
    parts: PlacesModel | None = Field(
        default=None, description="the places, where a register is held by place"
    )
    placebo: Placebo | None = None
    priors: dict[Name, Prior] = Field(default_factory=dict, description="see docs: priors by name, normal")


class Scenario(Strict):
    """One complete set of choices, used where a single line has to be drawn."""

    register_name: Name = Field(alias="register")
    baseline: str
    birth_baseline: str | None = None
    completeness: str = "1"
    why: str = ""


class CaseFile(Strict):
    """``case.yaml``, schema version 1."""

    schema_version: Literal[1]
    name: Name
    title: str = Field(min_length=1)
    place: str = Field(min_length=1, description="the whole; rows without a place belong to it")
    summary: str = ""
    window: Years = Field(description="the crisis, calendar years without gaps")
    window_why: str = ""
    other_windows: tuple[Years, ...] = ()
    window_kinds: tuple[Literal["calendar", "july_june"], ...] = ("calendar",)
    normal_years: Years | None = Field(
        default=None, description="years of normal births per woman, for births from fertility"
    )
    births: Births
    scopes: dict[Name, str] = Field(default_factory=dict, description="who a stock counts")
    places: tuple[Place, ...] = ()
    place_baseline: str | None = Field(default=None, description="baseline of the places' rates")
    registers: dict[Name, Register] = Field(min_length=1)
    baselines: tuple[str, ...] = Field(min_length=1)
    birth_baselines: tuple[str, ...] = ()
    infant_mortality: InfantMortality | None = None
    completeness: dict[Name, Completeness | Share] = Field(default_factory=dict)
    birth_completeness: dict[Name, Completeness | Share] = Field(default_factory=dict)
    transfers: dict[Name, Transfer] = Field(default_factory=dict)
    reconstruction: Reconstruction | None = None
    default: Scenario
    rival_series: tuple[Name, ...] = Field(
        default=(), description="series drawn beside the registers in the rate charts"
    )
    targets: tuple[Selection, ...] = ()
    holdouts: tuple[Selection, ...] = ()
    tolls: tuple[float, ...] = Field(
        default=(), description="tolls (persons) the identification table asks about"
    )
    licence: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> "CaseFile":
        for label, years in (("window", self.window), ("births.deficit", self.births.deficit)):
            found = sorted(parse_years(years))
            if found[-1] - found[0] + 1 != len(found):
                raise ValueError(f"{label}: the years {years} have gaps; a window has none")
        if self.default.register_name not in self.registers:
            raise ValueError(
                f"default.register: '{self.default.register_name}' is not one of the registers "
                f"({', '.join(self.registers)})"
            )
        names = [place.name for place in self.places]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"places: '{double[0]}' is listed twice")
        return self
