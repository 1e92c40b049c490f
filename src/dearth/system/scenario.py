"""The scenario of a case, ``scenario.yaml``: places, normal years, what struck them, and the policy timeline.

It stands beside ``case.yaml`` and is read only to simulate; estimates do not depend on it.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from dearth.case.problems import CaseError, Problem, did_you_mean, mistake
from dearth.case.schema import Name, Share, Strict, Years
from dearth.case.yamlfile import read_yaml, validate
from dearth.case.years import parse_years
from dearth.system.age_structure import Ages
from dearth.system.crop_calendar import CropCalendar
from dearth.system.initial_conditions import Fertility, Mortality, Place, Spread, Stocks
from dearth.system.installed import declarations, written
from dearth.system.level_parameters import clashes
from dearth.system.levels import NEUTRAL, Levels, place_problems
from dearth.system.regimes import Regime, by_name, entry, no_regime
from dearth.system.setting_names import find, parse
from dearth.system.settings import Change, Settings, settle

FILE = "scenario.yaml"


def _month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII):
        raise ValueError("months are written 1911-07")
    return text


YearMonth = Annotated[str, AfterValidator(_month)]
Where = Literal["all"] | tuple[str, ...]


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
    """Settings, or a regime, that applied from one month to another in some places."""

    first: YearMonth | None = Field(default=None, alias="from")
    last: YearMonth | None = Field(default=None, alias="to")
    places: Where = "all"
    settings: dict[str, float | str | Annotated[tuple[str, ...], Field(min_length=2)]] = Field(
        alias="set",
        default_factory=dict,
        min_length=1,
        description="a list names rival forms of a choice: each draw takes one",
    )
    regime: str | None = Field(
        default=None, description="a regime that applied there and then, in place of `set`"
    )
    sd: float = Field(default=0, ge=0, le=1, description="log standard deviation of the numbers over draws")
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> "Dated":
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"from ({self.first}) is after to ({self.last})")
        if bool(self.settings) == (self.regime is not None):
            raise ValueError("an entry says either what it sets (set) or which regime applied (regime)")
        if self.regime is not None and self.sd:
            raise ValueError("sd spreads the numbers of set; a regime's are taken as they are")
        return self


class PlaceEffect(Strict):
    """A setting that differs between granary areas by an unknown factor; only a fit moves it."""

    setting: str = Field(alias="set", description="mechanism.parameter, a number")
    sd: float = Field(gt=0, le=1.5, description="log standard deviation of the factor over the areas")
    source: str
    note: str = ""


class Cause(Strict):
    """A named cause of the crisis: what it moves back to the normal setting when it is taken away."""

    label: str = Field(min_length=1, max_length=80, description="the name readers see")
    normal: tuple[str, ...] = Field(
        default=(), description="mechanisms or settings whose dated changes are left out"
    )
    settings: dict[str, float | str] = Field(
        alias="set",
        default_factory=dict,
        description="values of the normal setting, from the first year of the window on",
    )
    weather: bool = Field(
        default=False,
        description="true: from the first year of the window on disasters of the mean normal year, no "
        "dated events",
    )
    source: str = "assumed"
    note: str = ""

    @model_validator(mode="after")
    def _some(self) -> "Cause":
        if not (self.normal or self.settings or self.weather):
            raise ValueError("a cause moves something: give normal, set or weather")
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
    calendar: CropCalendar
    levels: Levels = Field(
        default=NEUTRAL, description="levels of the administration, from the smallest unit up to the centre"
    )
    places: tuple[Place, ...] = Field(min_length=1)
    ages: Ages | None = None
    spread: Spread = Spread()
    disasters: tuple[Disaster, ...] = ()
    events: tuple[Event, ...] = ()
    timeline: tuple[Dated, ...] = ()
    regimes: dict[str, OwnRegime] = Field(default_factory=dict)
    causes: dict[Name, Cause] = Field(
        default_factory=dict, description="causes whose shares dearth explain computes"
    )
    records_of: dict[Name, Literal["towns", "villages"]] = Field(
        default_factory=dict, description="series of evidence that count only townspeople, or only villagers"
    )
    place_effects: tuple[PlaceEffect, ...] = Field(
        default=(), description="settings that a fit may multiply by a factor of each granary area"
    )

    @model_validator(mode="after")
    def _sound(self) -> "Scenario":
        years = parse_years(self.years)
        if list(years) != list(range(years[0], years[-1] + 1)):
            raise ValueError(f"years ({self.years}) must have no gaps")
        names = [p.name for p in self.places]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"the place {twice[0]} is listed twice")
        for place in self.places:
            if place.harvest_shares and len(place.harvest_shares) != self.calendar.many:
                raise ValueError(
                    f"{place.name} has {len(place.harvest_shares)} harvest_shares; the calendar has "
                    f"{self.calendar.many} harvests"
                )
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
    problems = [
        p
        for part in (_levels, _places, _dates, _regimes_held, _effects, _causes)
        for p in part(scenario, lines)
    ]
    if problems:
        raise CaseError(problems)
    return scenario


def _levels(scenario: Scenario, lines: dict[Any, int]) -> list[Problem]:
    """Say which levels bear the name of a setting, and which places are in units that cannot be."""
    found = clashes(written(), scenario.levels, FILE, lines.get(("levels",)))
    return found + place_problems(scenario.levels, scenario.places, FILE, lines)


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


def _regimes_held(scenario: Scenario, lines: dict[Any, int]) -> list[Problem]:
    """Say which regimes of the timeline do not exist, or say nothing that could hold."""
    known = by_name(own_regimes(scenario))
    found = []
    for i, dated in enumerate(scenario.timeline):
        name = dated.regime
        if name is None or (name in known and (known[name].settings or known[name].normal)):
            continue
        message = f"the regime '{name}' sets nothing and puts nothing back; leave the entry out"
        if name not in known:
            message = no_regime(name, known)
        found.append(Problem(FILE, message, lines.get(("timeline", i, "regime")), f"timeline.{i}.regime"))
    return found


def _effects(scenario: Scenario, lines: dict[Any, int]) -> list[Problem]:
    """Say which effects of places multiply nothing that is a number, or are listed twice."""
    found, seen = [], set()
    declares = declarations(scenario.levels)
    for i, effect in enumerate(scenario.place_effects):
        line, where = lines.get(("place_effects", i)), f"place_effects.{i}"
        try:
            mechanism, parameter = parse(effect.setting, FILE, declares)
        except CaseError as error:
            found += [replace(problem, line=line, field=where) for problem in error.problems]
            continue
        if parameter is None or parameter.options:
            found.append(
                Problem(FILE, f"{effect.setting} is no number that a factor can multiply", line, where)
            )
        elif (mechanism.id, parameter.name) in seen:
            found.append(Problem(FILE, f"{effect.setting} is listed twice; keep one entry", line, where))
        else:
            seen.add((mechanism.id, parameter.name))
    return found


def _causes(scenario: Scenario, lines: dict[Any, int]) -> list[Problem]:
    """Say which causes name a mechanism or a setting that does not exist."""
    found = []
    declares = declarations(scenario.levels)
    for name, cause in scenario.causes.items():
        for text in (*cause.normal, *cause.settings):
            try:
                find(text, FILE, declares) if "." not in text else parse(text, FILE, declares)
            except CaseError as error:
                line, where = lines.get(("causes", name)), f"causes.{name}"
                found += [replace(problem, line=line, field=where) for problem in error.problems]
    return found


def months_since(scenario: Scenario, month: str) -> int:
    """Return the months from January of the first year to `month`, written 1911-07."""
    return (int(month[:4]) - scenario.span[0]) * 12 + int(month[5:]) - 1


def timeline(scenario: Scenario) -> tuple[Change, ...]:
    """Return the dated settings and regimes of the scenario as changes, in the order written."""
    index = {p.name: i for i, p in enumerate(scenario.places)}
    known = by_name(own_regimes(scenario))
    declares = declarations(scenario.levels)
    found: list[Change] = []
    for i, dated in enumerate(scenario.timeline):
        held = Change(
            "",
            0.0,
            None if dated.first is None else months_since(scenario, dated.first),
            None if dated.last is None else months_since(scenario, dated.last),
            None if dated.places == "all" else tuple(index[name] for name in dated.places),
            f"{FILE}: timeline.{i}",
            dated.sd,
        )
        if dated.regime is not None:
            within = replace(held, where=f"{held.where}.regime")
            found += entry(known[dated.regime], found, within, declares)
        for setting, value in dated.settings.items():
            rivals = value if isinstance(value, tuple) else ()
            first = value[0] if isinstance(value, tuple) else value
            found.append(replace(held, setting=setting, value=first, rivals=rivals))
    return tuple(found)


def own_regimes(scenario: Scenario) -> tuple[Regime, ...]:
    """Return the regimes the case declares."""
    return tuple(Regime(name, r.summary, r.settings, r.normal) for name, r in scenario.regimes.items())


def settled(scenario: Scenario, changes: Iterable[Change] | None = None) -> Settings:
    """Return the settings of a run of the scenario: its timeline, or other changes, merged.

    Raises
    ------
    CaseError
        With every mistake of the changes at once.
    """
    first, last = scenario.span
    given = timeline(scenario) if changes is None else changes
    months = 12 * (last - first + 1)
    return settle(given, months, len(scenario.places), declarations(scenario.levels))
