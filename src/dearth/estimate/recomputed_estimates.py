"""Published estimates beside our own: recomputed wherever the case holds what they were made of."""

from dataclasses import replace
from itertools import product
from typing import Any

from dearth.bibliography.works import Work
from dearth.case.problems import CaseError
from dearth.case.published import Published
from dearth.case.read import Case
from dearth.estimate.choices import Asked, choices, default_choice, register_method
from dearth.estimate.mixed_basis import mixed_basis
from dearth.estimate.multiverse import Engine, Estimate
from dearth.numerics.interval import interval

_FIELDS = (
    "key", "author", "year", "window", "method", "baseline", "registration", "counts_unborn",
    "method_published", "quality", "source_id", "work", "seen", "recompute_note", "note",
)  # fmt: skip


def recompute(engine: Engine, row: Published) -> Estimate | None:
    """Return the estimate by the row's own recipe, or None where it has none.

    Raises
    ------
    CaseError
        When the recipe cannot be followed; names the line of ``published.csv``.
    """
    if not row["recompute_register"]:
        return None
    asked = Asked(
        method=register_method(engine.case, row["recompute_register"]),
        series=row["recompute_register"],
        baseline=row["recompute_baseline"],
        completeness=row["recompute_completeness"] or "1",
        window=row["recompute_window"] or row["window"],
        transfer=row["recompute_transfer"] or None,
    )
    return engine.estimate(next(choices(engine.case, asked)))


def published(case: Case, engine: Engine) -> tuple[list[dict[str, Any]], list[str]]:
    """Return every published estimate with its recomputation, and what could not be followed."""
    rows, warnings = [], []
    for row in case.published:
        made = span = None
        try:
            made = recompute(engine, row)
            span = None if made is None else _span(engine, row)
        except CaseError as error:
            warnings.append(f"published.csv:{row.line}: {row['key']}: {error.problems[0].message}")
        rows.append(
            {
                **{name: row[name] for name in _FIELDS},
                **_cited(case.works.get(row["work"])),
                "low": row.low,
                "central": row.central,
                "high": row.high,
                "births_lost": row.births_lost,
                "recomputed": None if made is None else {**_short(made.document()), "span": span},
            }
        )
    return rows, warnings


def _span(engine: Engine, row: Published) -> dict[str, Any] | None:
    """Return the lowest and highest recomputed figure over what no source states, or None where all is known.

    Excess deaths move one way with the amount of a transfer and with the share of it registered as deaths, so
    the ends of the span lie at the ends of what is unknown.
    """
    name = row["recompute_transfer"]
    if not name:
        return None
    declared = engine.case.settings.transfers[name]
    if not declared.unknown:
        return None
    figures = []
    for ends in product(*declared.unknown.values()):
        given = declared.model_copy(update=dict(zip(declared.unknown, ends, strict=True)))
        transfers = {**engine.case.settings.transfers, name: given}
        settings = engine.case.settings.model_copy(update={"transfers": transfers})
        made = recompute(Engine(replace(engine.case, settings=settings), engine.draws, engine.seed), row)
        assert made is not None
        figures.append(interval(made.total).median)
    over = {key: list(ends) for key, ends in declared.unknown.items()}
    return {"low": min(figures), "high": max(figures), "over": over}


def _cited(work: Work | None) -> dict[str, str]:
    """Return how a table cites the work that states a figure; empty texts where none is named."""
    return {
        "citation": work.short if work else "",
        "reference": work.reference if work else "",
        "link": work.link if work else "",
    }


def _short(document: dict[str, Any]) -> dict[str, Any]:
    wanted = ("assumption_label", "excess_deaths", "baseline_not_recomputed")
    return {name: document[name] for name in wanted}


def spread(case: Case, engine: Engine) -> dict[str, Any]:
    """Say how much of the published spread the choice of normal years alone spans.

    The case's default register, completeness and window under each of its baselines (births
    unadjusted), against the lowest and highest published figure that is not recalled.
    """
    d = case.settings.default_scenario
    asked = Asked(default_choice(case).method, d.register_name, None, d.completeness, case.settings.window)
    totals = [
        interval(engine.estimate(choice).total).median
        for choice in choices(case, asked)
        if not choice.adjusted and not mixed_basis(choice, case) and not engine.refusal(choice)
    ]
    spans = [p.span for p in case.published if p["quality"] != "recalled"]
    none = {"low": None, "high": None}
    found: dict[str, Any] = {"baselines": none, "published": none, "share_explained": None,
                             "note": "length of the overlap over the published range; "
                             f"{d.register_name}, completeness {d.completeness}, "
                             f"window {case.settings.window}"}  # fmt: skip
    if totals:
        found["baselines"] = {"low": min(totals), "high": max(totals)}
    if spans:
        low, high = min(s[0] for s in spans), max(s[1] for s in spans)
        found["published"] = {"low": low, "high": high}
        if totals and high > low:
            overlap = min(high, max(totals)) - max(low, min(totals))
            found["share_explained"] = max(0.0, overlap) / (high - low)
    return found
