"""Units: what each one measures (`base`), how much of it (`factor`), and how its figures add up (`kind`).

The table is ``units.csv``. A case adds units of its own in ``case.yaml``: their base and factor are data.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Kind = Literal["count", "rate", "share", "level"]
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[, '\u00a0\u202f](?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Unit:
    """One unit.

    Attributes
    ----------
    base : the unit in which figures are compared and computed
    factor : how much of the base unit one of this unit is
    kind : count = figures of two periods add up; rate, share and level = they are averaged by days
    """

    name: str
    base: str
    factor: float
    kind: Kind


class UnitTable:
    """The units of the package and those of one case."""

    def __init__(self, own: Iterable[Unit] = ()):
        self._units: Mapping[str, Unit] = {**_package(), **{_plain(unit.name): unit for unit in own}}

    def get(self, name: str) -> Unit | None:
        """Return the unit called `name`; separators of thousands in the name do not matter."""
        return self._units.get(_plain(name))

    def of_base(self, base: str) -> tuple[str, ...]:
        """Return the names of the units that measure `base`."""
        return tuple(unit.name for unit in self._units.values() if unit.base == base)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the name of every unit."""
        return tuple(unit.name for unit in self._units.values())


def _plain(name: str) -> str:
    return _BETWEEN_DIGITS.sub("", name)


@cache
def _package() -> dict[str, Unit]:
    text = (files("dearth.case") / "units.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    found = [Unit(r["unit"], r["base"], float(r["factor"]), cast(Kind, r["kind"])) for r in rows]
    return {_plain(unit.name): unit for unit in found}
