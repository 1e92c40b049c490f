"""The scenario of a case, ``scenario.yaml``: places, normal years, what struck them, and the policy timeline.

It stands beside ``case.yaml`` and is read only to simulate; estimates do not depend on it.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from dearth.case.problems import CaseError, Problem, did_you_mean, mistake
from dearth.case.schema import Share, Strict, Years
from dearth.case.yamlfile import read_yaml, validate
from dearth.case.years import parse_years
from dearth.system.ages import Ages
from dearth.system.regime import Regime
from dearth.system.settings import Change

FILE = "scenario.yaml"


def _month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise ValueError("months are written 1911-07")
    return text


YearMonth = Annotated[str, AfterValidator(_month)]
Where = Literal["all"] | tuple[str, ...]


class Place(Strict):
    """A commune or a town at the start."""

    name: str = Field(min_length=1, max_length=80)
    kind: Literal["commune", "town"] = "commune"
    county: str = ""
    province: str = ""
    people: float = Field(ge=0, description="persons")
    land_ha: float = Field(default=0, ge=0, description="arable land")
    yield_kg_ha: float = Field(default=0, ge=0, description="grain of a normal year, original")
    summer_share: Share = Field(default=0.3, description="of a normal year's grain, reaped by June")
    km: float = Field(default=10, ge=0, description="cart distance to railhead or granary")
    communes: int = Field(default=1, ge=1, le=30000, description="communes (or towns) it is split into")
    counties: int = Field(default=1, ge=1, description="counties those communes belong to")

    @model_validator(mode="after")
    def _peopled(self) -> "Place":
        if self.counties > self.communes:
            raise ValueError(
                f"{self.name} has more counties ({self.counties}) than communes ({self.communes})"
            )
        if self.county and self.counties > 1:
            raise ValueError(f"{self.name} lies in one county ({self.county}) and has {self.counties}")
        return self


class Spread(Strict):
    """Log standard deviations over the communes a place is split into, and what counties share of them."""

    people: float = Field(default=0.3, ge=0)
    land: float = Field(default=0.15, ge=0, description="of land per head")
    grain: float = Field(default=0.12, ge=0, description="of yield: county yields vary by 0.12-0.18")
    km: float = Field(default=0.5, ge=0)
    between: Share = Field(default=0.5, description="of the variance, between a place's counties")
    source: str = "assumed"


class Mortality(Strict):
    """Normal hazard by age a, per year: infant exp(-decline a) + background + level exp(slope a) (Siler)."""

    infant: float = Field(ge=0)
    decline: float = Field(gt=0)
    background: float = Field(ge=0)
    level: float = Field(gt=0)
    slope: float = Field(gt=0)
    source: str


class Fertility(Strict):
    """Normal births per woman and their ages (a normal curve over 15-49)."""

    total: float = Field(ge=0)
    mean_age: float = Field(ge=15, le=49)
    sd: float = Field(gt=0)
    girls: Share = 0.488
    source: str


class Stocks(Strict):
    """What there is on the first day."""

    store_share: Share = Field(default=0.42, description="of a normal harvest, in the communes")
    granary_rations: float = Field(
        default=0.8, ge=0, description="years of the towns' ration, in state stock"
    )
    quota_share: Share = Field(
        default=0.0, description="of a normal harvest: the quota of the grain year under way"
    )
    export_share: Share = Field(default=0.015, description="of a normal harvest, exported in the first year")
    energy: float = Field(default=2000, gt=0, description="kcal per head per day of the months before")
    deposits_per_head: float = Field(default=20, ge=0, description="t of coal equivalent not yet found")
    source: str


class Disaster(Strict):
    """Share of land struck in a year."""

    year: int
    places: Where = "all"
    share: Share
    source: str


class Event(Strict):
    """A dated local event and the share of the standing crop it took."""

    month: YearMonth
    place: str
    kind: str
    loss: Share
    source: str


class Dated(Strict):
    """Settings that held from one month to another in some places."""

    first: YearMonth | None = Field(default=None, alias="from")
    last: YearMonth | None = Field(default=None, alias="to")
    places: Where = "all"
    settings: dict[str, float | str | Annotated[tuple[str, ...], Field(min_length=2)]] = Field(
        alias="set", min_length=1, description="a list names rival forms of a choice: each draw takes one"
    )
    sd: float = Field(default=0, ge=0, le=1, description="log standard deviation of the numbers over draws")
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> "Dated":
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"from ({self.first}) is after to ({self.last})")
        return self


class OwnRegime(Strict):
    """A regime of the case: what it sets differently from its timeline."""

    summary: str
    settings: dict[str, float | str] = Field(alias="set", default_factory=dict)
    normal: tuple[str, ...] = Field(default=(), description="mechanisms or settings put back to normal years")


class Scenario(Strict):
    """``scenario.yaml``, schema version 1."""

    schema_version: Literal[1]
    title: str
    years: Years
    mortality: Mortality
    fertility: Fertility
    opening: Stocks
    places: tuple[Place, ...] = Field(min_length=1)
    ages: Ages | None = None
    spread: Spread = Spread()
    disasters: tuple[Disaster, ...] = ()
    events: tuple[Event, ...] = ()
    timeline: tuple[Dated, ...] = ()
    regimes: dict[str, OwnRegime] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> "Scenario":
        years = parse_years(self.years)
        if list(years) != list(range(years[0], years[-1] + 1)):
            raise ValueError(f"years ({self.years}) must have no gaps")
        names = [p.name for p in self.places]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"the place {twice[0]} is listed twice")
        return self

    @property
    def span(self) -> tuple[int, int]:
        """First and last year."""
        years = parse_years(self.years)
        return years[0], years[-1]


def read_scenario(folder: Path) -> Scenario:
    """Read the scenario of a case folder.

    Raises
    ------
    CaseError
        When there is none, or with every mistake it holds.
    """
    path = folder / FILE
    if not path.is_file():
        raise mistake(
            FILE,
            "the case has none; it says which places there were, how they farmed and what was "
            "ordered when: see docs, scenario format",
        )
    content, lines = read_yaml(path, FILE)
    scenario = validate(Scenario, content, FILE, lines)
    problems = [p for part in (_places(scenario, lines), _dates(scenario, lines)) for p in part]
    if problems:
        raise CaseError(problems)
    return scenario


def _places(scenario: Scenario, lines: dict[Any, int]) -> list[Problem]:
    """Say which named places do not exist."""
    known = [p.name for p in scenario.places]
    found = []
    named = [("disasters", i, d.places) for i, d in enumerate(scenario.disasters)]
    named += [("timeline", i, d.places) for i, d in enumerate(scenario.timeline)]
    named += [("events", i, (e.place,)) for i, e in enumerate(scenario.events)]
    for part, i, places in named:
        for name in () if places == "all" else places:
            if name not in known:
                message = f"there is no place '{name}'{did_you_mean(name, known)}"
                found.append(Problem(FILE, message, lines.get((part, i)), f"{part}.{i}"))
    return found


def _dates(scenario: Scenario, lines: dict[Any, int]) -> list[Problem]:
    """Say which dates lie outside the years of the scenario."""
    first, last = scenario.span
    dated = [("disasters", i, [str(d.year)]) for i, d in enumerate(scenario.disasters)]
    dated += [("events", i, [e.month]) for i, e in enumerate(scenario.events)]
    dated += [("timeline", i, [m for m in (d.first, d.last) if m]) for i, d in enumerate(scenario.timeline)]
    return [
        Problem(FILE, f"{date} lies outside the years {scenario.years}", lines.get((part, i)), f"{part}.{i}")
        for part, i, dates in dated
        for date in dates
        if not first <= int(date[:4]) <= last
    ]


def months_since(scenario: Scenario, month: str) -> int:
    """Return the months from January of the first year to `month`, written 1911-07."""
    return (int(month[:4]) - scenario.span[0]) * 12 + int(month[5:]) - 1


def timeline(scenario: Scenario) -> tuple[Change, ...]:
    """Return the dated settings of the scenario as changes, in the order written."""
    index = {p.name: i for i, p in enumerate(scenario.places)}
    return tuple(
        Change(
            setting,
            value[0] if isinstance(value, tuple) else value,
            None if dated.first is None else months_since(scenario, dated.first),
            None if dated.last is None else months_since(scenario, dated.last),
            None if dated.places == "all" else tuple(index[name] for name in dated.places),
            f"{FILE}: timeline.{i}",
            dated.sd,
            value if isinstance(value, tuple) else (),
        )
        for i, dated in enumerate(scenario.timeline)
        for setting, value in dated.settings.items()
    )


def own_regimes(scenario: Scenario) -> tuple[Regime, ...]:
    """Return the regimes the case declares."""
    return tuple(Regime(name, r.summary, r.settings, r.normal) for name, r in scenario.regimes.items())
