"""What a mechanism declares of its numbers; read without the numerical library behind the steps."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, Protocol, TypedDict

from dearth.bibliography.grade import Basis, Grade

# how a parameter follows the levels of a scenario: not at all; it stands for the smallest level, or for each
# between that and the centre, and bears its name; or it has an option for each level that reports
ByLevel = Literal["", "smallest", "between", "options"]


@dataclass(frozen=True)
class Parameter:
    """One number (or choice) of a mechanism.

    Attributes
    ----------
    default : value in normal years, or the name of an option
    low, high : range of the literature; draws from the prior lie within
    basis : how well the default and its range are known, and the works they rest on
    lever : a policy that regimes set; never drawn from a prior
    options : names of the rival forms where the parameter is a choice
    levels : how it follows the levels of the scenario; see `level_parameters`
    """

    name: str
    default: float | str
    low: float | None
    high: float | None
    unit: str
    basis: Basis
    meaning: str
    lever: bool = False
    options: tuple[str, ...] = ()
    levels: ByLevel = ""

    @property
    def grade(self) -> Grade:
        """How well the default and its range are known."""
        return self.basis.grade

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the works they rest on."""
        return self.basis.sources


def lever(
    name: str,
    default: float,
    low: float,
    high: float,
    unit: str,
    basis: Basis,
    meaning: str,
    levels: ByLevel = "",
) -> Parameter:
    """Return a parameter that policy sets."""
    return Parameter(name, default, low, high, unit, basis, meaning, lever=True, levels=levels)


def choice(
    name: str, default: str, options: tuple[str, ...], basis: Basis, meaning: str, levels: ByLevel = ""
) -> Parameter:
    """Return a choice between rival forms; inside the run it is the index of the option."""
    return Parameter(name, default, None, None, "choice", basis, meaning, True, options, levels)


class Declares(Protocol):
    """Anything with an id, a form and parameters: a mechanism, or its declaration read from the table."""

    @property
    def id(self) -> str:
        """The name of its file."""
        ...

    @property
    def form(self) -> Basis:
        """What its equations rest on."""
        ...

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its numbers and choices."""
        ...

    @property
    def shared(self) -> tuple[str, ...]:
        """Parameters of other mechanisms that it uses too, each "mechanism.parameter"."""
        ...


@dataclass(frozen=True)
class Declared:
    """What a mechanism declares, as the table ``declared.json`` holds it."""

    id: str
    form: Basis
    parameters: tuple[Parameter, ...]
    shared: tuple[str, ...] = ()


@cache
def declared() -> tuple[Declared, ...]:
    """Return what every mechanism declares, in the order of a month; a test holds the table to them."""
    text = (files("dearth") / "system" / "declared.json").read_text(encoding="utf-8")
    rows: list[DeclaredRow] = json.loads(text)
    return tuple(
        Declared(
            row["id"], _basis(row["form"]), tuple(map(_parameter, row["parameters"])), tuple(row["shared"])
        )
        for row in rows
    )


class BasisRow(TypedDict):
    """A basis as the table has it."""

    grade: str
    sources: list[str]
    note: str


class ParameterRow(TypedDict):
    """A parameter as the table has it; see `Parameter`."""

    name: str
    default: float | str
    low: float | None
    high: float | None
    unit: str
    basis: BasisRow
    meaning: str
    lever: bool
    options: list[str]
    levels: ByLevel


class DeclaredRow(TypedDict):
    """A mechanism as the table has it; see `Declared`."""

    id: str
    form: BasisRow
    parameters: list[ParameterRow]
    shared: list[str]


def _basis(found: BasisRow) -> Basis:
    return Basis(Grade(found["grade"]), tuple(found["sources"]), found["note"])


def _parameter(found: ParameterRow) -> Parameter:
    return Parameter(
        found["name"], found["default"], found["low"], found["high"], found["unit"], _basis(found["basis"]),
        found["meaning"], found["lever"], tuple(found["options"]),
        found["levels"],
    )  # fmt: skip


def declared_table(order: tuple[Declares, ...]) -> str:
    """Return the text of ``declared.json`` for the mechanisms of `order`."""
    rows = [
        {
            "id": m.id,
            "form": vars(m.form),
            "parameters": [{**vars(p), "basis": vars(p.basis)} for p in m.parameters],
            "shared": list(m.shared),
        }
        for m in order
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
