"""The fields of ``case.yaml``: what a user may say of a place and a period.

Every field is declared here once; the JSON Schema that editors use is exported from it.
References to evidence are written ``series/variable``, years ``1958-1961``.
"""

from typing import Literal

from pydantic import Field, model_validator

from dearth.case.schema_base import CaseWindow as CaseWindow
from dearth.case.schema_base import Completeness as Completeness
from dearth.case.schema_base import Name as Name
from dearth.case.schema_base import Prior as Prior
from dearth.case.schema_base import Reference as Reference
from dearth.case.schema_base import Share as Share
from dearth.case.schema_base import Strict as Strict
from dearth.case.schema_base import WindowText as WindowText
from dearth.case.schema_base import Years as Years
from dearth.case.schema_birth_histories import BirthHistories as BirthHistories
from dearth.case.schema_dated_deaths import DatedDeathsFile as DatedDeathsFile
from dearth.case.schema_indirect import IndirectQuestions as IndirectQuestions
from dearth.case.schema_labels import LabelTexts as LabelTexts
from dearth.case.schema_lists import Lists as Lists
from dearth.case.schema_reconstruction import Census as Census
from dearth.case.schema_reconstruction import DeathsByAge as DeathsByAge
from dearth.case.schema_reconstruction import Migration as Migration
from dearth.case.schema_reconstruction import Placebo as Placebo
from dearth.case.schema_reconstruction import PlacesModel as PlacesModel
from dearth.case.schema_reconstruction import Reconstruction as Reconstruction
from dearth.case.schema_reconstruction import RegistrationScenario as RegistrationScenario
from dearth.case.schema_reconstruction import Schedule as Schedule
from dearth.case.schema_reconstruction import Siler as Siler
from dearth.case.schema_reconstruction import StartingAges as StartingAges
from dearth.case.schema_small_areas import SmallAreas as SmallAreas
from dearth.case.schema_surveys import SurveyFile as SurveyFile
from dearth.case.schema_trials import Recipe as Recipe
from dearth.case.schema_trials import Trials as Trials
from dearth.case.schema_two_censuses import TwoCensuses as TwoCensuses
from dearth.case.years import UNDATED, window_years


class Place(Strict):
    """A part of the case's area, and where its tile lies on the tile-grid map."""

    name: str = Field(min_length=1, max_length=80)
    label: str = Field(default="", max_length=80, description="the name readers see; default: the name")
    short: str = Field(
        default="", max_length=6, description="on the map's tile; default: the first two letters of the name"
    )
    kind: Literal["place", "remainder"] = Field(
        default="place", description="remainder = the whole less the sum of the places"
    )
    tile: tuple[int, int] | None = Field(default=None, description="[row, column] on the map")


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
    places: bool = Field(default=False, description="true: available by place as well as for the whole")
    note: str = ""

    @model_validator(mode="after")
    def _enough(self) -> "Register":
        if not (self.deaths or self.death_rate):
            raise ValueError("a register needs deaths or death_rate")
        has_stock = self.population or self.population_midyear
        if not has_stock and not self.deaths:
            raise ValueError(
                "a register with death_rate alone needs population or population_midyear, or deaths too"
            )
        return self


class Transfer(Strict):
    """Deaths (or entries of the population register) moved between named years; none is created."""

    kind: Literal["late_registration", "register_cleanup"]
    amount: float = Field(gt=0, description="persons")
    registered: Years = Field(
        description="years in which the office registered the deaths or removed the entries"
    )
    occurred: Years = Field(
        description="late_registration: years in which they died; register_cleanup: years of false entry"
    )
    registered_as_deaths: Share = Field(
        default=1.0,
        description="register_cleanup: share of the removals that the office registered as deaths",
    )
    unknown: dict[Literal["amount", "registered_as_deaths"], tuple[float, float]] = Field(
        default_factory=dict,
        description="[lowest, highest] of what no source states; a published estimate that needs it is then "
        "recomputed as a span",
    )
    source: str = ""
    note: str = ""


class OwnUnit(Strict):
    """A unit that only this case uses: what it measures and how much of it."""

    base: str = Field(min_length=1, description="the unit in which its figures are compared and computed")
    factor: float = Field(gt=0, description="how much of the base one of this unit is")
    kind: Literal["count", "rate", "share", "level"] = Field(
        default="level", description="count: figures of two periods add up; the others are averaged by days"
    )
    source: str = ""
    note: str = ""


class Subtraction(Strict):
    """Deaths of another cause inside the window, which are printed beside the estimate and taken off it."""

    label: str = Field(min_length=1, description="what the deaths are, as a reader sees it: battle deaths")
    deaths: float = Field(gt=0, description="persons")
    window: WindowText = Field(description="years or dates in which they died")
    source: str = Field(min_length=1, description="a source_id, a work of the bibliography, or assumed")
    note: str = ""


