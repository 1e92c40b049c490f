"""All comparisons of a case: errors where a figure is impossible, warnings where it is only unlikely."""

from collections.abc import Iterator
from typing import Any

from dearth.case.evidence import Evidence, Row
from dearth.case.plausibility.accounts import Finding, accounts_of
from dearth.case.plausibility.ages_and_totals import ages_and_totals
from dearth.case.plausibility.deaths_and_people import deaths_and_people
from dearth.case.plausibility.neighbours import neighbours
from dearth.case.plausibility.rates_and_counts import rates_and_counts
from dearth.case.plausibility.stocks_and_flows import stocks_and_flows
from dearth.case.plausibility.surveys_and_registers import surveys_and_registers
from dearth.case.problems import Problem
from dearth.case.schema import CaseFile
from dearth.case.units import UnitTable
from dearth.case.vocabulary import adds_up

MOST_LINES = 8  # lines named of rows that have the same fault
CLEAREST = (
    "exceed",
    "zero",
    "neighbours",
    "ages",
    "rate",
    "low",
    "high",
)  # kinds of errors, the clearest first
IMPOSSIBLE = "This cannot be: correct the row, its unit, or the row that it is compared with"


def implausible(evidence: Evidence, settings: CaseFile, units: UnitTable) -> list[Problem]:
    """Return what the series say against each other, one problem a kind of fault, with its rows.

    A figure that is impossible is an error where the case computes with its series, else a warning.
    """
    found = _one_a_row(list(dict.fromkeys(_findings(evidence, settings, units))))
    named = _named_series(settings.model_dump(), {row.series for row in evidence})
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in found:
        severe = one.severity if one.row.series in named else "warning"
        key = (severe, one.row.file, one.row.series, one.row.variable, one.kind)
        groups.setdefault(key, []).append(one)
    return [_problem(key[0], same) for key, same in sorted(groups.items(), key=lambda item: item[0])]


def _findings(evidence: Evidence, settings: CaseFile, units: UnitTable) -> Iterator[Finding]:
    accounts = list(accounts_of(evidence, settings))
    for account in accounts:
        yield from deaths_and_people(account, units)
        yield from rates_and_counts(account, units)
        yield from stocks_and_flows(account)
    yield from surveys_and_registers(accounts, settings)
    yield from neighbours(evidence, accounts, units)
    yield from ages_and_totals(evidence, _tied(settings))


def _one_a_row(found: list[Finding]) -> list[Finding]:
    """Return the clearest error of each row, and no stock that only repeats an error of its year."""
    clearest: dict[Row, str] = {}
    for kind in CLEAREST:
        for one in found:
            if one.severity == "error" and one.kind == kind:
                clearest.setdefault(one.row, kind)
    wrong = {(row.place, row.year) for row in clearest}
    # a wrong stock ends one year and begins the next
    wrong |= {(row.place, row.year + 1) for row in clearest if adds_up(row.variable, row.kind) == "stock"}
    return [
        one
        for one in found
        if clearest.get(one.row, one.kind) == one.kind
        and not (one.kind == "stock" and (one.row.place, one.row.year) in wrong)
    ]


def _tied(settings: CaseFile) -> dict[str, str]:
    """Return which total the reconstruction compares its deaths by age with."""
    block = settings.reconstruction
    if block is None or block.deaths_by_age is None:
        return {}
    register = settings.registers.get(block.register_name)
    if register is None or register.deaths is None:
        return {}
    by_age = block.deaths_by_age
    return {f"{by_age.series}/{by_age.variable}": register.deaths}


def _named_series(content: Any, series: set[str]) -> set[str]:
    """Return the series that case.yaml names anywhere: alone, or as ``series/variable``."""
    if isinstance(content, dict):
        return {one for value in content.values() for one in _named_series(value, series)}
    if isinstance(content, list | tuple):
        return {one for value in content for one in _named_series(value, series)}
    return {str(content).partition("/")[0]} & series if isinstance(content, str) else set()


def _problem(severity: str, same: list[Finding]) -> Problem:
    """Return the problem of rows with the same fault: the first in full, the lines of the others."""
    first = same[0]
    where = f"{first.row.place}: " if first.row.place else ""
    message = where + first.message
    lines = sorted({one.row.line for one in same[1:]} - {first.row.line})
    if lines:
        shown = ", ".join(map(str, lines[:MOST_LINES])) + (", …" if len(lines) > MOST_LINES else "")
        message += f". The same fault in {len(lines)} more row(s): line {shown}"
    if severity == "error":
        return Problem(first.row.file, f"{message}. {IMPOSSIBLE}", first.row.line, "value")
    return Problem(first.row.file, message, first.row.line, "value", "warning")
