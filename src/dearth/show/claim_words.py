"""Verdicts in words: the same in the terminal and in the report."""

from dearth.claims.results import Alternative, Claims, Verdicts
from dearth.claims.schema import Said
from dearth.claims.verdict import Verdict
from dearth.numerics.interval import Interval


def marked(one: Verdicts) -> str:
    """Return the verdict, whether it flips, and whether the claim adds births to deaths."""
    marks = [str(one.verdict)]
    marks += ["flips"] if one.flips else []
    marks += ["adds births to deaths"] if one.mixes else []
    return "; ".join(marks)


def number(value: Interval) -> str:
    """Return a value with its interval, to three digits."""
    if value.low is None or value.high is None:
        return _short(value.median)
    return f"{_short(value.median)} ({_short(value.low)} to {_short(value.high)})"


def _short(value: float) -> str:
    if value != value:
        return "no value"
    return f"{value:,.0f}" if abs(value) >= 1000 and not 1500 <= value <= 2100 else f"{value:.3g}"


def cited(said: Said, made: Claims) -> str:
    """Return the source of a claim as readers see it, with the place in it."""
    work, row = made.case.works.get(said.source), made.case.sources.get(said.source, {})
    title = work.short if work else row.get("title") or said.source
    return f"{title}, {said.where}" if said.where else title


def extremes(alternatives: list[Alternative]) -> list[Alternative]:
    """Return the lowest and the highest values of each verdict."""
    shown: list[Alternative] = []
    for verdict in Verdict:
        same = sorted((a for a in alternatives if a.verdict is verdict), key=lambda a: a.value.median)
        shown += same if len(same) <= 2 else [same[0], same[-1]]
    return shown
