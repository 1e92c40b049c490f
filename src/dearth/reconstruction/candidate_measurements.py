"""What could still be measured: each candidate, what it would show of a draw, and its error with a reason.

Every error is a standard deviation in the unit of what is shown; `shared` is an error common to all parts of
a measurement (an area hit harder than the whole, deaths forgotten at every age alike).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Seen = Mapping[str, Any]  # kept quantities of one scenario, [draw, ...]
BEFORE = 3  # years before the crisis that stand for a normal one; as 1955-57 stands in the case of China
BROAD = (0, 2, 3, 4, 9, 13)  # of 0, 1-4, 5-9 to 85+, where 0-4, 5-9, 10-14, 15-39, 40-59 and 60+ begin
CHILDREN = 20  # single ages of a census read here: those born in the crisis and just before or after


@dataclass(frozen=True)
class When:
    """The years [year] of the reconstruction and 1 for each of the crisis, else 0 [year]."""

    years: tuple[int, ...]
    crisis: Floats

    @property
    def inside(self) -> Places:
        """Return the places of the crisis years."""
        return np.flatnonzero(self.crisis)

    @property
    def before(self) -> Places:
        """Return the places of up to three years before the crisis, none where it begins at once."""
        first = int(self.inside[0])
        return np.arange(max(0, first - BEFORE), first)


@dataclass(frozen=True)
class Candidate:
    """A measurement nobody has made, or none that the case holds.

    Attributes
    ----------
    what : in plain words
    needs : keys of the kept quantities
    shows : from kept quantities [draw, ...] to the result without error, [draw] or [draw, part]
    unit : of the result and of its errors
    error, shared : standard deviations, of each part apart and of all parts together
    why : source of the error, or `assumed` with the reasoning

    Raises
    ------
    ValueError
        An error that is not positive, or a shared one below zero.
    """

    name: str
    what: str
    needs: tuple[str, ...]
    shows: Callable[[Seen, When], Any]
    unit: str
    error: float
    why: str
    shared: float = 0.0

    def __post_init__(self) -> None:
        if not self.error > 0 or self.shared < 0:
            raise ValueError(f"{self.name}: errors must be positive, not {self.error} and {self.shared}")


def _broad(deaths: Any) -> Any:
    """Return deaths [draw, group] in broad ages."""
    return np.add.reduceat(deaths, BROAD, axis=-1)


def _rise_by_age(seen: Seen, when: When) -> Any:
    years = len(when.inside) / len(when.before)
    return np.log(_broad(seen["crisis_deaths_by_age"]) / _broad(seen["before_deaths_by_age"]) / years)


def _shares_by_age(seen: Seen, when: When) -> Any:
    deaths = _broad(seen["crisis_deaths_by_age"])
    return deaths / deaths.sum(-1, keepdims=True)


def _not_of_the_year(seen: Seen, when: When) -> Any:
    prompt, late, struck = (seen[name][:, when.inside].sum(-1) for name in ("prompt", "late", "struck"))
    return np.stack([late, struck], axis=-1) / (prompt + late + struck)[:, None]


def _normal_rate(seen: Seen, when: When) -> Any:
    last = when.before[-1]
    return np.log(seen["normal_deaths"][:, last] / seen["people"][:, last])


def _children_dead(seen: Seen, when: When) -> Any:
    born = [at for at in (*when.before, *when.inside) if at < seen["alive_at_five"].shape[1]]
    return np.log(1 - seen["alive_at_five"][:, born])


def _names(seen: Seen, when: When) -> Any:
    after = np.arange(when.inside[0], len(when.years))
    return seen["false_entries_removed"][:, after].sum(-1) / seen["people"][:, after[0]]


def _migration(seen: Seen, when: When) -> Any:
    return 1000 * seen["migration"] / seen["people"][:, when.inside].sum(-1)


MATCHED = (
    "assumed: 2,000 deaths of share 0.7 with a design effect of 10 give 0.032; matched as by Chandra Sekar "
    "and Deming (1949); a survey of Thailand 2005-06 came far below it (Vapattanawong and Prasartkul 2011)"
)
CHECKED = (
    "assumed: a fifth to a third of the coverage errors declared; checks of China's later censuses found "
    "0.015 % (1982), 0.06 % (1990), 1.81 % (2000) (Science 2001)"
)
ONE_AREA = "assumed: an area lies 0.5 (log) above or below the whole at all ages, and 0.1 at one alone"
FORGOTTEN = (
    "assumed: dead children are left out more than living ones (Nareeba et al. 2021), so most of the error "
    "is shared"
)
SIBLINGS = (
    "assumed: half of the quarter of adult deaths the usual questions missed in Niakhar (Helleringer et al. "
    "2014)"
)
SHARE, LOG = "share", "log"
AT_DEATH, RISE = ("crisis_deaths_by_age",), ("crisis_deaths_by_age", "before_deaths_by_age")

CANDIDATES: tuple[Candidate, ...] = (
    Candidate(
        "crisis_deaths_matched",
        "2,000 deaths of the crisis, known from households or genealogies, looked for in the register of "
        "their year",
        ("completeness_crisis",), lambda seen, when: seen["completeness_crisis"], SHARE, 0.03, MATCHED,
    ),
    Candidate(
        "normal_deaths_matched", "2,000 deaths of normal years looked for in the register of their year",
        ("completeness_normal",), lambda seen, when: seen["completeness_normal"], SHARE, 0.03, MATCHED,
    ),
    Candidate(
        "entries_traced",
        "2,000 death entries of the crisis traced: share registered late, share that stood for nobody",
        ("prompt", "late", "struck"), _not_of_the_year, SHARE, 0.02,
        "assumed: share 0.1 of 2,000 with a design effect of 10 gives 0.021",
    ),
    Candidate(
        "checked_area",
        "deaths by age in the crisis over those of the years before, one area whose register was checked",
        RISE, _rise_by_age, LOG, 0.1, ONE_AREA, 0.5,
    ),
    Candidate(
        "checked_areas",
        "deaths by age in the crisis over those of the years before, 60 areas drawn at random and checked",
        RISE, _rise_by_age, LOG, 0.03, f"{ONE_AREA}, over the root of 60; 0.027 for ages misstated", 0.065,
    ),
    Candidate(
        "ages_at_death", "shares of the deaths of the crisis by age, whatever the register misses",
        AT_DEATH, _shares_by_age, SHARE, 0.02, "assumed: areas differ and infants are missed more",
    ),
    Candidate(
        "deaths_under_ten", "share of the deaths of the crisis under age 10",
        AT_DEATH, lambda seen, when: _shares_by_age(seen, when)[:, :2].sum(-1), SHARE, 0.03,
        "assumed: as ages_at_death, two groups together",
    ),
    Candidate(
        "children_surviving",
        "survey of children ever born and surviving: share dead by the fifth year on, of those born in the "
        "crisis and up to three years before",
        ("alive_at_five",), _children_dead, LOG, 0.05, FORGOTTEN, 0.1,
    ),
    Candidate(
        "adults_surviving",
        "survey of brothers and sisters: share of those aged 15-59 who died in the crisis",
        ("adults_surviving",), lambda seen, when: np.log(1 - seen["adults_surviving"]), LOG, 0.12, SIBLINGS,
    ),
    Candidate(
        "normal_death_rate", "normal crude death rate of the last year before the crisis, to 2 %",
        ("normal_deaths", "people"), _normal_rate, LOG, 0.02, "assumed: as it says",
    ),
    Candidate(
        "births_matched", "4,000 births looked for in the register",
        ("birth_completeness",), lambda seen, when: seen["birth_completeness"], SHARE, 0.01,
        "assumed: share 0.88 of 4,000 with a design effect of 4 gives 0.010",
    ),
    Candidate(
        "births_of_the_crisis", "births of each crisis year from a larger fertility survey, to 2 %",
        ("births",), lambda seen, when: np.log(seen["births"][:, when.inside]), LOG, 0.02,
        "assumed: half the error declared for the survey that the case of China holds", 0.01,
    ),
    Candidate(
        "census_checked", "people at the first census after the crisis, its coverage checked to 0.3 %",
        ("counted_ages",), lambda seen, when: np.log(seen["counted_ages"].sum(-1)), LOG, 0.003, CHECKED,
    ),
    Candidate(
        "census_single_ages", "the first census after the crisis by single ages, those under 20",
        ("counted_ages",), lambda seen, when: np.log(seen["counted_ages"][:, :CHILDREN]), LOG, 0.03,
        "assumed: ages misstated by 3 % each, coverage shared", 0.01,
    ),
    Candidate(
        "names_struck_off", "names without people removed from the population register, counted",
        ("false_entries_removed", "people"), _names, "share of people", 0.002,
        "assumed: about a tenth of 1.7 % of the people, the largest such claim known (Sun, of China)",
    ),
    Candidate(
        "net_migration", "net migration over the border in the crisis",
        ("migration", "people"), _migration, "per 1000 a year", 0.05,
        "assumed: counts of the neighbours, a tenth of the prior's 0.5 a year",
    ),
)  # fmt: skip
