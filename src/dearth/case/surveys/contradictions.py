"""Rows of a survey that contradict themselves: all of them are named, none is left out in silence."""

from typing import Any

from dearth.case.problems import Problem
from dearth.case.surveys.columns import EVENTS
from dearth.case.surveys.table import Frame, found_at, lines_where
from dearth.numerics.optional_packages import needed

OLDEST = 125  # years; the oldest age ever verified is 122


def contradictions(frame: Frame, name: str) -> list[Problem]:
    """Return the contradictions of a table of persons, each kind once with all its lines."""
    found = []
    for column, message, condition in _rules(frame):
        lines = lines_where(frame, condition)
        if lines:
            found.append(found_at(name, column, message, lines))
    return [*found, *_two_heads(frame, name)]


def _rules(frame: Frame) -> list[tuple[str, str, Any]]:
    """Return column, message and condition of each rule whose columns the file has."""
    col = needed("polars").col
    has = set(frame.columns).issuperset
    rules = [("died", "it is not known whether the person died", (col("died") != 0) & (col("died") != 1))]
    order = [
        ("died_day", "born_day", "the death lies before the birth"),
        ("died_day", "joined_day", "the person joined after dying"),
        ("joined_day", "born_day", "the person joined before being born"),
        ("left_day", "born_day", "the person left before being born"),
        ("end_day", "start_day", "the person-time is negative: the end lies before the start"),
        *(("interview_day", f"{one}_day", f"the interview lies before the event '{one}'") for one in EVENTS),
    ]  # fmt: skip
    rules += [(b, message, col(a) < col(b)) for a, b, message in order if has({a, b})]
    if has({"died_day"}):
        rules.append(("died_day", "the death lies before the start of recall: negative person-time",
                      col("died_day") < 0))  # fmt: skip
    if has({"left_day"}):
        back = col("joined_day").is_not_null() if has({"joined_day"}) else needed("polars").lit(False)
        rules.append(("left_day", "the person left before the start of recall: negative person-time",
                      (col("left_day") < 0) & ~back))  # fmt: skip
    if has({"interview_day"}):
        rules.append(("interview_day", "the interview has no day", col("interview_day").is_null()))
        rules.append(
            ("interview_day", "the interview lies before the start of recall", col("interview_day") < 0)
        )
    if has({"person_days"}):
        rules.append(("person_days", "the person-time is negative", col("person_days") < 0))
    if has({"person_days", "interview_day"}):
        rules.append(("person_days", "the person-time is longer than the recall",
                      col("person_days") > col("interview_day")))  # fmt: skip
    if has({"weight"}):
        rules.append(("weight", "every person needs a weight above 0",
                      col("weight").is_null() | (col("weight") <= 0)))  # fmt: skip
    if has({"age"}):
        rules.append(("age", f"ages run from 0 to {OLDEST} years", (col("age") < 0) | (col("age") > OLDEST)))
    return rules


def _two_heads(frame: Frame, name: str) -> list[Problem]:
    if "head" not in frame.columns:
        return []
    col = needed("polars").col
    heads = frame.filter((col("head") == 1) & (col("died") == 0))
    double = heads.filter(col("line").len().over("cluster", "household") > 1)
    lines = double["line"].to_list()
    return [found_at(name, "head", "the household has two living heads", lines)] if lines else []


def notices(frame: Frame, name: str) -> list[Problem]:
    """Return what is unusual in a table of persons and does not stop the work."""
    col = needed("polars").col
    has = set(frame.columns).issuperset
    rules: list[tuple[str, str, Any]] = []
    untimed = col("person_days").is_null() if has({"person_days"}) else needed("polars").lit(True)
    for event in EVENTS:
        if has({event, f"{event}_day"}):
            rules.append((event, f"the event '{event}' has no day; these persons have no person-time",
                          (col(event) == 1) & col(f"{event}_day").is_null() & untimed))  # fmt: skip
        if has({event}) and event != "died":
            rules.append((event, f"it is not known whether the event '{event}' happened; it is taken as no",
                          col(event) == 99))  # fmt: skip
    if has({"died_cause"}):
        rules.append(("died_cause", "a cause of death is given for a person who is not recorded as dead",
                      col("died_cause").is_not_null() & (col("died") == 0)))  # fmt: skip
    rules += [(one, f"the {one} is not known", col(one).is_null()) for one in ("sex", "age") if has({one})]
    found = []
    for column, message, condition in rules:
        lines = lines_where(frame, condition)
        if lines:
            word = "row" if len(lines) == 1 else "rows"
            found.append(
                found_at(name, column, f"{len(lines):,} {word}: {message}", lines, severity="warning")
            )
    return found