class Births(Strict):
    """The windows of the birth deficit; conceptions answer, so births follow later."""

    deficit: Years
    recovered: Years | None = None


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
    window: CaseWindow = Field(
        description="the crisis: calendar years without gaps, or its first and last day, both included; "
        "undated where the records have days and no dates"
    )
    window_why: str = ""
    other_windows: tuple[WindowText, ...] = ()
    window_kinds: tuple[Literal["calendar", "july_june"], ...] = ("calendar",)
    normal_years: Years | None = Field(
        default=None, description="years of normal births per woman, for births from fertility"
    )
    births: Births | None = Field(
        default=None, description="windows of births lost; without them no births lost are computed"
    )
    scopes: dict[Name, str] = Field(default_factory=dict, description="who a stock counts")
    units: dict[str, OwnUnit] = Field(default_factory=dict, description="units of this case alone")
    places: tuple[Place, ...] = ()
    place_baseline: str | None = Field(default=None, description="baseline of the places' rates")
    registers: dict[Name, Register] = Field(
        default_factory=dict, description="none = a case of censuses, surveys, prices or other records"
    )
    surveys: dict[Name, SurveyFile] = Field(
        default_factory=dict, description="mortality surveys, a table of persons each"
    )
    baselines: tuple[str, ...] = ()
    birth_baselines: tuple[str, ...] = ()
    infant_mortality: InfantMortality | None = None
    dated_deaths: dict[Name, DatedDeathsFile] = Field(
        default_factory=dict, description="files of deaths by week, month or quarter"
    )
    completeness: dict[Name, Completeness | Share] = Field(default_factory=dict)
    birth_completeness: dict[Name, Completeness | Share] = Field(default_factory=dict)
    transfers: dict[Name, Transfer] = Field(default_factory=dict)
    subtractions: dict[Name, Subtraction] = Field(
        default_factory=dict, description="deaths of another cause, printed beside the unadjusted figure"
    )
    lists: dict[Name, Lists] = Field(
        default_factory=dict, description="incomplete lists of victims, matched with each other"
    )
    reconstruction: Reconstruction | None = None
    trials: Trials | None = Field(
        default=None, description="recipes of published estimates, tried on simulated histories"
    )
    indirect_questions: dict[Name, IndirectQuestions] = Field(
        default_factory=dict, description="answers about children, parents, siblings or household deaths"
    )
    birth_histories: dict[Name, BirthHistories] = Field(
        default_factory=dict, description="births that women of a survey reported, for child mortality"
    )
    small_areas: dict[Name, SmallAreas] = Field(
        default_factory=dict, description="surveys, predictors and denominators by district and month"
    )
    two_censuses: dict[Name, TwoCensuses] = Field(
        default_factory=dict, description="pairs of censuses by age with the deaths between them"
    )
    default: Scenario | None = None
    rival_series: tuple[Name, ...] = Field(
        default=(), description="series drawn beside the registers in the rate charts"
    )
    targets: tuple[Selection, ...] = ()
    holdouts: tuple[Selection, ...] = ()
    labels: LabelTexts = Field(
        default_factory=LabelTexts, description="what people read in place of identifiers"
    )
    tolls: tuple[float, ...] = Field(
        default=(), description="excess deaths (persons) that the identification table asks about"
    )
    licence: str = ""

    @property
    def default_scenario(self) -> Scenario:
        """The choices drawn where one line is needed; a case with registers always has them."""
        if self.default is None:
            raise ValueError("a case without registers has no default scenario")
        return self.default

    @property
    def birth_windows(self) -> Births:
        """The windows of births lost; a case with a reconstruction always has them."""
        if self.births is None:
            raise ValueError("the case has no windows of births lost")
        return self.births

    @model_validator(mode="after")
    def _consistent(self) -> "CaseFile":
        windows = {} if self.window == UNDATED else {"window": self.window}
        if self.window == UNDATED and self.registers:
            raise ValueError("window: a case with registers needs years or dates, such as 1957-1959")
        windows |= {"births.deficit": self.births.deficit} if self.births else {}
        for label, years in windows.items():
            found = sorted(window_years(years))
            if found[-1] - found[0] + 1 != len(found):
                raise ValueError(f"{label}: the years {years} have gaps; a window has none")
        if self.registers and not (self.default and self.baselines):
            absent = "baselines" if self.default else "default"
            raise ValueError(f"a case with registers needs {absent} too")
        if self.default and self.default.register_name not in self.registers:
            raise ValueError(
                f"default.register: '{self.default.register_name}' is not one of the registers "
                f"({', '.join(self.registers)})"
            )
        if self.reconstruction and not self.births:
            raise ValueError("a reconstruction needs births, the windows of births lost")
        names = [place.name for place in self.places]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"places: '{double[0]}' is listed twice")
        return self


def completeness_option(settings: CaseFile, scenario: RegistrationScenario) -> Share | Completeness | None:
    """Return the completeness of a scenario: its own, or the entry it names; None where there is none."""
    given = scenario.completeness
    return given if isinstance(given, Completeness) else settings.completeness.get(given)
