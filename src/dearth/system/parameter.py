"""What a mechanism declares of its numbers; read without the numerical library behind the steps."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol


@dataclass(frozen=True)
class Parameter:
    """One number (or choice) of a mechanism.

    Attributes
    ----------
    default : value in the normal years 1955-57, or the name of an option
    low, high : range of the literature; draws from the prior lie within
    source : MECHANISMS block and flag, or ``assumed``
    lever : a policy that regimes set; never drawn from a prior
    options : names of the rival forms where the parameter is a choice
    """

    name: str
    default: float | str
    low: float | None
    high: float | None
    unit: str
    source: str
    meaning: str
    lever: bool = False
    options: tuple[str, ...] = ()


def lever(
    name: str, default: float, low: float, high: float, unit: str, source: str, meaning: str
) -> Parameter:
    """Return a parameter that policy sets."""
    return Parameter(name, default, low, high, unit, source, meaning, lever=True)


def choice(name: str, default: str, options: tuple[str, ...], source: str, meaning: str) -> Parameter:
    """Return a choice between rival forms; inside the run it is the index of the option."""
    return Parameter(name, default, None, None, "choice", source, meaning, lever=True, options=options)


class Declares(Protocol):
    """Anything with an id and parameters: a mechanism, or its declaration read from the table."""

    @property
    def id(self) -> str:
        """The name of its file."""
        ...

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its numbers and choices."""
        ...


@dataclass(frozen=True)
class Declared:
    """A mechanism's id and parameters, as the table ``declared.json`` holds them."""

    id: str
    parameters: tuple[Parameter, ...]


@cache
def declared() -> tuple[Declared, ...]:
    """Return what every mechanism declares, in the order of a month; a test holds the table to them."""
    text = (files("dearth") / "system" / "declared.json").read_text(encoding="utf-8")
    return tuple(
        Declared(
            row["id"],
            tuple(Parameter(**{**p, "options": tuple(p["options"])}) for p in row["parameters"]),
        )
        for row in json.loads(text)
    )


def declared_table(order: tuple[Declares, ...]) -> str:
    """Return the text of ``declared.json`` for the mechanisms of `order`."""
    rows = [{"id": m.id, "parameters": [vars(p) for p in m.parameters]} for m in order]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
