"""What a posterior says of figures: those it was not given (left out), and those it was (predictive check).

A left-out source is scored by the log density of its figures under a normal approximation of the predictive
distribution: the mean and covariance over draws of what the figures should be, plus the error of each.

References
----------
vehtari2017
"""

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from dearth.numerics.interval import interval
from dearth.reconstruction.age_patterns import AGES, SEXES
from dearth.reconstruction.census_tables import Count
from dearth.reconstruction.expected_records import expected_registration
from dearth.reconstruction.joint_draws import thinned
from dearth.reconstruction.likelihood import Term, terms
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.posterior_tables import PredictedFigure, SourcePrediction
from dearth.reconstruction.problem_data import Data

Floats = NDArray[np.float64]
Terms = Mapping[str, Mapping[str, Term]]  # with leading axes [draw]
AT_ONCE = 16  # draws taken together
WANTED = 1000  # draws of a problem


def predicted_terms(model: Model, mine: Data, theta: Floats) -> Terms:
    """Return the terms of the likelihood at draws of standard unknowns [chain, draw, unknown].

    Every array of a term gains a leading axis [draw]; chains are thinned evenly.
    """
    chains, many = theta.shape[:2]
    chosen = theta.reshape(chains * many, -1)[thinned(chains, many, WANTED).reshape(-1)]

    def at(point: Any) -> Any:
        u = model.named(point, mine)
        h = model.histories(u, mine)
        return terms(model, u, h, expected_registration(model, u, h), mine)

    with jax.enable_x64(True):
        made = jax.jit(lambda points: jax.lax.map(at, points, batch_size=AT_ONCE))(chosen)
    found: Terms = jax.tree.map(lambda part: np.asarray(part, float), made)
    return found


def prediction_of_source(source: str, found: Terms, refused: bool) -> SourcePrediction:
    """Return how well draws made without a source predict its figures."""
    held = list(found[source].values())
    observed = np.concatenate([term.observed[0] for term in held])
    expected = np.concatenate([term.expected for term in held], axis=-1)
    errors = np.concatenate([term.sd for term in held], axis=-1)
    there = np.isfinite(observed)
    if refused:
        return SourcePrediction(source, None, int(there.sum()))
    mean = expected[:, there].mean(0)
    spread = np.atleast_2d(np.cov(expected[:, there].T)) + np.diag((errors[:, there] ** 2).mean(0))
    return SourcePrediction(
        source, float(multivariate_normal.logpdf(observed[there], mean, spread)), int(there.sum())
    )


def predictive_check(model: Model, found: Terms, seed: int) -> list[PredictedFigure]:
    """Return every figure with normal errors beside what the posterior says new records would show."""
    rng, rows = np.random.default_rng(seed), []
    for source, held in found.items():
        for name, term in held.items():
            if name == "placebo":
                continue
            shares = name.startswith("census") and model.layout.censuses[_position(name)].shares
            drawn = term.expected + term.sd * rng.standard_normal(term.expected.shape)
            values = (drawn, term.observed[0]) if shares else (np.exp(drawn), np.exp(term.observed[0]))
            rows += _rows(model, source, name, *values)
    return rows


def _rows(model: Model, source: str, name: str, drawn: Floats, observed: Floats) -> list[PredictedFigure]:
    found = []
    for i in np.flatnonzero(np.isfinite(observed)):
        band = interval(drawn[:, i])
        low, high = band.ends
        what, year, first, last = _figure(model, name, int(i))
        inside = bool(low <= observed[i] <= high)
        found.append(PredictedFigure(source, what, year, first, last, float(observed[i]), band, inside))
    return found


def _figure(model: Model, name: str, at: int) -> tuple[str, float, int | None, int | None]:
    """Return a figure in words, its year, and the years of birth of a census group."""
    if not name.startswith("census"):
        year = model.layout.years[at]
        return f"{WORDS[name]} of {year}", float(year), None, None
    census = model.layout.censuses[_position(name)]
    return _group(census, at)


def _group(census: Count, at: int) -> tuple[str, float, int, int]:
    group = census.groups[at]
    ages = np.flatnonzero(group.any(0))
    low, high = int(ages[0]), int(ages[-1])
    sexes = [sex for sex, held in zip(SEXES, group.any(1), strict=True) if held]
    who = sexes[0] if len(sexes) == 1 else "both sexes"
    said = str(low) if low == high else f"{low}+" if high == AGES - 1 else f"{low}-{high}"
    date = census.spec.date
    first = int(np.floor(date)) - (high if high < AGES - 1 else AGES)
    return f"{who} {said}, {census.spec.series} of {date:g}", date, first, int(np.floor(date)) - low


def _position(name: str) -> int:
    return int(name.split()[1])


WORDS = {"deaths": "registered deaths", "births": "registered births", "stocks": "registered people",
         "midyear": "registered people in mid-year", "total_fertility": "children per woman"}  # fmt: skip
