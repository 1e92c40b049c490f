"""What the report says of an explanation, in words: the effect of all causes and a line for each."""

from dataclasses import dataclass

from dearth.explain.explain import Explanation
from dearth.numerics.interval import Interval
from dearth.numerics.number_words import persons

OUTCOMES = {"excess_deaths": "excess deaths", "births_lost": "births lost", "grain_output": "grain lost"}
ASSUMPTION = "assumption: the records hardly narrow it"


@dataclass(frozen=True)
class CauseLine:
    """One cause as a table of the report has it."""

    label: str
    share: str
    before: str
    amount: str
    remark: str


@dataclass(frozen=True)
class WhyWords:
    """An explanation in words; `residual` is empty for another outcome than excess deaths."""

    outcome: str
    total: str
    rows: tuple[CauseLine, ...]
    residual: str


def why_words(made: Explanation | None) -> WhyWords | None:
    """Return the words of an explanation, causes in the order of their shares."""
    if made is None:
        return None
    found = made.shares
    ordered = sorted(found.causes, key=lambda one: -one.amount.median)
    rows = tuple(
        CauseLine(one.label, share_words(one.share), share_words(one.prior_share),
                  amount_words(one.amount, found.unit), ASSUMPTION if one.assumption else "")
        for one in ordered
    )  # fmt: skip
    residual = "" if made.residual is None else amount_words(made.residual, "persons")
    return WhyWords(OUTCOMES[found.outcome], amount_words(found.total, found.unit), rows, residual)


def amount_words(one: Interval, unit: str) -> str:
    """Return an amount with its interval: "12.3 million (4.5 million to 20.1 million)"."""

    def say(value: float) -> str:
        return persons(value) if unit != "t" else f"{value / 1e6:.1f} million t"

    if one.low is None or one.high is None:
        return say(one.median)
    return f"{say(one.median)} ({say(one.low)} to {say(one.high)})"


def share_words(one: Interval) -> str:
    """Return a share with its interval: "34 % (10 % to 52 %)"; "none" where no draw has one."""
    if one.median != one.median:
        return "none"
    if one.low is None or one.high is None:
        return _percent(one.median)
    return f"{_percent(one.median)} ({_percent(one.low)} to {_percent(one.high)})"


def _percent(value: float) -> str:
    return f"{round(100 * value) + 0} %"
