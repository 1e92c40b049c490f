"""The form of ``simulate --json``: what the terminal, the report and the charts read of a simulation."""

from typing import NotRequired, TypedDict


class Band(TypedDict):
    """Median of draws and ends of their central interval; None where there is one run or no figure."""

    median: float | None
    low: float | None
    high: float | None
    level: float | None


class StoryEntry(TypedDict):
    """A row of a story, as `history_rows.StoryRow`."""

    month: str
    panel: str
    what: str
    median: float | None
    low: float | None
    high: float | None


class Story(TypedDict):
    """The records of one place by month."""

    place: str
    rows: list[StoryEntry]


Figure = float | Band | None  # a median; of a fitted simulation the median with its interval
Measures = dict[str, Figure]  # by the names and in the units of `history.MEASURES`


def median_of(figure: Figure) -> float | None:
    """Return the median of a figure of a year."""
    return figure["median"] if isinstance(figure, dict) else figure


class FormEntry(TypedDict):
    """Where the equations of a mechanism come from."""

    grade: str
    sources: list[str]
    note: str


class ParameterEntry(TypedDict):
    """A parameter of a mechanism with its range; `options` where it is a choice of words."""

    name: str
    default: float | str
    low: float | None
    high: float | None
    unit: str
    source: str
    grade: str
    sources: list[str]
    meaning: str
    lever: bool
    options: NotRequired[list[str]]


class MechanismEntry(TypedDict):
    """A mechanism as ``dearth mechanisms --json`` lists it; `package` is empty for those of dearth."""

    id: str
    aliases: list[str]
    systems: list[str]
    parts: list[str]
    summary: str
    group: str
    when: str
    package: str
    shared: list[str]
    form: FormEntry
    parameters: list[ParameterEntry]


class SimulationDocument(TypedDict):
    """The JSON object of ``simulate``: persons, tonnes of original grain, rates per 1000.

    `fit` is the registration scenario of the fit whose draws these are, "" where they are from priors. In
    `by_year` and `by_province` a figure is a median; of a fitted simulation it is a `Band`. `by_year`,
    `bands`, `by_province` and `by_place` have years as text. `installed` lists mechanisms of
    other packages with `id`, `package` and `version`. `scenario` names settings outside the literature's
    ranges. `balance` has the largest relative errors of the accounts.
    """

    schema: str
    case: str
    fitted: bool
    fit: str
    regime: str
    settings: list[str]
    off: list[str]
    installed: list[dict[str, str]]
    scenario: list[str]
    resolution: str
    draws: int
    seed: int
    by_year: dict[str, Measures]
    bands: dict[str, dict[str, Band]]
    by_province: dict[str, dict[str, Measures]]
    balance: dict[str, float]
    by_place: NotRequired[dict[str, dict[str, Measures]]]
    story: NotRequired[Story]
