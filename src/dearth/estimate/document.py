"""The one JSON object of ``estimate``, written from its typed parts: the only place that makes it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from dearth.bibliography.citations import texts
from dearth.case import labels
from dearth.estimate.evidence_used import works_named
from dearth.estimate.identification import Requirement
from dearth.estimate.one_estimate import Estimate
from dearth.estimate.recomputed_estimates import PublishedEstimate, Recomputed
from dearth.estimate.record_estimators import record_sources, rows_by_key
from dearth.estimate.records_available import NamedBalance
from dearth.numerics.interval import LEVEL, interval
from dearth.numerics.package_versions import package_versions
from dearth.reconstruction.posterior_document import to_document as posterior_document

if TYPE_CHECKING:
    from dearth.estimate.estimates import Estimates

SCHEMA = "dearth/estimate/v1"
LABELS_ONLY = ("estimates", "left_out")  # thousands of rows that repeat labels and cite nothing
REQUIREMENT = (
    "toll", "birth_completeness", "births", "births_reading", "deaths", "normal_path", "normal_rate",
    "completeness_normal", "completeness_crisis", "ratio",
)  # fmt: skip
STATED = (
    "key", "author", "year", "window", "method", "baseline", "registration", "counts_unborn",
    "method_published", "quality", "source_id", "work", "seen", "recompute_note", "note",
)  # fmt: skip


def to_document(made: "Estimates") -> dict[str, Any]:
    """Return the document of ``estimate --json``; its keys are described in ``docs/json.md``."""
    default = made.default
    told = {
        **_head(made),
        "answer": list(made.answer),
        "intercensal": [_balance(one) for one in made.records.balances],
        "survey_deaths": plain(made.records.surveys),
        **rows_by_key(made.record_results),
        "unanswered": plain(made.unanswered),
        "assumptions": list(made.assumptions),
        "subtractions": plain(made.subtractions),
        "accounts": plain(made.accounts),
        "estimates": [estimate_row(one) for one in made.estimates],
        "default": None
        if default is None
        else {**estimate_row(default), "by_year_rates": plain(made.default_rates)},
        "left_out": [{"assumption_label": one.choice.label, "why": one.why} for one in made.left_out],
        "surface": {} if made.surface is None else plain(made.surface),
        "identification": [_requirement(one) for one in made.identification.rows],
        "identification_closed_between": made.identification.closed_between,
        "published": [_published(one) for one in made.published],
        "spread": plain(made.spread),
        "rates": plain(made.rival_rates),
        "july_june": [
            {"year": one.year, "series": one.series, "excess_deaths": one.excess_deaths,
             "assumption_label": one.choice.label, "published": one.published}
            for one in made.harvest_years
        ],
        "places": plain(made.places),
        "growth": plain(made.growth),
        "register_sources": plain(made.register_sources),
        "reconstruction": _reconstruction(made),
        "warnings": [*made.warnings, *made.reconstruction_warnings],
        "methods": plain(made.methods),
    }  # fmt: skip
    said = "\n".join(text for key, part in told.items() if key not in LABELS_ONLY for text in texts(part))
    return {
        **told,
        "works": [work.document() for work in works_named(made.case, said, record_sources(made.case))],
    }


def _head(made: "Estimates") -> dict[str, Any]:
    """Return the parts of the document that say what was estimated, from what and how."""
    case = made.case
    return {
        "schema": SCHEMA,
        "case": case.name,
        "title": case.settings.title,
        "place": case.settings.place,
        "summary": case.settings.summary,
        "window": case.settings.window,
        "labels": labels.of(case).document(),
        "seed": made.seed,
        "draws": made.monte_carlo_draws,
        "level": LEVEL,
        "versions": package_versions(),
        "inputs_sha256": case.sha256,
        "evidence_quality": plain(made.evidence_quality),
        "sources": list(case.sources.values()),
        "works": [],  # its place; filled when every text is written
    }


def estimate_row(one: Estimate) -> dict[str, Any]:
    """Return one estimate as it stands in the document."""
    window = one.choice.window
    return {
        **one.choice.identifiers,
        "assumption_label": one.label,
        "in_range": one.in_range,
        "mixed_basis": one.mixed,
        "normal_rate": one.normal_rate,
        "extrapolated": one.extrapolated,
        "excess_deaths": plain(one.excess_deaths),
        "expected_deaths": plain(one.expected_deaths),
        "p_score": plain(interval(one.p_score)),
        "days": None if window.period is None else window.period.days,
        "window_split": one.split,
        "excess_deaths_full": plain(one.full),
        "by_year": plain(one.years),
        "birth_deficit": {"baseline": one.choice.birth_baseline.name, **plain(one.births.figures)},
        "baseline_not_recomputed": plain(one.unrecomputed),
    }


def _requirement(one: Requirement) -> dict[str, Any]:
    births = f"{one.register}, as registered" if one.as_registered else f"rates of {one.register}"
    found = plain(one)
    return {key: births if key == "births_reading" else found[key] for key in REQUIREMENT}


def _balance(named: NamedBalance) -> dict[str, Any]:
    used = {"births_from": named.births_from, "migration_from": named.migration_from}
    return {**plain(named.balance), **used, "normal_from": list(named.normal_from)}


def _published(one: PublishedEstimate) -> dict[str, Any]:
    row, work = one.stated, one.work
    return {
        **{name: row[name] for name in STATED},
        "citation": work.short if work else "",
        "reference": work.reference if work else "",
        "link": work.link if work else "",
        "low": row.low,
        "central": row.central,
        "high": row.high,
        "births_lost": row.births_lost,
        "recomputed": None if one.recomputed is None else _recomputed(one.recomputed),
    }


def _recomputed(made: Recomputed) -> dict[str, Any]:
    return {
        "assumption_label": made.estimate.label,
        "excess_deaths": plain(made.estimate.excess_deaths),
        "baseline_not_recomputed": plain(made.estimate.unrecomputed),
        "span": plain(made.span),
    }


def _reconstruction(made: "Estimates") -> dict[str, Any] | None:
    if made.posterior is None:
        return None
    found, names = posterior_document(made.posterior), labels.of(made.case)
    found["scenarios"] = [
        {"name": one["name"], "label": names.scenario(one["name"]), **one} for one in found["scenarios"]
    ]
    # the old name of the scenarios, kept for one version
    return found | {"readings": found["scenarios"], "answer": list(made.reconstruction_answer)}


def plain(value: object) -> Any:
    """Return a value as JSON has it: dataclasses as objects, tuples and arrays as lists, dates as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.isoformat() if isinstance(value, date) else value
