"""Levels of the administration: names from the smallest unit up to the centre, as the scenario declares them.

The places of a run report to the second level, that one to the third, and so on up to the centre. Places of
one unit of the second level are neighbours: they share grain and compare their reports. The units of the
highest level below the centre hold the granaries of the state; with two levels the centre holds the only one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, BeforeValidator, ConfigDict, RootModel

from dearth.case.problems import Problem, did_you_mean

WHOLE = "whole"  # the unit that a place lies in where the scenario names none
# words that stand beside the names of levels: resolutions, options, rows of tables
RESERVED = ("all", "country", "fields", "place", "strength", "whole")
LEAST, MOST = 2, 9  # levels of a scenario
EXAMPLE = "[village, district, centre]"


def _listed(names: object) -> object:
    if not isinstance(names, list | tuple):
        raise ValueError(f"levels are a list of names, the smallest unit first, as in {EXAMPLE}")
    return names


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    if not LEAST <= len(names) <= MOST:
        raise ValueError(
            f"a scenario has {LEAST} to {MOST} levels, and this one has {len(names)}; name them from the "
            f"smallest unit up to the centre, as in {EXAMPLE}"
        )
    for name in names:
        if not name.isidentifier():
            raise ValueError(f"'{name}' is no name of a level; use letters, digits and underscores")
        if name in RESERVED:
            raise ValueError(f"a level cannot be named '{name}': the word has another meaning; take another")
    twice = [name for name, many in Counter(names).items() if many > 1]
    if twice:
        raise ValueError(f"the level {twice[0]} is listed twice; give each level its own name")
    return names


Names = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_names)]


class Levels(RootModel[Names]):
    """Names of the levels, the smallest unit first and the centre last; two at least."""

    model_config = ConfigDict(frozen=True)

    @property
    def names(self) -> tuple[str, ...]:
        """Every level, the smallest unit first."""
        return self.root

    @property
    def many(self) -> int:
        """How many levels, the centre included."""
        return len(self.root)

    @property
    def smallest(self) -> str:
        """The level of the smallest units, which see the harvest."""
        return self.root[0]

    @property
    def reporting(self) -> tuple[str, ...]:
        """The levels that report to one above them: all but the centre."""
        return self.root[:-1]

    @property
    def between(self) -> tuple[str, ...]:
        """The levels between the smallest units and the centre; none where there are two levels."""
        return self.root[1:-1]

    @property
    def centre(self) -> str:
        """The level to which all others report."""
        return self.root[-1]

    def path(self, within: Mapping[str, str]) -> tuple[str, ...]:
        """Return the units that a place lies in, from the highest level below the centre down to the second.

        A unit that is not named has the name of the unit above it, and the highest one the name "whole".
        """
        found: list[str] = []
        for level in reversed(self.between):
            found.append(within.get(level) or (found[-1] if found else WHOLE))
        return tuple(found)


NEUTRAL = Levels(("community", "district", "region", "centre"))


class Divided(Protocol):
    """A place that says in which units it lies, and how many units it is made of."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def within(self) -> Mapping[str, str]:
        """Name of the unit by level."""
        ...

    @property
    def units(self) -> Mapping[str, int]:
        """How many units of a level it is made of."""
        ...


def place_problems(
    levels: Levels, places: Iterable[Divided], file: str, lines: Mapping[Any, int]
) -> list[Problem]:
    """Return what is wrong with the units of the places, each with its line."""
    found: list[Problem] = []
    for at, place in enumerate(places):
        for field, level, told in _wrong(levels, place):
            path = ("places", at, field, level)
            line = lines.get(path, lines.get(("places", at)))
            found.append(Problem(file, told, line, ".".join(map(str, path))))
    return found


def _wrong(levels: Levels, place: Divided) -> Iterable[tuple[str, str, str]]:
    """Give field, level and message of each mistake of a place."""
    allowed: tuple[tuple[str, Iterable[str], Sequence[str], str], ...] = (
        ("within", place.within, levels.between, "between the smallest unit and the centre"),
        ("units", place.units, levels.reporting, "below the centre"),
    )
    for field, named, known, where in allowed:
        for level in named:
            if level not in known:
                hint = did_you_mean(level, known, len(known)) if known else "; this scenario has none"
                yield field, level, f"`{field}` takes the levels {where}, and '{level}' is none{hint}"
    counts = [(level, place.units.get(level, 1)) for level in levels.reporting]
    for (lower, few), (level, many) in pairwise(counts):
        if many > few:
            yield (
                "units",
                level,
                (
                    f"{place.name} has more units of the level {level} ({many}) than of the level {lower} "
                    f"({few}); a unit of {level} has at least one of {lower}"
                ),
            )
        if many > 1 and place.within.get(level):
            yield (
                "units",
                level,
                (
                    f"{place.name} lies in one {level} ({place.within[level]}) and has {many}; leave one of "
                    "`within` and `units` out"
                ),
            )
