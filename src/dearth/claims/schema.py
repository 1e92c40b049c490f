"""The fields of ``claims.yaml``: statements about a case, each with its author and its test."""

import datetime
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from dearth.case.schema_base import Name, Reference, Strict, Years

Kind = Literal[
    "quantity", "comparison", "direction", "cause_share", "counterfactual", "timing", "knowability",
    "definition",
]  # fmt: skip
Over = Literal[
    "sum", "mean", "min", "max", "change", "first_year_above", "year_of_max", "year_of_min", "interval_ratio"
]
EstimateOf = Literal["excess_deaths", "births_lost", "p_score", "expected_deaths", "normal_rate"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


References = Annotated[
    tuple[Reference, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str])
]

# what a quantity may be, and the fields that go with each
GOES_WITH: dict[str, tuple[str, ...]] = {
    "evidence": ("years", "over", "place", "level"),
    "posterior": ("years", "over", "age", "place", "level"),
    "estimate": ("series", "method", "baseline", "completeness", "window", "window_kind", "transfer"),
    "accounts": ("years", "over"),
    "published": ("figure",),
    "counts_unborn": (),
    "stated": ("source", "quality"),
    "share": (),
    "averted": (),
    "across_places": ("against", "years", "against_years", "level", "per", "without"),
}


class Quantity(Strict):
    """One number that a test needs: exactly one of the fields of `GOES_WITH`, and what goes with it."""

    evidence: References | None = Field(
        default=None, description="series/variable; of several the test is run with each"
    )
    posterior: Name | None = Field(
        default=None, description="a quantity of the posterior's draws, under every registration scenario"
    )
    estimate: EstimateOf | None = Field(
        default=None, description="a quantity of the estimates, under every choice that is left open"
    )
    accounts: Name | None = Field(
        default=None, description="register whose stock change less natural increase is added up"
    )
    published: Name | None = Field(default=None, description="key of published.csv")
    counts_unborn: tuple[Name, ...] | Literal["all"] | None = Field(
        default=None, description="how many of these published estimates count the unborn; all = every one"
    )
    stated: float | None = Field(default=None, description="a number that the claim or a source states")
    share: Name | None = Field(
        default=None, description="share of the excess deaths that a cause of the scenario has"
    )
    averted: Name | None = Field(
        default=None, description="share of the excess deaths that another regime would have averted"
    )
    across_places: Reference | None = Field(
        default=None,
        description="rank correlation over places of this figure with that of `against`; at least 8 places",
    )
    against: Reference | None = Field(default=None, description="with across_places: the other figure")
    per: Reference | None = Field(
        default=None, description="with across_places: what `against` is divided by, such as people"
    )
    against_years: Years | None = Field(
        default=None, description="with across_places: years of `against`; none = those of years"
    )
    without: tuple[str, ...] = Field(
        default=(), description="with across_places: the test is run with all places and without these"
    )
    years: Years | None = None
    over: Over | None = Field(default=None, description="how several years become one number")
    level: Years | None = Field(
        default=None,
        description="with first_year_above: years whose mean is the level to pass; with across_places: years "
        "from which both figures are taken",
    )
    place: str = Field(default="", description="a place of the case; none = the whole")
    age: str | None = Field(default=None, description="age group of the posterior, such as 0-4")
    series: Name | None = Field(default=None, description="register of the estimate")
    method: Name | None = None
    baseline: str | None = Field(default=None, description="normal death rate, as in dearth estimate")
    completeness: str | None = None
    window: str | None = None
    window_kind: Literal["calendar", "july_june"] | None = None
    transfer: Name | None = None
    figure: Literal["low", "central", "high", "births_lost"] | None = None
    source: str = Field(default="", description="with stated: a source_id or a work of the bibliography")
    quality: Literal["", "recalled"] = Field(default="", description="recalled: remembered and not confirmed")
    what: str = Field(default="", description="what the number is, in words for readers")

    @property
    def kind(self) -> str:
        """Which field of `GOES_WITH` is given."""
        return next(name for name in GOES_WITH if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in GOES_WITH if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"give exactly one of {', '.join(GOES_WITH)}; given: {', '.join(given) or 'none'}"
            )
        set_here = self.model_fields_set - {given[0], "what"}
        stray = sorted(set_here - set(GOES_WITH[given[0]]))
        if stray:
            allowed = ", ".join(GOES_WITH[given[0]]) or "nothing but what"
            raise ValueError(f"{stray[0]} does not go with {given[0]}; allowed: {allowed}")
        if given[0] in ("evidence", "accounts", "across_places") and self.years is None:
            raise ValueError(f"{given[0]} needs years")
        if given[0] == "across_places" and self.against is None:
            raise ValueError("across_places needs against: the other figure, series/variable")
        if self.over == "interval_ratio" and given[0] != "posterior":
            raise ValueError(
                "over: interval_ratio goes with posterior: it is the ratio of the ends of its interval"
            )
        levelled = self.level is not None and given[0] != "across_places"
        if (self.over == "first_year_above") != levelled:
            raise ValueError("give both or neither: over: first_year_above and level")
        if given[0] == "published" and self.figure is None:
            raise ValueError("published needs figure: low, central, high or births_lost")
        if given[0] == "stated" and not self.source:
            raise ValueError("stated needs source: where the number stands")
        return self


