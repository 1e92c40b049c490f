"""The JSON object of ``dearth explain``, written from a typed explanation: the only place that makes it."""

from typing import Any

from dearth.explain.explain import Explanation
from dearth.explain.fit_document import to_document as fit_document
from dearth.explain.shares import CauseShare
from dearth.numerics.package_versions import package_versions

SCHEMA = "dearth/explain/v1"


def to_document(made: Explanation, seed: int) -> dict[str, Any]:
    """Return the document of ``explain --json``."""
    found = made.shares
    fitted = fit_document(made.case, made.fit, [], [], seed)
    return {
        "schema": SCHEMA,
        "case": made.case,
        "scenario": made.fit.registration,
        "versions": package_versions(),
        "outcome": found.outcome,
        "unit": found.unit,
        "window": list(found.window),
        "reference": "normal",
        "draws": found.draws,
        "combinations": found.combinations,
        "total": found.total.document(),
        "all_causes": found.everything.document(),
        "no_causes": found.nothing.document(),
        "residual": None if made.residual is None else made.residual.document(),
        "shares": [_share(one) for one in found.causes],
        "interactions": {
            "causes": [one.cause for one in found.causes],
            "index": found.interactions.tolist(),
        },
        "by_place": {
            one.cause: dict(zip(found.areas, found.by_place[at].tolist(), strict=True))
            for at, one in enumerate(found.causes)
        },
        "counterfactuals": [
            {
                "name": one.name,
                "summary": one.summary,
                "averted_share": one.averted_share.document(),
                "averted": one.averted.document(),
                "by_year": {year: value.document() for year, value in one.by_year.items()},
                "by_place": one.by_area,
            }
            for one in made.counterfactuals
        ],
        "information": [
            {"kind": one.kind, "amount": one.amount, "priority": one.priority,
             "averted": one.averted.document()}
            for one in made.information
        ],
        "fit": {key: fitted[key] for key in ("diagnostics", "misfit")},
        "notes": list(made.notes),
    }  # fmt: skip


def _share(one: CauseShare) -> dict[str, Any]:
    return {
        "cause": one.cause,
        "label": one.label,
        "share": one.share.document(),
        "prior_share": one.prior_share.document(),
        "persons": one.amount.document(),
        "first": one.first.document(),
        "last": one.last.document(),
        "assumption": one.assumption,
    }
