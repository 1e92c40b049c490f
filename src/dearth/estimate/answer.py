"""The answer in honest sentences, each computed from the estimates beside it."""

from typing import NamedTuple

import numpy as np

from dearth.case import labels
from dearth.case.read import Case
from dearth.estimate.accounts import Account, accounts_sentence
from dearth.estimate.choices import Choice
from dearth.estimate.one_estimate import Estimate
from dearth.estimate.recomputed_estimates import PublishedEstimate
from dearth.numerics.number_words import pair, persons, span
from dearth.population.vital_registration import migration_references

NEAR = 5  # years around the window whose accounts the second sentence tells


class _End(NamedTuple):
    """One end of a range: the median of one estimate, and the estimate."""

    median: float
    toll: Estimate

    @property
    def rate(self) -> str:
        """The normal rate that the figure implies, to be written behind it."""
        rate = self.toll.normal_rate
        return "" if rate is None else f" (normal rate {rate:.1f} per 1000)"


def _range(tolls: list[Estimate]) -> tuple[_End, _End]:
    """Return the lowest and the highest median: an end of an interval is no estimate."""
    ends = [_End(toll.excess_deaths.median, toll) for toll in tolls]
    return min(ends, key=lambda end: end.median), max(ends, key=lambda end: end.median)


def _like(choice: Choice, wanted: Choice, *fields: str) -> bool:
    return all(getattr(choice, name) == getattr(wanted, name) for name in fields)


def answer(
    case: Case,
    tolls: list[Estimate],
    rows: list[Account],
    default: Estimate,
    published: list[PublishedEstimate],
) -> list[str]:
    """Return three sentences: the records as they stand, what they depend on, births and rivals.

    Parameters
    ----------
    default
        The estimate told first: the case's own, or the nearest to it of those asked for.
    """
    wanted = default.choice
    window = wanted.window.name
    same = [
        t for t in tolls
        if _like(t.choice, wanted, "method", "series", "window", "basis")
        and not t.choice.transfer and bool(t.mixed) == bool(default.mixed)
    ]  # fmt: skip
    plain = [t for t in same if t.choice.completeness == wanted.completeness] or [default]
    low, high = _range(plain)
    least, most = pair(low.median, high.median)
    deaths = f"{'about ' if high.median > low.median else ''}{least}{low.rate}"
    if least != most:
        deaths = f"between {least}{low.rate} and {most}{high.rate}"
    shares = [float(np.median(toll.p_score)) for toll in plain]
    share = f"{100 * min(shares):.0f}"
    if round(100 * max(shares)) > round(100 * min(shares)):
        share += f" to {100 * max(shares):.0f}"
    names = labels.of(case)
    many = len({t.choice.baseline_name for t in plain})
    hang = (
        f", depending only on which of {many} normal rates is taken"
        if many > 1
        else f" ({names.baseline(wanted.baseline_name)})"
    )
    first = (
        f"In {case.settings.place}, {window}, the deaths of the series '{names.series(wanted.series)}' "
        f"(completeness: {names.completeness(wanted.completeness.label)}) exceed the normal number by "
        f"{deaths}{hang}: {share} % of the deaths expected in the same period."
    )
    return [first, _second(case, same, rows, default), _third(default, published)]


def _second(case: Case, same: list[Estimate], rows: list[Account], default: Estimate) -> str:
    parts = []
    names = labels.of(case)
    options = {t.choice.completeness.label for t in same}
    if len(options) > 1:
        spans = {
            label: _range([t for t in same if t.choice.completeness.label == label])
            for label in sorted(options)
        }
        least = min(spans, key=lambda label: spans[label][0].median)
        most = max(spans, key=lambda label: spans[label][1].median)
        low, high = spans[least][0], spans[most][1]
        first, last = pair(low.median, high.median)
        parts.append(
            f"Under the {len(options)} completenesses of death registration that the case declares the "
            f"same records give from {first}{low.rate} if '{names.completeness(least)}' to "
            f"{last}{high.rate} if '{names.completeness(most)}'; these are what assumptions require, "
            "not probabilities"
        )
    else:
        parts.append("One completeness of registration is taken here, so the figure depends on it")
    window = default.choice.window
    mine = [
        r
        for r in rows
        if r.register == default.choice.series
        and not r.place
        and window.first - NEAR <= r.year <= window.last + NEAR
    ]
    if mine:
        parts.append(f"and {accounts_sentence(mine, _migration(case, default.choice.series))}")
    else:
        parts.append("no year-end stocks are available against which the accounts could be closed")
    return "; ".join(parts) + "."


def _migration(case: Case, register: str) -> str:
    return ", ".join(
        map(labels.of(case).reference, migration_references(case, case.settings.registers[register]))
    )


def _birth_deficit(gross: float, recovered: float | None) -> str:
    """Return the birth deficit in words, gross first, each sign as a word."""
    below = "below" if gross >= 0 else "above"
    told = f"Births were {persons(abs(gross))} {below} the normal birth rate (gross birth deficit)"
    if recovered is None:
        return told
    above = "above" if recovered >= 0 else "below"
    return f"{told}; in the years set for their recovery they were {persons(abs(recovered))} {above} it"


def _third(default: Estimate, published: list[PublishedEstimate]) -> str:
    births = default.births.figures
    if births.gross is None:
        told = "Births lost cannot be computed from what the case holds"
    else:
        told = _birth_deficit(
            births.gross.median,
            None if births.recovered is None else births.recovered.median,
        )
        told += "; they are children never born, not deaths, and are added to nothing"
    figures = [
        value
        for row in published
        if not row.recalled
        for value in (row.stated.low, row.stated.central, row.stated.high)
        if value is not None
    ]
    if figures:
        told += (
            f"; published tolls run from {span(min(figures), max(figures))}, each "
            "listed in the report with what it assumes"
        )
    return told + "."
