"""The JSON object of ``dearth explain``, written from a typed explanation and read back."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dearth.explain.counterfactuals import Counterfactual, Information
from dearth.explain.explain import Explanation
from dearth.explain.fit import Fit
from dearth.explain.fit_document import prediction_of
from dearth.explain.fit_document import to_document as fit_document
from dearth.explain.shares import CauseShare, Shares
from dearth.numerics.interval import Interval
from dearth.numerics.package_versions import package_versions

SCHEMA = "dearth/explain/v1"


def to_document(made: Explanation, seed: int) -> dict[str, Any]:
    """Return the document of ``explain --json``."""
    found = made.shares
    fitted = fit_document(made.case, made.fit, made.targets, made.heldout, seed)
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
        "fit": {key: fitted[key] for key in ("diagnostics", "misfit", "targets", "heldout")},
        "notes": list(made.remarks),
    }  # fmt: skip


def from_document(document: Mapping[str, Any], fit: Fit) -> Explanation:
    """Return the explanation that `to_document` wrote, of this fit."""
    residual = document["residual"]
    return Explanation(
        document["case"], fit, _shares_of(document), None if residual is None else Interval(**residual),
        tuple(_counterfactual_of(row) for row in document["counterfactuals"]),
        tuple(
            Information(row["kind"], row["amount"], row["priority"], Interval(**row["averted"]))
            for row in document["information"]
        ),
        tuple(prediction_of(row) for row in document["fit"]["targets"]),
        tuple(prediction_of(row) for row in document["fit"]["heldout"]),
    )  # fmt: skip


def _shares_of(document: Mapping[str, Any]) -> Shares:
    causes = tuple(_cause_of(row) for row in document["shares"])
    places = [document["by_place"][one.cause] for one in causes]
    total, everything, nothing = (Interval(**document[key]) for key in ("total", "all_causes", "no_causes"))
    return Shares(
        document["outcome"], document["unit"], tuple(document["window"]), total, everything, nothing,
        causes, np.array(document["interactions"]["index"], float), tuple(places[0]),
        np.array([list(row.values()) for row in places], float),
        document["draws"], document["combinations"],
    )  # fmt: skip


def _cause_of(row: Mapping[str, Any]) -> CauseShare:
    share, before, amount, first, last = (
        Interval(**row[key]) for key in ("share", "prior_share", "persons", "first", "last")
    )
    return CauseShare(row["cause"], row["label"], share, before, amount, first, last, row["assumption"])


def _counterfactual_of(row: Mapping[str, Any]) -> Counterfactual:
    return Counterfactual(
        row["name"], row["summary"], Interval(**row["averted"]), Interval(**row["averted_share"]),
        {year: Interval(**value) for year, value in row["by_year"].items()}, row["by_place"],
    )  # fmt: skip


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
