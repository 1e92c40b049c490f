"""The result of the lists of a case: sentences, assumptions, warnings and rows of JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, log10
from typing import Any

from dearth.case.from_lists import NO_WINDOW
from dearth.case.schema_lists import Lists
from dearth.estimate.lists.dependence_range import SOURCE
from dearth.estimate.lists.list_estimates import ListEstimates
from dearth.numerics.number_words import persons

FAR_OUT = 10  # times the people seen: a range so wide says little


@dataclass(frozen=True)
class NamedLists:
    """One set of lists with its block of ``case.yaml`` and what it says."""

    name: str
    block: Lists
    estimates: ListEstimates
    repeated: int

    @property
    def title(self) -> str:
        """The name readers see."""
        return self.block.title

    @property
    def declared(self) -> str:
        """What is declared of dependence and matching, in words."""
        ratios, false, missed = self.block.odds_ratio, self.block.false_matches, self.block.missed_matches
        return (
            f"odds ratios of {ratios[0]:g} to {ratios[1]:g} between every two lists, "
            f"{_shares(false)} of the matches false and {_shares(missed)} missed"
        )


@dataclass(frozen=True)
class ListsResult:
    """What the lists of a case say; fulfils the contract of `record_estimators.RecordResult`."""

    lists: tuple[NamedLists, ...]
    window_why: str = ""
    key: str = "lists"
    gives_excess: bool = False

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Rows of the JSON document."""
        return [_row(one) for one in self.lists]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences of the answer."""
        return tuple(text for one in self.lists for text in _sentences(one))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Silent assumptions of every set of lists."""
        found = [
            "all lists speak of one place, period and kind of death, and nobody stands on one list twice",
        ]
        for one in self.lists:
            basis = one.block.why or "assumed, because the case gives no reason (why)"
            found.append(f"{one.title}: {one.declared}; {basis}")
        return tuple(found)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know."""
        found = [text for one in self.lists for text in _warnings(one)]
        if self.window_why == NO_WINDOW:
            found.append("The case does not say when the people died: its window is the year in which it was "
                         "made. Write window in case.yaml.")  # fmt: skip
        return tuple(found)


def outward(low: float, high: float) -> str:
    """Write a range with two digits, rounded outwards: a range carries no more."""
    return f"{persons(_rounded(low, floor))} to {persons(_rounded(high, ceil))}"


def _rounded(value: float, how: Callable[[float], int], digits: int = 2) -> float:
    size = 10.0 ** max(0, floor(log10(max(value, 1))) + 1 - digits)
    return how(value / size) * size


def _spoken(value: float) -> str:
    """Write a total with three digits."""
    return persons(_rounded(value, round, 3))


def _shares(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.0%}" if ends[0] == ends[1] else f"{100 * ends[0]:g} to {100 * ends[1]:g} %"


def _sentences(one: NamedLists) -> list[str]:
    made, title = one.estimates, one.title
    seen = f"{title}: {made.table.seen:,.0f} people are on at least one of {len(made.table.lists)} lists."
    found = made.range
    if found.low is None or found.high is None:
        said = [seen, f"{title}: no range of the total is given, because {found.refused}. {found.help}"]
    else:
        said = [seen, f"{title}: from {outward(found.low, found.high)} people in all fit the assumptions "
                f"({one.declared}). The range covers sampling error at {100 * found.level:g} %."]  # fmt: skip
    totals = sorted(made.models, key=lambda model: model.total.median)
    if len(totals) > 1:
        said.append(
            f"{title}: models that choose the dependence themselves or deny it give from "
            f"{_spoken(totals[0].total.median)} ({totals[0].label}) to {_spoken(totals[-1].total.median)} "
            f"({totals[-1].label}). No record tests that choice: it is an assumption."
        )
    return said


def _warnings(one: NamedLists) -> list[str]:
    made, found = one.estimates, []
    if made.range.fragile:
        found.append(f"{one.title}: the declared odds ratios only just fit together, so the range is "
                     "narrow for a poor reason. Look at the range with wider odds ratios too.")  # fmt: skip
    if made.range.high is not None and made.range.high > FAR_OUT * made.table.seen:
        found.append(f"{one.title}: the range reaches more than {FAR_OUT} times the people seen; these lists "
                     "say little about the total.")  # fmt: skip
    if one.repeated:
        found.append(f"{one.title}: {one.repeated:,} records repeat a person on the same list; each person "
                     "is counted once a list.")  # fmt: skip
    low, high = made.range.low, made.range.high
    outside = [m.label for m in made.models if low is not None and high is not None
               and not low <= m.total.median <= high]  # fmt: skip
    if outside:
        found.append(f"{one.title}: outside the range lie {', '.join(outside)}: these models imply "
                     "dependence or errors of matching beyond what is declared.")  # fmt: skip
    return found


def _row(one: NamedLists) -> dict[str, Any]:
    made, found = one.estimates, one.estimates.range
    table = made.table
    return {
        "name": one.name,
        "title": one.title,
        "lists": {name: int(table.size(k)) for k, name in enumerate(table.lists)},
        "seen": int(table.seen),
        "models": [
            {"name": m.name, "label": m.label, "total": m.total.document(), "aic": m.aic,
             "interval": m.interval, "source": m.source, "detail": m.detail}
            for m in made.models
        ],
        "log_linear_models": {"fitted": made.tried, "all": made.exhaustive},
        "range": {"low": found.low, "high": found.high, "level": found.level, "widening": found.widening,
                  "fragile": found.fragile, "source": SOURCE,
                  "set_by": {"low": found.lowest, "high": found.highest},
                  "declared": {"odds_ratio": list(found.declared.odds_ratio),
                               "false_matches": list(found.declared.false_matches),
                               "missed_matches": list(found.declared.missed_matches)}},
        "pairs": [
            {"lists": [pair.first, pair.second], "both": pair.both, "total": _finite(pair.total),
             "low": pair.low, "high": _finite(pair.high)}
            for pair in found.pairs
        ],
        "meanings": [dict(vars(row)) for row in made.meanings],
        "refused": [
            *({"name": "range", "label": "Range", "why": found.refused, "help": found.help}
              for _ in range(bool(found.refused))),
            *({"name": r.name, "label": r.label, "why": r.why, "help": ""} for r in made.refused),
        ],
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return value if value < float("inf") else None
