"""The answer in short sentences, each computed from the estimates beside it."""

from typing import NamedTuple

import numpy as np

from dearth.case import labels
from dearth.case.read import Case
from dearth.estimate.accounts import Account, accounts_sentences
from dearth.estimate.choices import Choice
from dearth.estimate.one_estimate import Estimate
from dearth.estimate.recomputed_estimates import PublishedEstimate
from dearth.estimate.unborn import unborn_sentence
from dearth.numerics.number_words import persons, span
from dearth.population.vital_registration import migration_references

NEAR = 5  # years around the window whose accounts are reported


class _End(NamedTuple):
    """One end of a range: the median of one estimate, and the estimate."""

    median: float
    toll: Estimate

    @property
    def rate(self) -> str:
        """The normal death rate that the figure implies; empty where there is none."""
        rate = self.toll.normal_rate
        return "" if rate is None else f"{rate:.1f}"


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
    """Return the answer, one sentence each: the records as they stand, what they depend on, births, others.

    Parameters
    ----------
    default
        The estimate reported first: the case's own, or the nearest to it of those asked for.
    """
    wanted = default.choice
    same = [
        t for t in tolls
        if _like(t.choice, wanted, "method", "series", "window", "basis")
        and not t.choice.transfer and bool(t.mixed) == bool(default.mixed)
    ]  # fmt: skip
    return [
        *_as_they_stand(case, same, default), *_by_completeness(case, same, wanted),
        *_accounts(case, rows, default), *_births(default), *_published(case, published),
    ]  # fmt: skip


def _as_they_stand(case: Case, same: list[Estimate], default: Estimate) -> list[str]:
    """Return the excess deaths of the case's own choice, the records behind them and the normal rates."""
    wanted, names = default.choice, labels.of(case)
    plain = [t for t in same if t.choice.completeness == wanted.completeness] or [default]
    ends = _range(plain)
    shares = [100 * float(np.median(toll.p_score)) for toll in plain]
    share = " to ".join(dict.fromkeys(f"{end:.0f}" for end in (min(shares), max(shares))))
    return [
        f"In {case.settings.place}, {wanted.window.name}, excess deaths are {_words(ends)}: {share} % of "
        "the deaths expected in the same period.",
        f"The deaths are those of the series '{names.series(wanted.series)}' (completeness: "
        f"{names.completeness(wanted.completeness.label)}).",
        _normal_rates(plain, ends, names.baseline(wanted.baseline_name, default.counts)),
    ]


def _words(ends: tuple[_End, _End]) -> str:
    low, high = ends
    return span(low.median, high.median)


def _rates(ends: tuple[_End, _End]) -> str:
    """Return the normal death rates that the ends imply: 'normal rates 12.3 and 8.6 per 1000'."""
    rates = [end.rate for end in ends if end.rate]
    if not rates:
        return ""
    several = "s" if len(set(rates)) > 1 else ""
    return f"normal rate{several} {' and '.join(dict.fromkeys(rates))} per 1000"


def _normal_rates(plain: list[Estimate], ends: tuple[_End, _End], baseline: str) -> str:
    many, rates = len({t.choice.baseline_name for t in plain}), _rates(ends)
    if many > 1:
        behind = f" ({rates} at the two ends)" if rates else ""
        what = "numbers of deaths" if plain[0].counts else "death rates"
        return f"The range depends only on which of {many} normal {what} is taken{behind}."
    return f"The normal deaths are those of '{baseline}'{f' ({rates})' if rates else ''}."


def _by_completeness(case: Case, same: list[Estimate], wanted: Choice) -> list[str]:
    """Return the excess deaths under each other completeness that the case declares."""
    names, own = labels.of(case), wanted.completeness.label
    others = sorted({t.choice.completeness.label for t in same} - {own})
    if not others:
        return ["One completeness of registration is taken here, so the figure depends on it."]
    found = []
    for label in others:
        ends = _range([t for t in same if t.choice.completeness.label == label])
        rates = f" ({_rates(ends)})" if _rates(ends) else ""
        found.append(f"Excess deaths are {_words(ends)}{rates} if '{names.completeness(label)}'.")
    return [*found, "These ranges are what each assumption requires; they are not probabilities."]


def _accounts(case: Case, rows: list[Account], default: Estimate) -> list[str]:
    """Return whether the accounts close in the window and in the years around it."""
    window, register = default.choice.window, default.choice.series
    mine = [
        r for r in rows
        if r.register == register and not r.place and window.first - NEAR <= r.year <= window.last + NEAR
    ]  # fmt: skip
    if not mine:
        return ["No year-end stocks are available, so the accounts cannot be checked."]
    return accounts_sentences(mine, _migration(case, register))


def _migration(case: Case, register: str) -> str:
    return ", ".join(
        map(labels.of(case).reference, migration_references(case, case.settings.registers[register]))
    )


def _births(default: Estimate) -> list[str]:
    """Return the birth deficit, gross first, each sign as a word."""
    births = default.births.figures
    if births.gross is None:
        return ["Births lost cannot be computed from the records of this case."]
    gross = births.gross.median
    found = [f"Births were {persons(abs(gross))} {'below' if gross >= 0 else 'above'} the normal birth rate "
             "(gross birth deficit)."]  # fmt: skip
    if births.recovered is not None:
        recovered = births.recovered.median
        found.append("In the years declared for the recovery of births, births were "
                     f"{persons(abs(recovered))} {'above' if recovered >= 0 else 'below'} the normal birth "
                     "rate.")  # fmt: skip
    return [*found, "Births lost are children never born, not deaths; they are never added to deaths."]


def _published(case: Case, published: list[PublishedEstimate]) -> list[str]:
    figures = [
        value
        for row in published
        if not row.recalled
        for value in (row.stated.low, row.stated.central, row.stated.high)
        if value is not None
    ]
    if not figures:
        return []
    return [f"Published estimates run from {span(min(figures), max(figures))}; the report "
            "lists each with what it assumes.", unborn_sentence(case, names=False)]  # fmt: skip