Ways = Annotated[
    tuple[Quantity, ...], BeforeValidator(_as_list, json_schema_input_type=Quantity | list[Quantity])
]


class ClaimTest(Strict):
    """What is computed and compared, declared before it is run."""

    quantities: dict[Name, Ways] = Field(
        min_length=1,
        description="each one quantity, or a list of ways to measure it: the first that the records allow "
        "decides, the others show what the verdict depends on",
    )
    value: str = Field(description="arithmetic with the names of the quantities: + - * / ( ) min max abs")
    unit: str = Field(min_length=1, description="of the value, for readers")
    is_: Literal["above", "below", "between"] = Field(alias="is")
    threshold: float | tuple[float, float] = Field(description="one number; two with between")
    tolerance: float = Field(
        default=0.0, ge=0, description="in the unit of the value: nearer to the threshold is undecided"
    )

    @model_validator(mode="after")
    def _threshold(self) -> Self:
        if not all(self.quantities.values()):
            raise ValueError("quantities: a list of ways is empty")
        two = isinstance(self.threshold, tuple)
        if two != (self.is_ == "between"):
            raise ValueError("threshold: give two numbers with 'between', one with 'above' and 'below'")
        if isinstance(self.threshold, tuple) and self.threshold[0] >= self.threshold[1]:
            raise ValueError(f"threshold: {self.threshold[0]:g} is not below {self.threshold[1]:g}")
        return self

    @property
    def all(self) -> tuple[Quantity, ...]:
        """Every way of every quantity."""
        return tuple(way for ways in self.quantities.values() for way in ways)


class Said(Strict):
    """Who makes the claim, and where it stands."""

    who: str = Field(min_length=1)
    source: str = Field(description="a source_id of sources.csv or a key of the bibliography")
    where: str = Field(default="", description="page, chapter or paragraph")


class Claim(Strict):
    """One statement about the case."""

    id: Name
    statement: str = Field(min_length=1, max_length=300, description="in your own neutral words")
    by: tuple[Said, ...]
    position: str = Field(
        default="", max_length=40, description="whose side of a dispute it stands on, in a word of the case"
    )
    kind: Kind
    test: ClaimTest | None = None
    no_test: str = Field(default="", description="why no test can be stated")
    undecided_if: str = Field(default="", description="what would leave the claim open, in words")
    counts_unborn: Literal["yes", "no", "unclear"] | None = Field(
        default=None, description="whether a number of deaths adds births that did not happen"
    )
    date: datetime.date = Field(description="the day on which the test was declared")
    version: int = Field(default=1, ge=1, description="raised when statement or test change")
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.by:
            raise ValueError("by is empty: say who makes the claim and where it stands")
        if (self.test is None) != bool(self.no_test):
            raise ValueError("give either test, or no_test with the reason why none can be stated")
        if self.test is not None and not self.undecided_if:
            raise ValueError("undecided_if is missing: say what would leave the claim open")
        if self.states_deaths and self.counts_unborn is None:
            raise ValueError(
                "counts_unborn is missing: the claim states a number of deaths; yes, no or unclear"
            )
        return self

    @property
    def states_deaths(self) -> bool:
        """Whether the claim states a number of excess deaths."""
        if self.kind != "quantity" or self.test is None:
            return False
        return any("excess_deaths" in (q.estimate, q.posterior) for q in self.test.all)


class ClaimsFile(Strict):
    """``claims.yaml``, schema version 1."""

    schema_version: Literal[1]
    version: int = Field(default=1, ge=1, description="of the list; raised when a claim changes")
    date: datetime.date
    claims: tuple[Claim, ...]
