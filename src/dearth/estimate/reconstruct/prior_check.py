"""Do the records lie where the prior allows? Figures drawn from the prior, beside those held."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.estimate.reconstruct.inputs import Inputs
from dearth.estimate.reconstruct.model import Model
from dearth.estimate.reconstruct.records import booked, counted, people_on

Floats = NDArray[np.float64]
Predicted = dict[str, Floats]  # by what is held: [reading, draw, figure]
DRAWS = 400
INSIDE = (0.005, 0.995)
TOLD = {"deaths": "registered deaths", "births": "registered births", "stocks": "registered people",
        "midyear": "registered people of mid-year", "total_fertility": "total fertility"}  # fmt: skip


def prior_predictive(model: Model, data: Any, seed: int, draws: int = DRAWS) -> Predicted:
    """Return what the records would show of draws from the prior, before noise."""
    given = model.given

    def drawn(theta: Any, reading: Any) -> Any:
        u = model.named(theta, reading)
        h = model.histories(u, reading)
        books = booked(model, u, h)
        found = {name: books[name] for name in ("deaths", "births", "stocks", "midyear")}
        found["total_fertility"] = h["fertility"]
        if given.censuses:
            wear = model.wear(h["normal"], u)
            found["censuses"] = jnp.stack([
                _counts(model, u, at, people_on(model, census.spec.date, h["stocks"], wear))
                for at, census in enumerate(given.censuses)
            ])  # fmt: skip
        return found

    theta = jax.random.normal(jax.random.key(seed), (draws, model.unknowns.size))
    found = jax.jit(jax.vmap(jax.vmap(drawn, (0, None)), (None, 0)))(theta, data)
    return {name: np.asarray(values) for name, values in found.items()}


def _counts(model: Model, u: Any, at: int, people: Any) -> Any:
    """Return the people a census entry counts, or of shares the share of its first group."""
    found = counted(model, u, at, people)
    return found[0] / people.sum() if model.given.censuses[at].shares else found.sum()


def outside(given: Inputs, predicted: Predicted, at: int) -> list[str]:
    """Return a warning for every figure held that lies outside the middle 99 % of the prior's own."""
    told = []
    for name, drawn in predicted.items():
        low, high = np.nanquantile(drawn[at], INSIDE, axis=0)
        for i, (what, value) in enumerate(_held(given, name)):
            if np.isfinite(value) and not low[i] <= value <= high[i]:
                told.append(f"{what} ({_said(value)}) lie outside the prior's 99 % ({_said(low[i])} to "
                            f"{_said(high[i])})")  # fmt: skip
    return told


def _held(given: Inputs, name: str) -> list[tuple[str, float]]:
    if name != "censuses":
        figures = getattr(given.records, name).tolist()
        return [(f"{TOLD[name]} of {year}", v) for year, v in zip(given.years, figures, strict=True)]
    found = []
    for census in given.censuses:
        spec = census.spec
        ages = f"{spec.ages_from}-{spec.ages_to}" if spec.ages_to < 120 else f"{spec.ages_from}+"
        what = "share of the first group" if census.shares else f"people of {ages}"
        value = float(census.observed[0] if census.shares else census.observed.sum())
        found.append((f"{what} counted in {spec.series} of {spec.date:g}", value))
    return found


def _said(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
