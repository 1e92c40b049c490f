"""The form of ``recover --json``: what the terminal, the page and the pictures of trials read of it."""

from typing import NotRequired, TypedDict

Coverage = dict[str, float | None]  # share of intervals that hold the truth, by level in per cent


class BirthScores(TypedDict):
    """Coverage of births, and of births lost: gross, recovered (an old name) and net."""

    coverage: Coverage
    gross_coverage: Coverage
    regained_coverage: Coverage
    net_coverage: Coverage


class OwnNormal(TypedDict):
    """Coverage of excess deaths over the normal mortality of the estimate itself."""

    coverage: Coverage


class Degradation(TypedDict):
    """One thing that was done to the full records; `ranges` are mild and bad, by name of the number."""

    letter: str
    name: str
    what: str
    ranges: dict[str, list[float]]


class Trial(TypedDict):
    """One replicate: persons; `interval90` has low and high by quantity; `drawn` numbers by letter."""

    window: str
    letters: str
    corner: bool
    drawn: dict[str, dict[str, float]]
    truth: dict[str, float]
    interval90: dict[str, list[float]]
    median: dict[str, float]
    warnings: list[str]
    refused: list[str]


class RecipeScore(TypedDict):
    """A published recipe over the true excess: median and the central share `level` of the draws."""

    median: float
    low: float
    high: float
    level: float
    what: str
    who: str


class Beyond(TypedDict):
    """How often a degradation beyond the priors was warned of, and whether the records show it at all."""

    trials: int
    warned: float
    seen: bool


class TrialsDocument(TypedDict):
    """The JSON object of ``recover``: shares from 0 to 1, widths over the true deaths, None of no trials."""

    schema: str
    case: str
    tier: int | None
    what: str
    calibration: bool
    like: str | None
    replicates: int
    seed: int
    windows: str
    degradations: list[Degradation]
    refused_table: bool
    used: int
    refused: int
    coverage: Coverage
    excess_coverage: Coverage
    worst_corner_coverage90: float | None
    width_over_toll: float | None
    bias_over_toll: float
    interval_score: float
    warned: float | None
    held_or_warned: float | None
    births: BirthScores
    own_normal: OwnNormal
    rank_histogram: dict[str, list[int]]
    called_excess: float | None
    called_famine: float | None
    truly_excess: float | None
    trials: list[Trial]
    recipes: NotRequired[dict[str, RecipeScore]]
    recipes_not_carried_out: NotRequired[dict[str, str]]
    beyond: NotRequired[dict[str, Beyond]]
