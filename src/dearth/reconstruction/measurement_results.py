"""What a measurement would bring: within a scenario, and between two."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Narrowing:
    """What a measurement does to excess deaths of one scenario.

    Attributes
    ----------
    error, error_shared : standard deviations in `unit`, of each part and of all together
    share_removed : of the variance of excess deaths, on average; None where it cannot be computed
    width_now, width_after : of the interval, persons
    width_reweighted : the same by reweighting draws; None where too few draws carry it
    not_computed : why, where it cannot be computed
    """

    name: str
    what: str
    unit: str
    error: float
    error_shared: float
    why: str
    share_removed: float | None = None
    width_now: float | None = None
    width_after: float | None = None
    width_reweighted: float | None = None
    not_computed: str | None = None


@dataclass(frozen=True)
class Expected:
    """What a scenario expects a measurement to show: mean and sd of each part."""

    mean: list[float]
    sd: list[float]


@dataclass(frozen=True)
class Settling:
    """How well a measurement would distinguish two scenarios.

    Attributes
    ----------
    between : names of the scenarios
    log_bayes_factor : expected, whichever holds; None where it cannot be computed
    misled : how often a result favours the wrong scenario
    error_allowed : times its stated error at which it still settles; None where it does not
    expected : by scenario
    """

    name: str
    what: str
    unit: str
    error: float
    error_shared: float
    why: str
    between: list[str]
    log_bayes_factor: float | None = None
    misled: float | None = None
    error_allowed: float | None = None
    expected: dict[str, Expected] = field(default_factory=dict)
    not_computed: str | None = None
