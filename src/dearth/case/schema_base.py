"""What every part of a case file is made of: years, names, references, priors."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dearth.case.years import UNDATED, parse_years, window_years


class Strict(BaseModel):
    """A part of the case file: unknown fields are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _years(text: object) -> object:
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise ValueError("years are written 1957, 1955-1957 or 1954-1957,1962")
    parse_years(text)
    return str(text)


def _window(text: object) -> object:
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise ValueError("a window is written 1957, 1955-1957 or 2020-03-01/2020-12-31")
    window_years(str(text))
    return str(text)


def _case_window(text: object) -> object:
    return text if text == UNDATED else _window(text)


def _reference(text: str) -> str:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", text):
        raise ValueError(f"'{text}' is not a reference; write series/variable")
    return text


Years = Annotated[str, BeforeValidator(_years, json_schema_input_type=str | int)]
WindowText = Annotated[str, BeforeValidator(_window, json_schema_input_type=str | int)]
CaseWindow = Annotated[str, BeforeValidator(_case_window, json_schema_input_type=str | int)]
Reference = Annotated[str, AfterValidator(_reference)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*$", max_length=80)]
Share = Annotated[float, Field(ge=0, le=1)]


class Prior(Strict):
    """A distribution with its source; shape parameters as in the field's textbooks."""

    dist: Literal["beta", "uniform", "normal", "triangular", "logit_normal", "heavy_tailed"]
    a: float | None = Field(default=None, gt=0, description="beta")
    b: float | None = Field(default=None, gt=0, description="beta")
    low: float | None = Field(default=None, description="uniform, triangular; cut of a normal")
    high: float | None = Field(default=None, description="uniform, triangular; cut of a normal")
    mode: float | None = Field(default=None, description="triangular")
    mean: float | None = Field(
        default=None, description="normal, heavy_tailed; of logit_normal the median, a share"
    )
    sd: float | None = Field(
        default=None, gt=0, description="normal; of heavy_tailed the scale; of logit_normal of the log odds"
    )
    tail: float | None = Field(
        default=None, ge=0, lt=1,
        description="heavy_tailed: mean + sd z exp(tail z^2 / 2) of a standard normal z; 0 is normal "
        "(the h-distribution of Hoaglin 1985)",
    )  # fmt: skip
    source: str = Field(
        description="a source_id of sources.csv, a key of the bibliography, or the word assumed"
    )
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> "Prior":
        needed = {
            "beta": ("a", "b"),
            "uniform": ("low", "high"),
            "normal": ("mean", "sd"),
            "triangular": ("low", "mode", "high"),
            "logit_normal": ("mean", "sd"),
            "heavy_tailed": ("mean", "sd", "tail"),
        }[self.dist]
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a {self.dist} prior needs {', '.join(needed)}; missing: {missing[0]}")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low ({self.low}) must be below high ({self.high})")
        if self.dist == "triangular" and not self.low <= self.mode <= self.high:  # type: ignore[operator]
            raise ValueError(f"mode ({self.mode}) must lie between low and high")
        if self.dist == "logit_normal" and not 0 < self.mean < 1:  # type: ignore[operator]
            raise ValueError(f"the mean of a logit_normal prior is a share between 0 and 1, not {self.mean}")
        return self


class MeasuredCompleteness(Strict):
    """Completeness of deaths as one method for two censuses measures it."""

    name: Name = Field(description="entry of two_censuses")
    method: Literal[
        "growth_balance", "extinct_generations", "extinct_generations_delta", "balance_then_generations"
    ]
    migration: bool = Field(default=True, description="whether the file's net migrants enter")
    sex: Literal["both", "female", "male"] = Field(
        default="both", description="both: registered deaths over corrected deaths of both sexes"
    )


class Completeness(Strict):
    """Share of deaths (or births) that a register holds, outside and inside the crisis."""

    normal: Share | Prior | None = Field(default=None, description="outside the crisis window")
    crisis: Share | Prior | None = Field(default=None, description="inside; default as normal")
    series: Reference | None = Field(
        default=None, description="a yearly series of under-registration in percent"
    )
    two_censuses: MeasuredCompleteness | None = Field(
        default=None,
        description="deaths only: what a method for two censuses finds, the same in all years",
    )
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _one_form(self) -> "Completeness":
        if sum(form is not None for form in (self.normal, self.series, self.two_censuses)) != 1:
            raise ValueError("give one of normal (with crisis if it differs), series or two_censuses")
        if self.crisis is not None and self.normal is None:
            raise ValueError("crisis needs normal beside it")
        return self
