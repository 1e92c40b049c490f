"""The JSON object of ``dearth fit``, written from a typed fit: the only place that makes it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.explain.fit import Fit
from dearth.explain.predictive import Prediction
from dearth.numerics.interval import interval
from dearth.numerics.package_versions import package_versions
from dearth.numerics.random_streams import stream

Floats = NDArray[np.float64]
SCHEMA = "dearth/fit/v1"
PRIOR_DRAWS = 2000


def to_document(
    case: str, found: Fit, targets: Sequence[Prediction], heldout: Sequence[Prediction], seed: int
) -> dict[str, Any]:
    """Return the document of ``fit --json``; `targets` and `heldout` are empty for a refused fit."""
    return {
        "schema": SCHEMA,
        "case": case,
        "scenario": found.registration,
        "versions": package_versions(),
        "refused": list(found.refused),
        "diagnostics": {
            **asdict(found.diagnostics),
            "chains": found.chains.z.shape[0],
            "accepted": found.chains.accepted,
            "halves_apart": found.agreement,
            "modes": list(found.modes),
            "powers": list(found.chains.powers),
            "exchanges": list(found.chains.exchanges),
        },
        "parameters": _parameters(found, seed) if found.fitted else [],
        "left_out": [asdict(one) for one in found.left_out],
        "targets": [prediction_row(one) for one in targets],
        "heldout": [prediction_row(one) for one in heldout],
        "misfit": list(found.misfit),
    }


def _parameters(found: Fit, seed: int) -> list[dict[str, Any]]:
    """Return prior and posterior of every unknown that is kept, in its own unit."""
    space = found.problem.space
    prior = space.own_values(stream(seed, "prior of the fit").standard_normal((PRIOR_DRAWS, space.size)))
    after = space.own_values(found.chains.z.reshape(-1, space.size))
    return [
        {
            "name": one.name,
            "kind": one.kind,
            "influence": float(found.influence[at]),
            "prior": interval(prior[:, at]).document(),
            "posterior": interval(after[:, at]).document(),
        }
        for at, one in enumerate(space.unknowns)
    ]


def prediction_of(row: Mapping[str, Any]) -> Prediction:
    """Return the series that `prediction_row` wrote."""
    figures = row["figures"]
    columns = (np.array([one[key] for one in figures], float) for key in ("record", "median", "low", "high"))
    return Prediction(
        row["series"], row["unit"], row["coverage90"], row["rmse"],
        tuple(one["label"] for one in figures), *columns,
    )  # fmt: skip


def prediction_row(one: Prediction) -> dict[str, Any]:
    """Return one series beside its predictions as it stands in JSON."""
    return {
        "series": one.series,
        "unit": one.unit,
        "coverage90": one.coverage90,
        "rmse": one.rmse,
        "figures": [
            {"label": label, "record": record, "median": median, "low": low, "high": high}
            for label, record, median, low, high in zip(
                one.labels, *(np.asarray(x).tolist() for x in (one.records, one.medians, one.low, one.high)),
                strict=True,
            )
        ],
    }  # fmt: skip
